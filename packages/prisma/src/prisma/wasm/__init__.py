"""WebAssembly: the modules of Prisma, compiled and cached for the process."""
