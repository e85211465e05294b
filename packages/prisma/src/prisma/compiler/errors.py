"""Errors of the WebAssembly modules.

PrismaError
 ├─ SchemaError            the schema is wrong (.code .message)
 ├─ CompilerError          the compiler refused a request (.code .message .meta)
 ├─ CompilerPanic          a module trapped: a defect of the module or of its host (.message)
 └─ ModuleMismatchError    a module of this installation can't be used (.module)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prisma.errors import PrismaError

if TYPE_CHECKING:
    from collections.abc import Mapping


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


class CompilerPanic(PrismaError):
    """A module trapped; its instance is gone and the next call gets a new one."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ModuleMismatchError(PrismaError):
    """A WebAssembly module is missing or is none that this version knows; `.module` is its file name."""

    def __init__(self, module: str, problem: str) -> None:
        super().__init__(f"{module} can't be used: {problem}. Reinstall the package `prisma`.")
        self.module = module
