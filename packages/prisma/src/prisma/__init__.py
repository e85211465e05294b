"""Prisma Client for Python."""
