"""Applying migrations without Prisma's command line: the same files, the same history table, the same refusals."""

from prisma.migrate.deploy import Deployment, deploy
from prisma.migrate.errors import MigrateError

__all__ = ["Deployment", "MigrateError", "deploy"]
