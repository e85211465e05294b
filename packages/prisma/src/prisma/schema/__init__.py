"""Schemas: `schema.prisma` as text, as Prisma's parser reads it, and as models for this package."""
