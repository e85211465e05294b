"""`prisma generate`: from a schema to the files of a typed client."""
