"""Actions: the base of generated action classes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from types import GenericAlias, SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, overload

from prisma.client._async import raw
from prisma.client._async.core import Core, OnCore
from prisma.client._async.hooks import through
from prisma.client._async.streams import BATCH_SIZE, stream
from prisma.client.action_types import ModelT
from prisma.client.extension import Operation
from prisma.client.records import partial_rows
from prisma.client.records.forms import form_of
from prisma.client.records.record_classes import Reader, reader_of
from prisma.client.request.call import Call
from prisma.client.request.names import OPERATIONS
from prisma.client.request.skip import ABSENT, skip, without_skipped
from prisma.client.shapes.shape import shape_of
from prisma.errors import InvalidShapeError, RecordNotFoundError

if TYPE_CHECKING:
    from typing import LiteralString, Self

    from prisma.client.raw_sql.sql import Sql
    from prisma.engine.record_form import RecordForm
    from prisma.schema.metadata import Schema

ActionsT = TypeVar("ActionsT")

# 0.15.0 answers None when the record to change does not exist.
_NONE_WHEN_MISSING = frozenset({"updateOne", "deleteOne"})
_COUNTED = frozenset({"createMany", "updateMany", "deleteMany"})


class AsyncActions(OnCore, Generic[ModelT]):
    """The actions of one model.

    `owner` is the client, or has the same core; `model` is the class that records become: a generated one, or one
    derived from its base.
    """

    _prisma_model: ClassVar[str]
    _fluent: Any

    if not TYPE_CHECKING:
        # Generated classes give their bases two dozen types, by name: nothing has to look at them at run time.
        __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, owner: OnCore, model: type[ModelT]) -> None:
        self._core = Core.of(owner)
        self._model = model
        extensions = self._core.extensions
        if extensions is not None:
            self._model = extensions.record_class(model)
            # Methods of extensions win over those of the class; `extends` has refused the names that exist.
            vars(self).update(extensions.model_methods(self._prisma_model, self))

    def _on(self, core: Core) -> Self:
        """Return these actions on another core."""
        twin = object.__new__(type(self))
        vars(twin).update(vars(self), _core=core)
        return twin

    @cached_property
    def _reader(self) -> Reader | None:
        return reader_of(self._model, self._core.schema)

    @cached_property
    def _form(self) -> RecordForm:
        return form_of(self._model)

    async def _query(self, action: str, arguments: Mapping[str, Any]) -> Any:
        """Run an action of the engine; return a record, a list of records, a count, or None.

        With `select` or `omit` records are dictionaries, or instances of the class that `select` is.
        """
        core = self._core
        select = arguments.get("select")
        if isinstance(select, type) and hasattr(select, "__prisma_model__"):
            return await self._as(select)._query(action, {**arguments, "select": None})
        if core.extensions is not None:
            return await self._hooked(OPERATIONS[action], arguments, lambda plain, chosen: plain._query(action, chosen))
        # A count is neither omitted nor made a record of.
        if action in _COUNTED:
            return (await core.execute(Call(self._prisma_model, action, arguments)))["count"]
        include = arguments.get("include")
        is_plain = select not in ABSENT or arguments.get("omit") not in ABSENT
        is_ready = isinstance(select, type)
        if is_ready:
            shape = shape_of(select, self._model, core.schema)
            arguments, form = shape.reading(arguments), shape.form
        else:
            if self._reader is not None:
                arguments = self._reader.reading(arguments)
            # Pydantic would reject a row that lacks required fields.
            is_partial = core.omissions or (include is not None and partial_rows.reshapes(include))
            form = None if is_plain or is_partial else self._form
        try:
            result = await core.execute(Call(self._prisma_model, action, arguments, core.omissions, form))
        except RecordNotFoundError:
            if action in _NONE_WHEN_MISSING:
                return None
            raise
        if form is not None or result is None or is_ready:
            return result
        if is_plain:
            return partial_rows.plain(result) if core.has_bytes else result
        if isinstance(result, list):
            return [partial_rows.assemble(self._model, row) for row in cast("list[Any]", result)]
        return partial_rows.assemble(self._model, result)

    def _as(self, model: type[Any]) -> AsyncActions[Any]:
        """Return the actions whose records are of another generated class, or one derived from a base."""
        if model.__prisma_model__ != self._prisma_model:
            of, here = model.__prisma_model__, self._prisma_model
            raise InvalidShapeError(f"{model.__name__} is of {of}, and the records are of {here}.", model)
        return type(self)(self, model)

    async def _count(self, *, select: Mapping[str, bool] | None = None, **arguments: Any) -> Any:
        """Count records: an int, or a dict by field when `select` names fields."""
        if self._core.extensions is not None:
            given = {"select": select, **arguments}
            return await self._hooked("count", given, lambda plain, chosen: plain._count(**chosen))
        if select is skip:
            select = None
        call = Call(self._prisma_model, "aggregate", {**arguments, "count": select or True})
        result = await self._core.execute(call)
        counts = result["_count"]
        return counts["_all"] if select is None else counts

    async def _aggregate(self, **arguments: Any) -> Any:
        """Aggregate records; the answer is a dictionary with `_count`, `_avg`, `_sum`, `_min` and `_max`."""
        if self._core.extensions is not None:
            return await self._hooked("aggregate", arguments, lambda plain, chosen: plain._aggregate(**chosen))
        return await self._core.execute(Call(self._prisma_model, "aggregate", arguments))

    async def _group_by(self, *, by: Sequence[str], **arguments: Any) -> list[Any]:
        """Group records; the rows are dictionaries with the fields of `by` and the aggregates."""
        if self._core.extensions is not None:
            named = {"by": by, **arguments}
            return await self._hooked("group_by", named, lambda plain, chosen: plain._group_by(**chosen))
        if arguments.get("order") in ABSENT:
            for name in ("take", "skip"):
                if arguments.get(name) not in ABSENT:
                    raise TypeError(f"Missing argument: 'order' which is required when '{name}' is present")
        given = cast("object", by)
        if isinstance(given, Iterable):
            by = [given] if isinstance(given, str) else list(by)
        rows = await self._core.execute(Call(self._prisma_model, "groupBy", {"by": by, **arguments}))
        fields = self._core.schema.models[self._prisma_model].fields
        for name in by:
            if fields[name].type == "Bytes":
                for row in rows:
                    row[name] = partial_rows.plain(row[name])
        return rows

    async def _hooked(
        self,
        name: str,
        arguments: Mapping[str, Any],
        run: Callable[[AsyncActions[ModelT], Mapping[str, Any]], Awaitable[Any]],
    ) -> Any:
        """Run an operation through the hooks of the client's extensions; `run` gets actions without any."""
        core = self._core
        hooks = core.extensions.hooks(self._prisma_model, name) if core.extensions else ()
        plain = self._on(core.extended(None))
        given = {key: value for key, value in arguments.items() if value is not None}
        operation = Operation(self._prisma_model, name, given, core.client)
        return await through(hooks, operation, lambda chosen: run(plain, chosen))

    def _stream(self, arguments: Mapping[str, Any], batch_size: int | None) -> AsyncGenerator[Any, None]:
        """Yield the records that find_many would return, reading `batch_size` of them at a time."""
        arguments = without_skipped(arguments)
        size = BATCH_SIZE if batch_size is None else batch_size

        def portion(core: Core) -> Awaitable[list[ModelT]]:
            return self._on(core)._query("findMany", arguments)

        return stream(self._core, self._prisma_model, portion, arguments, size)

    async def _query_raw(self, query: LiteralString | Sql, *args: Any) -> list[ModelT]:
        return await raw.query_raw(self._core, query, args, self._model)

    async def _query_first(self, query: LiteralString | Sql, *args: Any) -> ModelT | None:
        rows = await self._query_raw(query, *args)
        return rows[0] if rows else None


class AsyncModelActions(Generic[ActionsT]):
    """The attribute of a client that holds the actions of one model: made when they are asked for, and kept.

    `model` is the schema's name of the model, `record` that of its class where it is another one. This class and that
    of the actions are imported when they are asked for, from the modules beside the client's: a program of hundreds of
    models starts without them.
    """

    def __init__(self, model: str, record: str | None = None) -> None:
        self.model = model
        self._record = record or model
        self._package = ""
        self._kind: Any = None
        self._model: Any = None
        self._known: Mapping[str, Any] = {}

    @classmethod
    def of(cls, kind: type[Any], model: Any) -> Self:
        """Return the attribute of classes that are there already."""
        member = cls(model.__prisma_model__)
        member._kind, member._model = kind, model
        return member

    @property
    def kind(self) -> Any:
        """The class of the actions."""
        return self._classes()[0]

    def _classes(self) -> tuple[Any, Any]:
        if self._kind is None:
            self._model = getattr(import_module(f"{self._package}.models"), self._record)
            self._kind = getattr(import_module(f"{self._package}.actions"), f"{self._record}Actions")
        return self._kind, self._model

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self._package = self._package or owner.__module__.rpartition(".")[0]

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...

    @overload
    def __get__(self, client: OnCore, owner: type) -> ActionsT: ...

    def __get__(self, client: OnCore | None, owner: type) -> Self | ActionsT:
        if client is None:
            return self
        core = Core.of(client)
        kind, model = self._classes()
        actions: ActionsT = kind(client, model)
        if core.extensions is None:
            vars(actions).update(self._known or self._find_out(core.schema))
        # From now on Python finds them there first.
        return vars(client).setdefault(self._name, actions)

    def _find_out(self, schema: Schema) -> Mapping[str, Any]:
        # Every transaction makes its actions again, but what they find out about the class of the records stays.
        self._known = {"_reader": reader_of(self._model, schema), "_form": form_of(self._model)}
        return self._known


def model_actions(client: type) -> dict[str, AsyncModelActions[Any]]:
    """Return the attributes that a class of clients adds for models.

    A client that was generated by an older version sets actions in a method `_bind` instead; its class is given the
    attributes here.
    """
    members = vars(client)
    bind: Callable[[Any], None] | None = members.get("_bind")
    if bind is not None:
        recorder = SimpleNamespace(_core=SimpleNamespace(extensions=None))
        bind(recorder)
        del recorder._core
        for name, actions in vars(recorder).items():
            member = AsyncModelActions[Any].of(cast("Any", type(actions)), actions._model)
            member.__set_name__(client, name)
            setattr(client, name, member)
    return {name: member for name, member in members.items() if isinstance(member, AsyncModelActions)}
