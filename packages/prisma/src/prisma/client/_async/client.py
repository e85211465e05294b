"""The client that every generated asynchronous client derives from."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, get_args, overload

from pydantic import BaseModel

from prisma.client import failures, raw, registry
from prisma.client._async.actions import AsyncActions
from prisma.client._async.core import run, run_again, run_slowly
from prisma.client._async.hooks import through
from prisma.client._async.lookups import Lookups
from prisma.client._async.metering import MeteredSession
from prisma.client._async.pools import make_pool, open_pool
from prisma.client._async.session import Link, PoolSession, Session, TransactionSession
from prisma.client.annotations import complete
from prisma.client.datasource import DatasourceOverride, connection_url, load_env
from prisma.client.events import Events, LogEvent, LogLevel, QueryEvent
from prisma.client.extension import Extension, Extensions, Operation
from prisma.client.fragments import Sql, statement
from prisma.client.meter import prometheus
from prisma.client.observer import Observer
from prisma.client.omissions import read_omissions
from prisma.client.options import ErrorFormat, TransactionOptions
from prisma.client.plans import MAX_PLANS, Plans
from prisma.client.schema import Schema
from prisma.client.tracing import TracerProvider, make_tracing
from prisma.compiler.errors import CompilerPanic
from prisma.drivers._async.protocol import Connection
from prisma.drivers.protocol import RawRows
from prisma.drivers.url import parse_url
from prisma.engine.errors import AlreadyConnectedError
from prisma.engine.forms import RecordForm
from prisma.engine.plan_error import PlanError
from prisma.errors import ClientNotConnectedError
from prisma.faults import DriverFault
from prisma.fields import FROM_DATABASE

if TYPE_CHECKING:
    from typing import Literal, LiteralString, Self

    from prisma.metrics import Metrics

ModelT = TypeVar("ModelT", bound=BaseModel)

USE_CLIENT_DEFAULT: Final = object()


class AsyncPrisma:
    """Connects to the database and runs operations.

    Generated clients add an attribute for each model in `_bind`, and name the driver if the schema chose one.
    """

    _driver: ClassVar[str] = "asyncpg"

    # Programs look for the engine process here, and put wrappers of their own in its place.
    _engine: Any = None

    # The actions of the client that this one is a copy of, by the attributes that this one has not been asked for yet.
    _originals: Mapping[str, AsyncActions[Any]] = MappingProxyType({})

    # What every copy starts with, from the first copy until an attribute changes.
    _copied: dict[str, Any] | None = None

    def __init__(
        self,
        *,
        schema: Schema,
        use_dotenv: bool = True,
        log_queries: bool = False,
        auto_register: bool = False,
        datasource: DatasourceOverride | None = None,
        connect_timeout: int | timedelta = timedelta(seconds=10),
        http: Mapping[str, Any] | None = None,
        omit: Mapping[str, Any] | None = None,
        log: Sequence[LogLevel] = (),
        tracing: bool | TracerProvider = False,
        transaction_options: TransactionOptions | None = None,
        query_plan_cache_max_size: int = MAX_PLANS,
        lazy_connect: bool = False,
        error_format: ErrorFormat = "minimal",
    ) -> None:
        if error_format not in get_args(ErrorFormat):
            raise ValueError(f"There is no error format {error_format!r}; use {', '.join(get_args(ErrorFormat))}.")
        if query_plan_cache_max_size < 0:
            raise ValueError(f"query_plan_cache_max_size must not be negative, got {query_plan_cache_max_size}.")
        if use_dotenv:
            load_env()
        self._schema = schema
        self._observer = Observer(Events([*log, *(["query"] if log_queries else [])]), make_tracing(tracing))
        self._transaction_options: TransactionOptions = transaction_options or {}
        self._max_plans = query_plan_cache_max_size
        self._lazy_connect = lazy_connect
        self._error_format: ErrorFormat = error_format
        self._datasource = datasource
        self._connect_timeout = _seconds(connect_timeout, "connect_timeout")
        # Settings of an HTTP client that is not there any more; kept so that programs which pass them go on.
        self._http = http
        self._slowly = self._observer.tracing is not None or error_format != "minimal"
        self._link = Link()
        self._lookups = Lookups()
        self._extensions: Extensions | None = None
        self._bind()
        self._omissions = read_omissions(schema, self._model_attributes(), omit)
        if auto_register:
            registry.register(self)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        vars(self).pop("_copied", None)

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        vars(self).pop("_copied", None)

    def _bind(self) -> None:
        """Set the attribute of each model."""

    def _model_attributes(self) -> dict[str, str]:
        """Return the names of models by the attribute that holds their actions."""
        return {
            name: actions._prisma_model  # pyright: ignore[reportPrivateUsage]
            for name, actions in self._actions().items()
        }

    def _actions(self) -> dict[str, AsyncActions[Any]]:
        """Return the actions of all models by the attribute that holds them, or will when it is asked for."""
        # A new dictionary, in which no other thread sets an attribute meanwhile.
        attributes: dict[str, Any] = {**self._originals, **vars(self)}
        return {name: value for name, value in attributes.items() if isinstance(value, AsyncActions)}

    # Life cycle

    async def connect(self, timeout: int | timedelta | object = USE_CLIENT_DEFAULT) -> None:
        """Connect to the database.

        `timeout` bounds the whole of it, in seconds or as a timedelta.

        Raises:
            AlreadyConnectedError: the client is connected.
            EngineConnectionError: the database can't be reached, or refuses (`.code` says why).
        """
        if self._link.session is not None:
            raise AlreadyConnectedError("Already connected to the query engine")
        limit = self._connect_timeout
        if isinstance(timeout, int | float | timedelta):
            limit = _seconds(timeout, "timeout")
        with failures.translated(self._schema, connecting=True):
            options = parse_url(connection_url(self._schema, self._datasource))
            pool = make_pool(options, self._driver)
            try:
                await open_pool(pool, limit)
            except TimeoutError as error:
                await pool.close(0)
                raise failures.connect_timeout(limit) from error
            except BaseException:
                await pool.close(0)
                raise
        session = PoolSession(pool, self._observer)
        if "metrics" in self._schema.preview_features:
            session = MeteredSession(session)
        if not self._link.open(Plans.of(self._schema, options.schema, self._max_plans), session):
            await pool.close(0)
            raise AlreadyConnectedError("Already connected to the query engine")
        self._observer.events.tell("info", f"Connected; the pool has up to {pool.stats.limit} connections.")

    async def disconnect(self, timeout: float | timedelta | None = None) -> None:
        """Close all connections, waiting at most `timeout` (seconds) for those in use; nothing when not connected."""
        session = self._link.close()
        if isinstance(session, PoolSession):
            await session.pool.close(timeout.total_seconds() if isinstance(timeout, timedelta) else timeout)
            self._observer.events.tell("info", "Disconnected.")

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.is_connected():
            # Whoever cancels a task, or interrupts the program, waits for no connection in use.
            await self.disconnect(0 if failures.interrupts(exc) else None)

    def is_connected(self) -> bool:
        """Return whether connect() succeeded and disconnect() was not called."""
        return self._link.session is not None

    def is_registered(self) -> bool:
        """Return whether this client is the one of model-based access."""
        return registry.is_registered(self)

    def is_transaction(self) -> bool:
        """Return whether this client's queries run inside a transaction."""
        return isinstance(self._link.session, TransactionSession)

    # Extensions

    def extends(self, *extensions: Extension) -> Self:
        """Return a copy of this client with extensions, on the same connection.

        Raises:
            UnknownModelError: an extension names a model by a word that is no attribute of the client.
            ValueError: a method or field that is added exists already.
        """
        present = () if self._extensions is None else self._extensions.all
        attributes = self._model_attributes()
        combined = Extensions(self._schema, attributes, (*present, *extensions))
        actions: dict[str, type] = {model: type(getattr(self, attribute)) for attribute, model in attributes.items()}
        combined.refuse_shadowed(type(self), actions)
        twin = copy.copy(self)
        twin._extensions = combined
        twin._originals = {}
        twin._bind()
        return twin

    def _without_extensions(self) -> Self:
        twin = copy.copy(self)
        twin._extensions = None
        return twin

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            original = None if name.startswith("_") else self._originals.get(name)
            if original is not None:
                actions = original._of_client(self)  # pyright: ignore[reportPrivateUsage]
                vars(self)[name] = actions
                return actions
            extensions = None if name.startswith("_") else self._extensions
            method = None if extensions is None else extensions.client_method(name)
            if method is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return partial(method, self)

    # Events

    @overload
    def on(self, level: Literal["query"], handler: Callable[[QueryEvent], object]) -> None: ...

    @overload
    def on(self, level: Literal["info", "warn", "error"], handler: Callable[[LogEvent], object]) -> None: ...

    def on(self, level: LogLevel, handler: Callable[[Any], object]) -> None:
        """Call `handler` with every event of a level: statements, what happens, what should not, what fails.

        It is called where the event happens and must not wait. A statement's event has the values of its parameters.

        Raises:
            ValueError: there is no such level.
        """
        self._observer.events.on(level, handler)

    # Raw SQL

    @overload
    async def query_raw(self, query: LiteralString | Sql, *args: Any) -> list[dict[str, Any]]: ...

    @overload
    async def query_raw(self, query: LiteralString | Sql, *args: Any, model: type[ModelT]) -> list[ModelT]: ...

    async def query_raw(self, query: str | Sql, *args: Any, model: type[BaseModel] | None = None) -> list[Any]:
        """Run SQL that returns rows; `$1`, `$2`, … stand for `args`. What `prisma.sql` makes has its own.

        Returns dictionaries by column name, or instances of `model`.

        Raises:
            RawQueryError: the database refused the statement.
        """
        text, values = statement(query, args)
        if model is not None:
            complete(model)
        if self._extensions is not None:
            return await self._hooked_raw("query_raw", text, values, {"model": model})

        async def run(connection: Connection) -> RawRows:
            return await connection.query_raw(text, [raw.parameter(value) for value in values])

        with failures.translated(self._schema, raw=text):
            rows = raw.rows(await (await self._opened()).use(run), for_model=model is not None)
        return rows if model is None else [model.model_validate(row, context=FROM_DATABASE) for row in rows]

    @overload
    async def query_first(self, query: LiteralString | Sql, *args: Any) -> dict[str, Any] | None: ...

    @overload
    async def query_first(self, query: LiteralString | Sql, *args: Any, model: type[ModelT]) -> ModelT | None: ...

    async def query_first(self, query: Any, *args: Any, model: type[BaseModel] | None = None) -> Any:
        """Run SQL that returns rows and return the first, or None; adds no LIMIT. See `query_raw`."""
        rows: list[Any] = await (
            self.query_raw(query, *args) if model is None else self.query_raw(query, *args, model=model)
        )
        return rows[0] if rows else None

    async def execute_raw(self, query: LiteralString | Sql, *args: Any) -> int:
        """Run SQL for its effect and return the number of affected rows.

        Raises:
            RawQueryError: the database refused the statement.
        """
        text, values = statement(query, args)
        if self._extensions is not None:
            return await self._hooked_raw("execute_raw", text, values, {})

        async def run(connection: Connection) -> int:
            return await connection.execute_raw(text, [raw.parameter(value) for value in values])

        with failures.translated(self._schema, raw=text):
            return await (await self._opened()).use(run)

    # Metrics

    @overload
    async def get_metrics(
        self, format: Literal["json"] = "json", *, global_labels: Mapping[str, str] | None = None
    ) -> Metrics: ...

    @overload
    async def get_metrics(
        self, format: Literal["prometheus"], *, global_labels: Mapping[str, str] | None = None
    ) -> str: ...

    async def get_metrics(
        self, format: Literal["json", "prometheus"] = "json", *, global_labels: Mapping[str, str] | None = None
    ) -> Metrics | str:
        """Return counters, gauges and histograms under Prisma's names: as models, or in Prometheus' text format.

        Operations are counted from the start. Statements and durations are measured from the first call of this on, or
        from `connect()` on if the schema's generator block has `previewFeatures = ["metrics"]`.
        """
        session = await self._opened()
        pool_session = session if isinstance(session, PoolSession) else session.origin
        metrics = pool_session.meter.report(pool_session.pool.stats, self._link.plans, global_labels or {})
        if type(session) is PoolSession:
            self._link.session = MeteredSession(session)
        return prometheus(metrics) if format == "prometheus" else metrics

    async def _hooked_raw(self, name: str, text: str, values: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """Run raw SQL through the hooks of the extensions."""
        method: Any = getattr(self._without_extensions(), name)
        operation = Operation(None, name, {"query": text, "args": tuple(values)}, self)
        hooks = self._extensions.hooks(None, name) if self._extensions is not None else ()
        return await through(hooks, operation, lambda chosen: method(chosen["query"], *chosen["args"], **options))

    # For the parts of the client

    async def _execute(
        self, model: str, action: str, arguments: Mapping[str, Any], form: RecordForm | None = None
    ) -> Any:
        """Run an operation and return its result as plain data, or as records of a form."""
        link = self._link
        session = link.session or await self._opened()
        if self._slowly:
            return await run_slowly(self, session, model, action, arguments, form)
        try:
            call = link.plans.program(model, action, arguments, self._omissions)
            return await run(self, session, call, model, action, arguments, form)
        except (DriverFault, PlanError, CompilerPanic) as failure:
            with failures.translated(self._schema, model):
                return await run_again(self, session, failure, model, action, arguments, form)

    async def _opened(self) -> Session:
        """Return the session, connecting for a client that does so by itself.

        Raises:
            ClientNotConnectedError: it does not, and nobody did.
        """
        link = self._link
        if link.session is None and self._lazy_connect:
            async with link.opening.lock():
                # Another operation may have connected meanwhile, or does so in another event loop.
                if not self.is_connected():
                    with suppress(AlreadyConnectedError):
                        await self.connect()
        if link.session is None:
            raise ClientNotConnectedError
        return link.session

    def _copy(self, session: Session) -> Self:
        """Return a client like this one whose operations run in `session`."""
        copied = self._copied
        if copied is None:
            # Actions belong to one client. Those of a copy are made when they are asked for: a transaction uses few.
            originals = self._actions()
            copied = {name: value for name, value in vars(self).copy().items() if name not in originals}
            copied["_originals"] = originals
            copied.pop("_copied", None)
            vars(self)["_copied"] = copied
        twin = object.__new__(type(self))
        vars(twin).update(copied, _link=self._link.to(session))
        return twin

    @property
    def _active_provider(self) -> str:
        return self._schema.provider

    @property
    def _internal_engine(self) -> Session | None:
        # Programs look here whether a client is connected.
        return self._link.session


def _seconds(duration: Any, name: str) -> float:
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    warnings.warn(
        f"Passing a number as `{name}` is deprecated, pass a `datetime.timedelta` instead.",
        DeprecationWarning,
        stacklevel=4,
    )
    return float(duration)
