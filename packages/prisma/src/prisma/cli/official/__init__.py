"""Runs Prisma's official CLI under Node.js, for the commands that we do not have ourselves."""
