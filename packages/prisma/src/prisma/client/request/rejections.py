"""Rejections: what the writer of a request raises for an argument that can't become part of it.

`explain.rejection_errors` makes the errors of them that programs see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RejectedValue(Exception):
    """A value that the compiler would let pass, or can't be told of.

    `kind` is the compiler's word for such a mistake. `is_known` says that some field holds values of this type. `field`
    is the field whose value it should have become, if that is known.
    """

    def __init__(
        self, value: object, kind: str, reason: str, *, is_known: bool = True, field: str | None = None
    ) -> None:
        super().__init__(reason)
        self.value = value
        self.kind = kind
        self.reason = reason
        self.is_known = is_known
        self.field = field


class RejectedKey(Exception):
    """A key of a caller's dictionary, the `holder`, that only the client itself may write into a request.

    `scalar_of` is the model of which it names a field where only relations are allowed.
    """

    def __init__(self, holder: Mapping[Any, object], key: object, *, scalar_of: str | None = None) -> None:
        super().__init__(key)
        self.holder = holder
        self.key = key
        self.scalar_of = scalar_of
