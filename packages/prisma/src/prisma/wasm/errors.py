"""Errors of the WebAssembly modules themselves: a trap, or a file that can't be used."""

from __future__ import annotations

from prisma.errors import PrismaError

REINSTALL = "Reinstall the package `prisma`."


class CompilerPanic(PrismaError):
    """A module trapped. Its instance is discarded, and the next call gets a new one."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ModuleMismatchError(PrismaError):
    """A WebAssembly module is missing, damaged, or made for something else; `.module` is its name."""

    def __init__(self, module: str, problem: str, fix: str = REINSTALL) -> None:
        super().__init__(f"{module} can't be used: {problem}. {fix}")
        self.module = module
