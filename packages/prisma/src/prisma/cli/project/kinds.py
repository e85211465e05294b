"""The kinds of databases that commands know, by the word of a schema and by URL, and what works on each."""

from __future__ import annotations

from typing import Final

from prisma.cli.project.errors import CommandError
from prisma.drivers.mysql.url import EXAMPLE as MYSQL_EXAMPLE
from prisma.drivers.sqlite.file_url import EXAMPLE as FILE_EXAMPLE
from prisma.frozen import Frozen
from prisma.migrate.database import FILE_PROVIDERS, MYSQL_PROVIDERS, SERVER_PROVIDERS

EXAMPLE: Final = "postgresql://user:password@localhost:5432/database"
_NPM: Final = (
    "Write migrations by hand, or with Prisma's own command on Node.js (`npx prisma migrate dev`), which also reads "
    "databases (`npx prisma db pull`). Apply them with `prisma migrate deploy`."
)


class DatabaseKind(Frozen):
    """A kind of database.

    Attributes:
        product: its name in messages.
        providers: its words in schemas; the first is the one that is written.
        protocols: how its URLs begin; the first is the one that is recommended.
        example: the form of its URLs.
        has_engine: whether Prisma's schema engine, in WebAssembly, has a connector for it.
        has_studio: whether Studio can show it.
    """

    product: str
    providers: tuple[str, ...]
    protocols: tuple[str, ...]
    example: str
    has_engine: bool = True
    has_studio: bool = True


KINDS: Final = (
    DatabaseKind("PostgreSQL", SERVER_PROVIDERS, ("postgresql://", "postgres://"), EXAMPLE),
    DatabaseKind("SQLite", FILE_PROVIDERS, ("file:", "sqlite:"), FILE_EXAMPLE),
    DatabaseKind("MySQL", MYSQL_PROVIDERS, ("mysql://",), MYSQL_EXAMPLE, has_engine=False, has_studio=False),
)
DEFAULT: Final = KINDS[0]
"""What a schema is for whose provider can't be read: the schema's own check says what is wrong with it."""


def kind_of_provider(word: str | None) -> DatabaseKind:
    """Return the kind of database that the word of a schema names."""
    return next((kind for kind in KINDS if word in kind.providers), DEFAULT)


def kind_of_url(url: str) -> DatabaseKind | None:
    """Return the kind of database that a URL is for, None if no kind has such URLs."""
    return next((kind for kind in KINDS if url.lstrip().startswith(kind.protocols)), None)


def check_engine(kind: DatabaseKind) -> None:
    """Raise CommandError if Prisma's schema engine, which a command needs, does not work on this kind of database."""
    if not kind.has_engine:
        raise CommandError(
            f"Prisma's schema engine has no WebAssembly connector for {kind.product}, "
            "so this command can't work on it.",
            _NPM,
        )


def check_studio(kind: DatabaseKind) -> None:
    """Raise CommandError if Studio can't show this kind of database."""
    if not kind.has_studio:
        shown = " and ".join(each.product for each in KINDS if each.has_studio)
        raise CommandError(
            f"Studio shows databases of {shown}, and not of {kind.product}.",
            "Use Prisma's own Studio on Node.js (`npx prisma studio`), or a client of the database.",
        )
