"""Hooks: run an operation inside the functions that extensions put around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from prisma.client.extension import Hook, Operation


async def through(
    hooks: Sequence[Hook], operation: Operation, run: Callable[[Mapping[str, Any]], Awaitable[Any]]
) -> Any:
    """Run an operation inside its hooks; `run` does what remains."""
    if not hooks:
        return await run(operation.arguments)
    first, *rest = hooks

    async def proceed(arguments: Mapping[str, Any]) -> Any:
        return await through(rest, replace(operation, arguments=arguments), run)

    return await first(operation, proceed)
