"""What commands need of a kind of database, and their refusal of one that lacks it."""

from __future__ import annotations

import asyncio
from typing import Final

from prisma.cli.project.errors import CommandError
from prisma.migrate.kinds import KINDS, DatabaseKind

_NPM: Final = (
    "Write migrations by hand, or with Prisma's own command on Node.js (`npx prisma migrate dev`), which also reads "
    "databases (`npx prisma db pull`). Apply them with `prisma migrate deploy`."
)


def check_engine(kind: DatabaseKind) -> None:
    """Raise CommandError if Prisma's schema engine, which a command needs, does not work on this kind of database."""
    if not kind.has_engine:
        raise CommandError(
            f"Prisma's schema engine has no WebAssembly connector for {kind.product}, "
            "so this command can't work on it.",
            _NPM,
        )


def check_server(kind: DatabaseKind, url: str) -> None:
    """Raise CommandError if a server is of another kind with such URLs: the schema engine would break off on it.

    Raises:
        DataError: the server can't be reached, or refuses the login.
    """
    if kind.version_word is None:
        return
    # Imported when asked for: a program uses one database.
    from prisma.migrate.postgresql.session import version_word

    found = asyncio.run(version_word(url))
    if found not in (None, kind.version_word):
        raise CommandError(
            f"The schema is for {kind.product}, and the server says that it is {found}.",
            "Change the `provider` of the datasource, or its URL.",
        )


def check_studio(kind: DatabaseKind) -> None:
    """Raise CommandError if Studio can't show this kind of database."""
    if not kind.has_studio:
        shown = " and ".join(each.product for each in KINDS if each.has_studio)
        raise CommandError(
            f"Studio shows databases of {shown}, and not of {kind.product}.",
            "Use Prisma's own Studio on Node.js (`npx prisma studio`), or a client of the database.",
        )
