"""Reads schemas: as text, with Prisma's own parser, and as the models that the generator and the client work with."""
