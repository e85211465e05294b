"""Errors of the WebAssembly modules themselves, apart from what they say about a schema or a request."""

from __future__ import annotations

from prisma.errors import PrismaError


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
