"""Runs a SQL script on PostgreSQL, as `prisma db execute` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prisma.drivers.postgresql.sql_checks import check_sendable
from prisma.drivers.postgresql.url import parse_url
from prisma.engine.error_codes import describe
from prisma.errors import data_error
from prisma.faults import DriverFault
from prisma.migrate.faults import translated
from prisma.migrate.postgresql.session import connected

if TYPE_CHECKING:
    from prisma.errors import DataError

# Classes of SQLSTATEs about values: data exceptions and violated constraints. Their details quote rows.
_ABOUT_VALUES = ("22", "23")


async def run_script(script: str, url: str) -> None:
    """Send a script to the database behind `url` as one simple query, and discard the rows that it gives.

    PostgreSQL runs the statements in one transaction unless the script has transaction statements of its own. A task
    that is cancelled meanwhile cancels the script on the server.

    Raises:
        RawQueryError: P2010, the database refused the script; the message has the SQLSTATE and the place in the script.
        DataError: the database can't be reached, refuses the login, or ends the session.
    """
    with translated(connecting=True):
        options = parse_url(url)
    async with connected(options) as connection:
        try:
            check_sendable(script)
            await connection.command(script)
        except DriverFault as fault:
            raise _refusal(fault, script) from fault


def _refusal(fault: DriverFault, script: str) -> DataError:
    described = describe(fault.kind, fault.fields, raw=True)
    # The facts that are no fields of a fault, because operations of the client have no use for them.
    position: str | None = getattr(fault.__cause__, "position", None)
    context: str | None = getattr(fault.__cause__, "context", None)
    lines = [described.message]
    if not str(fault.fields.get("sqlstate")).startswith(_ABOUT_VALUES):
        lines += [f"{name.upper()}: {fault.fields[name]}" for name in ("detail", "hint") if fault.fields.get(name)]
    # The innermost place, if it is a line of a function. Other places quote SQL or values.
    if context and '"' not in (innermost := context.partition("\n")[0]):
        lines.append(f"WHERE: {innermost}")
    if position:
        lines.append(f"POSITION: {_place(script, int(position))}")
    return data_error(described.code, "\n".join(lines), described.meta)


def _place(script: str, position: int) -> str:
    """Return the line and the column of a character, whose number starts at 1."""
    before = script[: position - 1]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
