"""Makes the database of a test run, with the tables of the project's schema."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from prisma.cli.project.migrations import MIGRATIONS, datasource_file
from prisma.drivers.postgresql.settings import quote_identifier
from prisma.migrate import create_database, deploy
from prisma.migrate.database import FILE_PROVIDERS, SERVER_PROVIDERS
from prisma.migrate.kinds import database_at
from prisma.schema.files import read_schema
from prisma.schema.urls import DEFAULT_DIRECT_URL, DEFAULT_URL, datasource_urls, provider_in

if TYPE_CHECKING:
    from collections.abc import Generator

    from prisma.schema.files import SchemaFiles


@dataclass(frozen=True, slots=True)
class Project:
    """What tests need to know of a schema.

    Attributes:
        schema: its files.
        migrations: the folder of its migrations; it need not exist.
        is_file: whether its database is a file.
        is_on_postgresql: whether its database is one of PostgreSQL.
        url_variable: the environment variable that has the URL of its database.
        direct_url_variable: the one that has the URL which migrations use.
    """

    schema: SchemaFiles
    migrations: Path
    is_file: bool
    is_on_postgresql: bool
    url_variable: str
    direct_url_variable: str

    @property
    def server_url(self) -> str | None:
        """The URL in the environment, preferably the one without a pooler."""
        return os.environ.get(self.direct_url_variable) or os.environ.get(self.url_variable) or None


def read_project(root: Path, schema: Path | None = None) -> Project:
    """Read the schema below `root`.

    Raises:
        GeneratorError: there is none.
    """
    found = read_schema(schema, root)
    urls, provider = datasource_urls(found.files), provider_in(found.files)
    return Project(
        schema=found,
        migrations=datasource_file(found).parent / MIGRATIONS,
        is_file=provider in FILE_PROVIDERS,
        is_on_postgresql=provider in SERVER_PROVIDERS,
        url_variable=(urls.url and urls.url.env) or str(DEFAULT_URL.env),
        direct_url_variable=(urls.direct_url and urls.direct_url.env) or str(DEFAULT_DIRECT_URL.env),
    )


@contextmanager
def server_database(project: Project, server_url: str, name: str) -> Generator[str]:
    """Make a database on a server, with the project's tables, yield its URL, and drop it.

    Raises:
        DataError, MigrateError, SchemaEngineError: why that was not possible.
    """
    url = urlsplit(server_url)._replace(path=f"/{quote(name)}").geturl()
    asyncio.run(create_database(url))
    try:
        make_tables(project, url)
        yield url
    finally:
        drop = f"DROP DATABASE IF EXISTS {quote_identifier(name)} WITH (FORCE)"
        asyncio.run(database_at(server_url).run_script(drop))


@contextmanager
def file_database(project: Project, path: Path) -> Generator[str]:
    """Make a database in a file, with the project's tables, and yield its URL.

    Raises:
        DataError, MigrateError, SchemaEngineError: why that was not possible.
    """
    url = f"file:{path}"
    asyncio.run(create_database(url))
    make_tables(project, url)
    yield url


def make_tables(project: Project, url: str) -> None:
    """Apply the project's migrations to an empty database, or without migrations make it like the schema."""
    if project.migrations.is_dir():
        asyncio.run(deploy(project.migrations, url))
        return
    with database_at(url).engine(project.schema.files, lock=False) as engine:
        engine.schema_push(project.schema.files, force=True)


@contextmanager
def in_environment(project: Project, url: str) -> Generator[None]:
    """Let clients and commands that read the environment find this database, and no other."""
    names = (project.url_variable, project.direct_url_variable)
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, url))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
