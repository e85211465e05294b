"""The errors that end the service or a script, with the fix for the operator."""

from __future__ import annotations

from prisma.errors import DataError, PrismaError, TableNotFoundError


class FatalError(Exception):
    """An error that only the operator can repair.

    Attributes:
        message: the problem, without passwords.
        fix: the advice; None if the message contains it.
    """

    def __init__(self, message: str, fix: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def render(self) -> str:
        """Return the text for a terminal."""
        return f"Error: {self.message}" + (f"\nFix:   {self.fix}" if self.fix else "")


_FIXES = {
    "P1000": "Correct the user and the password in {variable}.",
    "P1001": "Start the server, or correct the host and the port in {variable}.",
    "P1002": "Look whether the server is overloaded, then try again.",
    "P1003": "Create the database, or correct its name in {variable}.",
    "P1008": "Look whether the server is overloaded or a firewall drops the connection, then try again.",
    "P1010": (
        "Grant the user access to the database, or name another user in {variable}. "
        "A server that takes encrypted connections only needs sslmode=require there."
    ),
    "P1011": "Correct sslmode and the certificates in {variable}.",
    "P1013": "Write it as {variable}=postgresql://USER:PASSWORD@HOST:5432/DATABASE",
    "P1017": "Look into the server's log, then try again.",
    "P3005": "If its tables are those of the first migration, record it: python -m app.baseline",
    "P3009": "Repair the database, then: prisma migrate resolve --applied NAME (or --rolled-back NAME)",
    "P3015": "Restore the file, or delete its folder.",
    "P3018": "Repair the migration and the database, then: prisma migrate resolve --rolled-back NAME",
    "P3019": "Use migrations that were written for PostgreSQL.",
    "P2037": "Lower DATABASE_POOL_SIZE, or allow the server more connections.",
}


def fatal_from(error: PrismaError, variable: str = "DATABASE_URL") -> FatalError:
    """Return an error of the client or of its tools as a fatal error; `variable` names the URL that was used."""
    code = getattr(error, "code", None)
    if isinstance(error, TableNotFoundError):
        return FatalError(
            f"The database has no table {error.table}: its migrations were not applied.",
            "Run: prisma migrate deploy, or start with: python -m app",
        )
    fix = _FIXES.get(code or "")
    if fix and (migration := getattr(error, "migration", None)):
        fix = fix.replace("NAME", f'"{migration}"')
    if fix is None and isinstance(error, DataError):
        fix = f"Look up {code} in Prisma's error reference." if code else None
    return FatalError(f"{error} ({code})" if code else str(error), fix and fix.format(variable=variable))
