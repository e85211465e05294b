"""The `prisma` command."""
