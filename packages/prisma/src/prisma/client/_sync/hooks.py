# Made by tools/async_to_sync.py from client/_async/hooks.py: change that file and run the tool.
"""Hooks: run an operation inside the functions that extensions put around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from prisma.client.extension import Hook, Operation


def through(hooks: Sequence[Hook], operation: Operation, run: Callable[[Mapping[str, Any]], Any]) -> Any:
    """Run an operation inside its hooks; `run` does what remains."""
    if not hooks:
        return run(operation.arguments)
    first, *rest = hooks

    def proceed(arguments: Mapping[str, Any]) -> Any:
        return through(rest, replace(operation, arguments=arguments), run)

    return first(operation, proceed)
