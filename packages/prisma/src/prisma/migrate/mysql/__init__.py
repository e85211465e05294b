"""Migrations of MySQL and MariaDB."""

from prisma.migrate.mysql.database import MysqlDatabase

__all__ = ["MysqlDatabase"]
