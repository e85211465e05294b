"""Session state: which raw SQL can change a session beyond its transaction, and how to change it back."""

from __future__ import annotations

import re
from functools import lru_cache

# Words of statements and functions that change a session. A word in a string or a comment, or SET in an UPDATE, is
# found as well: that costs one needless reset, while a missed one would reach the next user of the connection. A
# function of the database that changes the session inside is not seen.
_CHANGING = re.compile(
    r"""(?<!["\w])(?: set | reset | set_config | (?:un)?listen | pg_(?:try_)?advisory_lock\w* | discard | prepare
    | deallocate | temp | temporary | pg_temp\w* | declare | load | begin | start | do | call )(?!["\w])""",
    re.IGNORECASE | re.VERBOSE,
)
_ONE_WRITE = re.compile(r"\s*(?:insert|update|delete|merge)\b[^;]*;?\s*", re.IGNORECASE)
_CHANGING_FUNCTION = re.compile(r"\b(?:set_config|pg_(?:try_)?advisory_lock|pg_temp)", re.IGNORECASE)

# What ends with the transaction by itself. In a call every argument must be a plain one, so that what stands there is
# the call's third and no piece of a text.
_LOCAL = re.compile(
    r"""\bset\s+local\b
    | \bset_config\s*\(\s*(?:'[^']*'|\$\d+)\s*,\s*(?:'[^']*'|\$\d+)\s*,\s*true\s*\)""",
    re.IGNORECASE | re.VERBOSE,
)

MAX_KNOWN_TEXTS = 512  # statements whose answer is kept
MAX_KNOWN_LENGTH = 4096  # characters of those; longer ones are mostly rows, and seen once

RESET = (
    "SET SESSION AUTHORIZATION DEFAULT; RESET ALL; CLOSE ALL; UNLISTEN *; "
    "SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP"
)


def changes_session(sql: str) -> bool:
    """Tell whether `sql` may leave something behind in its session: a setting, a lock, a temporary table, …"""
    return _looked_up(sql) if len(sql) <= MAX_KNOWN_LENGTH else _looked_at(sql)


def _looked_at(sql: str) -> bool:
    sql = _LOCAL.sub(" ", sql)
    # The SET of an ordinary UPDATE, or of an INSERT's ON CONFLICT, is not a setting.
    if _ONE_WRITE.fullmatch(sql):
        return _CHANGING_FUNCTION.search(sql) is not None
    return _CHANGING.search(sql) is not None


_looked_up = lru_cache(MAX_KNOWN_TEXTS)(_looked_at)
