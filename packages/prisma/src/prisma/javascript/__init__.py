"""The part of a JavaScript host, in Python, for the modules of Prisma that wasm-bindgen made for such a host."""
