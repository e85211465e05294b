"""Prisma Studio without Node.js: a server on this machine that gives the page and answers its questions.

The page is in the distribution `prisma-studio`. It makes all SQL itself; this package runs it, within the rules of the
database URL. `answers` is what the page asks for, `server` is HTTP, `access` says who may ask.
"""
