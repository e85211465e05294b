"""The generator as a program that Prisma's own CLI starts, so that `npx prisma generate` generates our client too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from prisma.errors import PrismaError
from prisma.generator import DEFAULT_OUTPUT, generate, json_rpc

if TYPE_CHECKING:
    from collections.abc import Callable

PRETTY_NAME: Final = "Prisma Client for Python"


def serve(requests: TextIO, answers: TextIO) -> int:
    """Answer requests until the CLI closes the pipe, and return the exit code."""
    json_rpc.serve(requests, answers, _METHODS, _explain)
    return 0


def _manifest(_parameters: Any) -> dict[str, Any]:
    return {"manifest": {"prettyName": PRETTY_NAME, "defaultOutput": str(DEFAULT_OUTPUT), "requiresEngines": []}}


def _generate(parameters: Any) -> None:
    generate(Path(parameters["schemaPath"]), generators=[parameters["generator"]["name"]])


def _explain(error: Exception) -> str:
    if not isinstance(error, PrismaError | OSError):
        raise error
    return getattr(error, "message", None) or str(error)


_METHODS: Final[dict[str, Callable[[Any], Any]]] = {"getManifest": _manifest, "generate": _generate}
