"""Hosts for Prisma's WebAssembly modules: the query compiler and the schema parser."""
