"""JSON-RPC 2.0 as Prisma's CLI speaks it with generators: one message a line, requests on stdin, answers on stderr.

What a generator prints on stdout is shown to the user.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INVOCATION: Final = "PRISMA_GENERATOR_INVOCATION"
"""The variable that Prisma's CLI sets for the programs that it starts as generators."""

_FAILED: Final = -32000
_METHOD_NOT_FOUND: Final = -32601


def request(method: str, parameters: object, id: int) -> dict[str, Any]:
    """Return the message that asks for a method."""
    return {"jsonrpc": "2.0", "method": method, "params": parameters, "id": id}


def serve(
    requests: TextIO,
    answers: TextIO,
    methods: Mapping[str, Callable[[Any], Any]],
    explain: Callable[[Exception], str],
) -> None:
    """Answer requests until the CLI closes the pipe.

    Args:
        methods: what is called with the parameters of a request, by the method's name.
        explain: returns the message for an exception of a method; it raises the exception if the CLI shall not get it.
    """
    for line in requests:
        if line.strip():
            answers.write(json.dumps(_answer(json.loads(line), methods, explain)) + "\n")
            answers.flush()


def _answer(
    asked: Mapping[str, Any], methods: Mapping[str, Callable[[Any], Any]], explain: Callable[[Exception], str]
) -> dict[str, Any]:
    head = {"jsonrpc": "2.0", "id": asked.get("id")}
    name = asked.get("method")
    method = methods.get(name or "")
    if method is None:
        return {**head, "error": {"code": _METHOD_NOT_FOUND, "message": f"Unknown method: {name}"}}
    try:
        return {**head, "result": method(asked.get("params"))}
    except Exception as error:
        message = explain(error)
        return {**head, "error": {"code": _FAILED, "message": message, "data": {"message": message}}}
