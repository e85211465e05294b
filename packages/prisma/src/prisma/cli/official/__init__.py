"""Prisma's official CLI, which some commands run under Node.js."""
