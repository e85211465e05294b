"""Errors of the query compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prisma.errors import PrismaError

if TYPE_CHECKING:
    from collections.abc import Mapping


class CompilerError(PrismaError):
    """The compiler refused a request.

    Attributes:
        code: P2009, P2012, P2013, P2014 or P2019; None for every other refusal.
        message: the compiler's own words.
        meta: facts about the refusal; leaves that the compiler left undefined are absent.
    """

    def __init__(self, message: str, code: str | None = None, meta: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.meta = dict(meta or {})
