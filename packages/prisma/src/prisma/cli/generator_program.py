"""The generator as a program that Prisma's own CLI starts, so that `npx prisma generate` makes our client too.

It speaks JSON-RPC 2.0: one message a line, requests on stdin, answers on stderr. stdout is shown to the user.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from prisma.errors import PrismaError

if TYPE_CHECKING:
    from collections.abc import Callable

PRETTY_NAME = "Prisma Client for Python"
METHOD_NOT_FOUND = -32601
FAILED = -32000


def serve(requests: TextIO, answers: TextIO) -> int:
    """Answer requests until the CLI closes the pipe, and return the exit code."""
    for line in requests:
        if not line.strip():
            continue
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()
    return 0


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    head = {"jsonrpc": "2.0", "id": request.get("id")}
    method = _METHODS.get(request["method"])
    if method is None:
        return {**head, "error": {"code": METHOD_NOT_FOUND, "message": f"Unknown method {request['method']}."}}
    try:
        return {**head, "result": method(request.get("params") or {})}
    except (PrismaError, OSError) as error:
        message = getattr(error, "message", None) or str(error)
        return {**head, "error": {"code": FAILED, "message": message, "data": {"message": message}}}


def _manifest(_parameters: dict[str, Any]) -> dict[str, Any]:
    from prisma.generator import DEFAULT_OUTPUT

    return {"manifest": {"prettyName": PRETTY_NAME, "defaultOutput": str(DEFAULT_OUTPUT), "requiresEngines": []}}


def _generate(parameters: dict[str, Any]) -> None:
    from prisma.generator import generate

    generate(Path(parameters["schemaPath"]), generators=[parameters["generator"]["name"]])


_METHODS: dict[str, Callable[[dict[str, Any]], Any]] = {"getManifest": _manifest, "generate": _generate}
