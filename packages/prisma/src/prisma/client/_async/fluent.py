"""Fluent queries: a query for one record that can continue to its related records before it is awaited.

`await db.user.find_unique({"id": 1}).posts(take=3)` is one query with an include. It is sent together with others of
its tick, like every find_unique.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import warnings
from collections.abc import Callable, Coroutine, Generator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from prisma.client.request.names import OPERATIONS
from prisma.client.request.skip import without_skipped

if TYPE_CHECKING:
    from prisma.client._async.actions import AsyncActions

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])
ResultT = TypeVar("ResultT", covariant=True)
MissingT = TypeVar("MissingT", covariant=True)


def coroutine_function(function: FunctionT) -> FunctionT:
    """Mark a function whose results are coroutines as one that is defined by `async def`.

    A test that patches it gets an `AsyncMock`, as before.
    """
    if sys.version_info >= (3, 12):
        return inspect.markcoroutinefunction(function)
    function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]
    return function


class AsyncFluent(Coroutine[Any, Any, ResultT], Generic[ResultT, MissingT]):
    """A query for one record: a coroutine, with a method for each relation in the classes that are generated.

    `MissingT` is None if there may be no record, and `Never` if that raises.
    """

    __slots__ = ("_action", "_actions", "_arguments", "_coroutine", "_is_used", "_path")

    _model: ClassVar[str]

    def __init__(
        self,
        actions: AsyncActions[Any],
        action: str,
        arguments: Mapping[str, Any],
        path: tuple[tuple[str, str, Mapping[str, Any]], ...] = (),
    ) -> None:
        self._actions = actions
        self._action = action
        self._arguments = arguments
        self._path = path
        self._coroutine: Coroutine[Any, Any, Any] | None = None
        self._is_used = False

    def __await__(self) -> Generator[Any, Any, ResultT]:
        return self._started().__await__()

    def send(self, value: Any, /) -> Any:
        return (self._coroutine or self._started()).send(value)

    def throw(self, *error: Any) -> Any:
        return (self._coroutine or self._started()).throw(*error)

    def close(self) -> None:
        self._is_used = True
        if self._coroutine is not None:
            self._coroutine.close()

    def __del__(self) -> None:
        if not self._is_used:
            name = OPERATIONS[self._action]
            warnings.warn(f"the query {name!r} was never awaited", RuntimeWarning, stacklevel=2, source=self)

    def _related(self, kind: Any, relation: str, attribute: str, arguments: Mapping[str, Any]) -> Any:
        """Return the query that goes on to a relation of the record; `attribute` holds it there."""
        self._is_used = True
        actions = self._actions
        if not self._path:
            # Whatever class its records have, this one declares the relation.
            models = import_module(f"{type(self).__module__.rpartition('.')[0]}.models")
            actions = type(actions)(actions, getattr(models, self._model))
        return kind(actions, self._action, self._arguments, (*self._path, (relation, attribute, arguments)))

    def _started(self) -> Coroutine[Any, Any, Any]:
        if self._coroutine is not None:
            raise RuntimeError(f"the query {OPERATIONS[self._action]!r} was awaited already")
        self._is_used = True
        ask = self._actions._query  # pyright: ignore[reportPrivateUsage]
        self._coroutine = self._followed(ask) if self._path else ask(self._action, self._arguments)
        return self._coroutine

    async def _followed(self, ask: Callable[[str, Mapping[str, Any]], Coroutine[Any, Any, Any]]) -> Any:
        include: dict[str, Any] = {}
        for relation, _, given in reversed(self._path):
            inner = dict(without_skipped(given))
            if include:
                inner["include"] = {**(inner.get("include") or {}), **include}
            include = {relation: inner or True}
        own = without_skipped(self._arguments)
        others: Mapping[str, Any] = own.get("include") or {}
        arguments = {**own, "include": {**others, **include}}
        found = await ask(self._action, arguments)
        for _, attribute, _ in self._path:
            if found is None:
                return None
            found = getattr(found, attribute)
        return found
