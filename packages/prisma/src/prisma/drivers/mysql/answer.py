"""What a session answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Answer(NamedTuple):
    """The answer to a statement, or to the last one of several.

    Attributes:
        names: of the columns; empty for a statement without rows.
        codes: the protocol's numbers of the columns' types.
        affected: how many rows were changed, or found by an UPDATE.
        insert_id: what AUTO_INCREMENT made for the first inserted row; 0 if it made nothing.
    """

    names: Sequence[str]
    codes: Sequence[int]
    rows: Sequence[Sequence[Any]]
    affected: int
    insert_id: int


NOTHING: Final = Answer((), (), (), 0, 0)
"""The answer to a text without a statement."""


def answer_of(result: Any) -> Answer:
    """Return the answer in a result of asyncmy or PyMySQL, whose results have the same attributes."""
    columns: Any = result.description or ()
    return Answer(
        [column[0] for column in columns],
        [column[1] for column in columns],
        result.rows or (),
        result.affected_rows,
        result.insert_id or 0,
    )
