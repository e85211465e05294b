"""Errors in schemas."""

from __future__ import annotations

from prisma.errors import PrismaError


class SchemaError(PrismaError):
    """The schema is wrong.

    Attributes:
        code: Prisma's code, `P1012` for everything that the schema's author can mend.
        message: what is wrong and where: file, line and excerpt of each fault, without colours or passwords.
    """

    def __init__(self, message: str, code: str = "P1012") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
