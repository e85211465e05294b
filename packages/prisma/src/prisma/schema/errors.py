"""The error of a schema that is wrong."""

from __future__ import annotations

import re
from typing import Final

from prisma.errors import PrismaError

_PASSWORD: Final = re.compile(r"""(://[^:/?#@\s"']*):[^\s"']*@""")


class SchemaError(PrismaError):
    """The schema is wrong.

    Attributes:
        code: Prisma's code, `P1012` for every fault that the schema's author can correct.
        message: each fault with its file, line and excerpt, without colours or passwords.
    """

    def __init__(self, message: str, code: str = "P1012") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def hide_passwords(message: str) -> str:
    """Return the text with the password of every URL in it replaced."""
    return _PASSWORD.sub(r"\1:***@", message)
