"""Where a database is, in the words of messages.

Programs read what the commands print, so the words are those of Prisma's own CLI.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from prisma.drivers.mysql.url import parse_mysql_url
from prisma.drivers.sqlite.file_url import parse_file_url
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence


class Place(Frozen):
    """A database.

    Attributes:
        product: what it runs on.
        database: its name.
        address: where its server is, or the URL of its file.
        schemas: the database's schemas that the datasource names; none if it leaves them to the URL.
        url_schema: the one that the URL names; None where databases have none.
    """

    product: str
    database: str
    address: str
    schemas: tuple[str, ...] = ()
    url_schema: str | None = None

    def __str__(self) -> str:
        return f'{self._name}{self._schemas(", ")} at "{self.address}"'

    @property
    def created(self) -> str:
        """Say that the database was made."""
        return f"{self.product} database {self.database} created at {self.address}"

    @property
    def was_reset(self) -> str:
        """Say that the database was emptied."""
        verb = "were" if len(self.schemas) > 1 else "was"
        return f'The {self._name}{self._schemas(" ")} at "{self.address}" {verb} successfully reset.'

    @property
    def must_be_reset(self) -> str:
        """Say that the database has to be emptied."""
        if self.url_schema is None:
            what = f"the {self._name}"
        elif self.schemas:
            what = f'the following schemas: "{", ".join(self.schemas)}"'
        else:
            what = f'the "{self.url_schema}" schema'
        return f'We need to reset {what} at "{self.address}"'

    @property
    def _name(self) -> str:
        return f'{self.product} database "{self.database}"'

    def _schemas(self, separator: str) -> str:
        if self.url_schema is None:
            return ""
        names = self.schemas or (self.url_schema,)
        # In its first line, the CLI uses the plural for a single one, too, if the datasource names it.
        is_plural = len(names) > 1 or (bool(self.schemas) and separator == ", ")
        return f'{separator}schema{"s" if is_plural else ""} "{", ".join(names)}"'


def server_place(url: str, shown_url: str, schemas: Sequence[str], product: str = "PostgreSQL") -> Place:
    """Return the place of a URL of PostgreSQL; DriverFault if the URL is not valid."""
    # Imported when asked for: a program uses one database.
    from prisma.drivers.postgresql.url import parse_url

    options = parse_url(url)
    local = options.socket_folder
    address = f"unix:{local}" if local and not options.others else options.place
    return Place(product, options.database, address, tuple(schemas), options.schema)


def cockroach_place(url: str, shown_url: str, schemas: Sequence[str]) -> Place:
    """Return the place of a URL of CockroachDB, which is one of PostgreSQL; DriverFault if the URL is not valid."""
    return server_place(url, shown_url, schemas, "CockroachDB")


def file_place(url: str, shown_url: str, schemas: Sequence[str]) -> Place:
    """Return the place of a URL of SQLite; DriverFault if the URL is not valid."""
    return Place("SQLite", Path(parse_file_url(url, Path.cwd()).path).name, shown_url)


def mysql_place(url: str, shown_url: str, schemas: Sequence[str]) -> Place:
    """Return the place of a URL of MySQL; DriverFault if the URL is not valid."""
    found = parse_mysql_url(url)
    return Place("MySQL", found.schema, found.place)
