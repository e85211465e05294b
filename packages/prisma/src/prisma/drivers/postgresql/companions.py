"""Companions of a statement: the statements that travel with it in one message, and so cost no round trip."""

from __future__ import annotations

import re
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


class Companions(NamedTuple):
    """What the next statement of a connection takes along.

    Attributes:
        opening: SQL that does the same as `before` by itself; empty where the transaction is open already.
        before: statements with their parameters, which are texts; their rows are dropped.
        after: a statement; empty for none.
        is_alone: whether the statement and `before` are a transaction by themselves, which ends with the message.
    """

    opening: str
    before: Sequence[tuple[str, Texts]]
    after: str = ""
    is_alone: bool = False

    @staticmethod
    def beginning(begin: str, settings: Mapping[str, str] | None) -> Companions:
        """Return what opens a transaction, with its settings."""
        if settings is None:
            return Companions(begin, ((begin, ()),))
        return Companions(f"{begin}; {POSTGRESQL.local_settings(settings)}", ((begin, ()), setting_statement(settings)))

    @staticmethod
    def alone(settings: Mapping[str, str]) -> Companions:
        """Return what gives a statement a transaction of its own, with settings.

        The server makes one transaction of all statements of a message, unless one of them begins or ends another.
        """
        return Companions(
            f"BEGIN; {POSTGRESQL.local_settings(settings)}", (setting_statement(settings),), is_alone=True
        )

    def suits(self, sql: str) -> bool:
        """Tell whether a statement may take these along."""
        return self is not BROKEN_OFF and (not self.is_alone or _STAYS_IN_TRANSACTION.match(sql) is not None)

    def with_columns(self, types: Iterable[int]) -> Companions:
        """Return the same for a statement with columns of these types, as numbers of the catalog.

        A row that can't be read fails the transaction, so the commit waits where there may be one.
        """
        return self.waiting() if self.after and not _READABLE.issuperset(types) else self

    def committing(self) -> Companions:
        """Return the same, with a commit after the statement."""
        # What is broken off is known by its identity, and has nothing to commit.
        return self if self.is_alone or self is BROKEN_OFF else self._replace(after="COMMIT")

    def waiting(self) -> Companions:
        """Return the same, for a statement after which the commit is sent by itself."""
        return self._replace(after="") if self.after else self


NONE: Final = Companions("", ())
BROKEN_OFF: Final = Companions("ROLLBACK", ())
"""Stands for companions that failed, or whose task was cancelled, so that nobody knows whether the server ran them."""


def setting_statement(settings: Mapping[str, str]) -> tuple[str, Texts]:
    """Return the statement that sets configuration parameters until the end of the transaction, and its parameters."""
    parameters = tuple(text for setting in settings.items() for text in setting)
    return POSTGRESQL.set_local(len(settings)), parameters
