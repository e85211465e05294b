"""What a session is set to, and which SQL changes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prisma.drivers.mysql.url import TargetSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.drivers.mysql.url import MysqlOptions

IN_TRANSACTION: Final = 1
"""Bits of the status that comes with the server's answers."""
NO_BACKSLASH_ESCAPES: Final = 512

FOUND_ROWS: Final = 1 << 1
"""Capabilities that a connection asks for: an UPDATE counts the rows that it finds, not those that it changes."""
MULTI_STATEMENTS: Final = 1 << 16

_ROLE: Final = "SELECT @@global.read_only"
# What would be stored otherwise than it was sent is refused. The rest of a server's own mode, such as ANSI_QUOTES,
# would give the compiler's statements another meaning.
_SQL_MODE: Final = ",".join(
    (
        "STRICT_TRANS_TABLES",
        "ERROR_FOR_DIVISION_BY_ZERO",
        "NO_ZERO_DATE",
        "NO_ZERO_IN_DATE",
        "NO_ENGINE_SUBSTITUTION",
    )
)


def setup(options: MysqlOptions) -> str:
    """Return the statements that make a new session what the client expects, or fail where it would be of no use."""
    # Moments are in UTC: a TIMESTAMP is converted to the zone of the session.
    settings = ["autocommit = 1", "time_zone = '+00:00'", f"sql_mode = '{_SQL_MODE}'"]
    if options.wsrep_sync_wait is not None:
        settings.append(f"wsrep_sync_wait = {options.wsrep_sync_wait:d}")
    # Last: MySQL's grammar takes nothing behind it. The default collation is that of the literals by bytes, too.
    statements = [f"SET {', '.join(settings)}, NAMES utf8mb4"]
    if options.is_one_of_several:
        # A node of Galera that has lost the others, or has yet to join them, takes SET, and refuses DO.
        statements.append("DO 0")
    if options.target is TargetSession.READ_WRITE:
        statements.append(_ROLE)
    return "; ".join(statements)


def refuses_writes(rows: Sequence[Sequence[object]]) -> bool:
    """Say whether a server takes no writes, by the rows of the last of these statements; it has some if that counts."""
    return any(str(role) not in ("0", "OFF") for (role,) in rows)


# Statements that leave nothing behind in the session, if they name no user variable and call no function of locks.
_PASSING: Final = re.compile(
    r"(?:\s|/\*.*?\*/|--[^\n]*\n|\#[^\n]*\n|\()*"
    r"(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|VALUES|TABLE|SHOW|EXPLAIN|DESCRIBE|DESC|ANALYZE|CHECK|OPTIMIZE|TRUNCATE"
    r"|ALTER|DROP|RENAME|GRANT|REVOKE|CREATE(?!\s+(?:OR\s+REPLACE\s+)?TEMPORARY)|COMMIT|ROLLBACK|SAVEPOINT|RELEASE"
    r"|BEGIN|START)\b",
    re.IGNORECASE | re.DOTALL,
)
_LEAVING: Final = re.compile(r"@|GET_LOCK|/\*[!M]", re.IGNORECASE)


def changes_session(sql: str) -> bool:
    """Say whether raw SQL may leave something behind in its session: settings, variables, locks, temporary tables."""
    first, semicolon, rest = sql.partition(";")
    # Whatever several statements do, a new session costs less than reading them all.
    several = bool(semicolon) and bool(rest.strip())
    return several or _PASSING.match(first) is None or _LEAVING.search(sql) is not None
