"""Descriptions: what the server says of a statement that it has parsed."""

from __future__ import annotations

from typing import NamedTuple


class Description(NamedTuple):
    """The types of a statement's parameters and columns as oids, and the names of its columns."""

    parameters: tuple[int, ...]
    columns: tuple[int, ...]
    names: tuple[str, ...]
