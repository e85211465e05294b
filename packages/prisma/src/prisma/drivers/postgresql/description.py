"""Descriptions: what the server says of a statement that it has parsed."""

from __future__ import annotations

from typing import Final, NamedTuple


class Description(NamedTuple):
    """The types of a statement's parameters and columns as oids, and the names of its columns."""

    parameters: tuple[int, ...]
    columns: tuple[int, ...]
    names: tuple[str, ...]


class Columns(NamedTuple):
    """The columns of a statement's result: their names, and the names of their types (`int4`, `_text`)."""

    names: tuple[str, ...]
    types: tuple[str, ...]


NO_COLUMNS: Final = Columns((), ())
"""Stands for columns that are not known yet."""
