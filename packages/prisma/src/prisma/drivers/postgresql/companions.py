"""Companions of a statement: the statements that travel with it in one message, and so cost no round trip."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from prisma.dialects.postgresql import POSTGRESQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Texts: TypeAlias = "tuple[str, ...]"

# Others, such as CALL, may end a transaction that no BEGIN has opened, and the settings with it.
_STAYS_IN_TRANSACTION = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES|TABLE)\b", re.IGNORECASE)
# bool, int8, int2, int4, text, float8, varchar, uuid: the client can read each of their values.
_READABLE = frozenset({16, 20, 21, 23, 25, 701, 1043, 2950})


class Unsent(Exception):
    """Neither a statement nor its companions were sent, because a value of it could not be encoded."""


class Companion(NamedTuple):
    """A statement that travels with another one; its parameters are texts, and it has no rows.

    `name` is the server's name of a kept statement; without one, the server parses `sql`.
    """

    sql: str
    texts: Texts = ()
    name: bytes = b""


class Ahead(NamedTuple):
    """A statement of the caller's own that opens a transaction, with its values as the caller gave them."""

    sql: str
    args: Sequence[object]


class Companions(NamedTuple):
    """What the next statement of a connection takes along.

    Attributes:
        begin: what begins the transaction; empty where it is open already.
        settings: configuration parameters that are set before the statement.
        before: statements that begin and set; their rows are dropped.
        after: a statement; empty for none.
        ahead: what runs behind them, before all other statements of the transaction.
        along: the same in the form that travels.
        is_alone: whether the statement and `before` are a transaction by themselves, which ends with the message.
    """

    begin: str
    settings: Mapping[str, str] | None
    before: Sequence[Companion]
    after: str = ""
    ahead: Ahead | None = None
    is_alone: bool = False
    along: Companion | None = None

    @staticmethod
    def beginning(begin: str, settings: Mapping[str, str] | None) -> Companions:
        """Return what opens a transaction, with its settings."""
        first = _companion(begin)
        return Companions(begin, settings, (first,) if settings is None else (first, _setting(settings)))

    @staticmethod
    def alone(settings: Mapping[str, str]) -> Companions:
        """Return what gives a statement a transaction of its own, with settings.

        The server makes one transaction of all statements of a message, unless one of them begins or ends another.
        """
        return Companions("BEGIN", settings, (_setting(settings),), is_alone=True)

    @property
    def opening(self) -> str:
        """SQL that begins and sets by itself."""
        return self.begin if self.settings is None else f"{self.begin}; {POSTGRESQL.local_settings(self.settings)}"

    def suits(self, sql: str) -> bool:
        """Tell whether a statement may take these along."""
        return self is not BROKEN_OFF and (not self.is_alone or _STAYS_IN_TRANSACTION.match(sql) is not None)

    def with_columns(self, types: Iterable[int]) -> Companions:
        """Return the same for a statement with columns of these types, as numbers of the catalog.

        A row that can't be read fails the transaction, so the commit waits where there may be one.
        """
        return self.waiting() if self.after and not _READABLE.issuperset(types) else self

    def running(self, ahead: Ahead, along: Companion | None = None) -> Companions:
        """Return the same with a statement that runs before all others; `along` is its form that travels."""
        return Companions(self.begin, self.settings, self.before, self.after, ahead, self.is_alone, along)

    def committing(self) -> Companions:
        """Return the same, with a commit after the statement."""
        # What is broken off is known by its identity, and has nothing to commit.
        if self.is_alone or self is BROKEN_OFF:
            return self
        return Companions(self.begin, self.settings, self.before, "COMMIT", self.ahead, self.is_alone, self.along)

    def waiting(self) -> Companions:
        """Return the same, for a statement after which the commit is sent by itself."""
        return self._replace(after="") if self.after else self


NONE: Final = Companions("", None, ())
BROKEN_OFF: Final = Companions("ROLLBACK", None, ())
"""Stands for companions that failed, or whose task was cancelled, so that nobody knows whether the server ran them."""
COMMITTING: Final = NONE.committing()


def setting_statement(settings: Mapping[str, str]) -> tuple[str, Texts]:
    """Return the statement that sets configuration parameters until the end of the transaction, and its parameters."""
    return _set_local(len(settings)), tuple(chain.from_iterable(settings.items()))


def _setting(settings: Mapping[str, str]) -> Companion:
    return Companion(*setting_statement(settings))


_set_local = lru_cache(64)(POSTGRESQL.set_local)
_companion = lru_cache(64)(Companion)
