"""Applies migrations without Prisma's command line, with the same files, history table and errors."""

from prisma.migrate.deploy import Deployment, deploy
from prisma.migrate.errors import MigrateError
from prisma.migrate.kinds import create_database
from prisma.migrate.resolve import mark_applied, mark_rolled_back
from prisma.migrate.status import Status, status

__all__ = [
    "Deployment",
    "MigrateError",
    "Status",
    "create_database",
    "deploy",
    "mark_applied",
    "mark_rolled_back",
    "status",
]
