"""Errors of the WebAssembly modules themselves: a trap, or a file that can't be used."""

from __future__ import annotations

from prisma.errors import PrismaError


class CompilerPanic(PrismaError):
    """A module trapped. Its instance is discarded, and the next call gets a new one."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ModuleMismatchError(PrismaError):
    """A WebAssembly module is missing, or this version does not know it; `.module` is its file name."""

    def __init__(self, module: str, problem: str) -> None:
        super().__init__(f"{module} can't be used: {problem}. Reinstall the package `prisma`.")
        self.module = module
