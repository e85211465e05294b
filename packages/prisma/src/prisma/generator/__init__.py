"""`prisma generate`: from a schema to the files of a typed client."""

from prisma.generator.pipeline import DEFAULT_OUTPUT, Result, generate
from prisma.generator.source import find_schema

__all__ = ["DEFAULT_OUTPUT", "Result", "find_schema", "generate"]
