# Made by tools/async_to_sync.py from client/_async/actions.py: change that file and run the tool.
"""Actions: the base of generated action classes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from pydantic import BaseModel

from prisma.client import records, skipping
from prisma.client._sync.hooks import through
from prisma.client._sync.streams import BATCH_SIZE, stream
from prisma.client.classes import Reader, reader_of
from prisma.client.extension import OPERATIONS, Operation
from prisma.client.forms import form_of
from prisma.errors import RecordNotFoundError

if TYPE_CHECKING:
    from typing import LiteralString, Self

    from prisma.client._sync.client import SyncPrisma
    from prisma.client.fragments import Sql
    from prisma.engine.forms import RecordForm

ModelT = TypeVar("ModelT", bound=BaseModel)

# 0.15.0 answers None when the record to change does not exist.
_NONE_WHEN_MISSING = frozenset({"updateOne", "deleteOne"})
_COUNTED = frozenset({"createMany", "updateMany", "deleteMany"})


class SyncActions(Generic[ModelT]):
    """The actions of one model.

    `model` is the class that records become: a generated one, or one derived from its base.
    """

    _prisma_model: ClassVar[str]

    def __init__(self, client: SyncPrisma, model: type[ModelT]) -> None:
        self._client = client
        extensions = client._extensions  # pyright: ignore[reportPrivateUsage]
        self._model = model if extensions is None else extensions.record_class(model)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            extensions = None if name.startswith("_") else self._client._extensions
            method = None if extensions is None else extensions.model_method(self._prisma_model, name)
            if method is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return partial(method, self)

    def _of_client(self, client: SyncPrisma) -> Self:
        """Return these actions on another client."""
        twin = object.__new__(type(self))
        # With what was found out about the class of the records.
        twin.__dict__.update(self.__dict__, _reader=self._reader, _form=self._form, _client=client)
        return twin

    @cached_property
    def _reader(self) -> Reader | None:
        return reader_of(self._model, self._client._schema)  # pyright: ignore[reportPrivateUsage]

    @cached_property
    def _form(self) -> RecordForm:
        return form_of(self._model)

    def _query(self, action: str, arguments: Mapping[str, Any]) -> Any:
        """Run an action of the engine; return a record, a list of records, a count, or None.

        With `select` or `omit` records are dictionaries.
        """
        if self._client._extensions is not None:  # pyright: ignore[reportPrivateUsage]
            return self._hooked(OPERATIONS[action], arguments, lambda plain, chosen: plain._query(action, chosen))
        if skipping.in_use:
            arguments = skipping.kept(arguments)
        is_plain = arguments.get("select") is not None or arguments.get("omit") is not None
        include = arguments.get("include")
        if action in _COUNTED:
            return (self._client._execute(self._prisma_model, action, arguments))["count"]  # pyright: ignore[reportPrivateUsage]
        if self._reader is not None:
            arguments = self._reader.reading(arguments)
        is_partial = self._client._omissions or (include is not None and records.reshapes(include))  # pyright: ignore[reportPrivateUsage]
        form = self._form
        if is_plain or is_partial:
            form = None
        try:
            result = self._client._execute(self._prisma_model, action, arguments, form)  # pyright: ignore[reportPrivateUsage]
        except RecordNotFoundError:
            if action in _NONE_WHEN_MISSING:
                return None
            raise
        if form is not None or result is None:
            return result
        if is_plain:
            return records.plain(result)
        if isinstance(result, list):
            return [records.assemble(self._model, row) for row in cast("list[Any]", result)]
        return records.assemble(self._model, result)

    def _count(self, *, select: Mapping[str, bool] | None = None, **arguments: Any) -> Any:
        """Count records: an int, or a dict by field when `select` names fields."""
        if self._client._extensions is not None:  # pyright: ignore[reportPrivateUsage]
            given = {"select": select, **arguments}
            return self._hooked("count", given, lambda plain, chosen: plain._count(**chosen))
        if skipping.in_use:
            arguments = dict(skipping.kept({**arguments, "select": select}))
            select = arguments.pop("select", None)
        result = self._client._execute(self._prisma_model, "aggregate", {**arguments, "count": select or True})  # pyright: ignore[reportPrivateUsage]
        counts = result["_count"]
        return counts["_all"] if select is None else counts

    def _aggregate(self, **arguments: Any) -> Any:
        """Aggregate records; the answer is a dictionary with `_count`, `_avg`, `_sum`, `_min` and `_max`."""
        if self._client._extensions is not None:  # pyright: ignore[reportPrivateUsage]
            return self._hooked("aggregate", arguments, lambda plain, chosen: plain._aggregate(**chosen))
        if skipping.in_use:
            arguments = dict(skipping.kept(arguments))
        return self._client._execute(self._prisma_model, "aggregate", arguments)  # pyright: ignore[reportPrivateUsage]

    def _group_by(self, *, by: Sequence[str], **arguments: Any) -> list[Any]:
        """Group records; the rows are dictionaries with the fields of `by` and the aggregates."""
        if self._client._extensions is not None:  # pyright: ignore[reportPrivateUsage]
            named = {"by": by, **arguments}
            return self._hooked("group_by", named, lambda plain, chosen: plain._group_by(**chosen))
        if skipping.in_use:
            arguments = dict(skipping.kept(arguments))
        if arguments.get("order") is None:
            for name in ("take", "skip"):
                if arguments.get(name) is not None:
                    raise TypeError(f"Missing argument: 'order' which is required when '{name}' is present")
        given = cast("object", by)
        if isinstance(given, Iterable):
            by = [given] if isinstance(given, str) else list(by)
        rows = self._client._execute(self._prisma_model, "groupBy", {"by": by, **arguments})  # pyright: ignore[reportPrivateUsage]
        fields = self._client._schema.models[self._prisma_model].fields  # pyright: ignore[reportPrivateUsage]
        for name in by:
            if fields[name].type == "Bytes":
                for row in rows:
                    row[name] = records.plain(row[name])
        return rows

    def _hooked(
        self,
        name: str,
        arguments: Mapping[str, Any],
        run: Callable[[SyncActions[ModelT], Mapping[str, Any]], Any],
    ) -> Any:
        """Run an operation through the hooks of the client's extensions; `run` gets actions without any."""
        client = self._client
        hooks = client._extensions.hooks(self._prisma_model, name) if client._extensions else ()  # pyright: ignore[reportPrivateUsage]
        plain = copy.copy(self)
        plain._client = client._without_extensions()  # pyright: ignore[reportPrivateUsage]
        given = {key: value for key, value in arguments.items() if value is not None}
        operation = Operation(self._prisma_model, name, given, client)
        return through(hooks, operation, lambda chosen: run(plain, chosen))

    def _stream(self, arguments: Mapping[str, Any], batch_size: int | None) -> Generator[Any, None, None]:
        """Yield the records that find_many would return, reading `batch_size` of them at a time."""
        if skipping.in_use:
            arguments = skipping.kept(arguments)
        return stream(self, arguments, BATCH_SIZE if batch_size is None else batch_size)

    def _query_raw(self, query: LiteralString | Sql, *args: Any) -> list[ModelT]:
        return self._client.query_raw(query, *args, model=self._model)

    def _query_first(self, query: LiteralString | Sql, *args: Any) -> ModelT | None:
        return self._client.query_first(query, *args, model=self._model)
