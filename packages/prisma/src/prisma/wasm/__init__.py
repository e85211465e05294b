"""Compiles Prisma's WebAssembly modules and caches them on disk and in the process."""
