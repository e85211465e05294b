"""The client that every generated asynchronous client derives from."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, get_args, overload

from pydantic import BaseModel

from prisma.client import registry
from prisma.client._async import raw
from prisma.client._async.actions import AsyncActions, AsyncModelActions, model_actions
from prisma.client._async.core import Core, OnCore
from prisma.client._async.link import Link, Target
from prisma.client._async.metered_session import MeteredSession
from prisma.client._async.routing import RoutedCore
from prisma.client._async.session import PoolSession, Session, TransactionSession
from prisma.client._async.settings_link import SettingsLink
from prisma.client._async.settings_session import SettingsSession
from prisma.client._async.transaction import checked_settings
from prisma.client.datasource import DatasourceOverride, load_env, replica_urls
from prisma.client.explain import failures
from prisma.client.explain.call_site import CallSites
from prisma.client.extension import Extension, Extensions
from prisma.client.options import ErrorFormat, TransactionOptions
from prisma.client.planning.load_strategy import LoadStrategy
from prisma.client.planning.plans import MAX_PLANS
from prisma.client.raw_sql.sql import Sql
from prisma.client.request.call import Call
from prisma.client.request.omit import read_omissions
from prisma.client.telemetry.events import Events, LogEvent, LogLevel, QueryEvent
from prisma.client.telemetry.meter import prometheus
from prisma.client.telemetry.observer import Observer
from prisma.client.telemetry.tracing import TracerProvider, make_tracing
from prisma.errors import TransactionError
from prisma.schema.metadata import Schema

if TYPE_CHECKING:
    from typing import Literal, LiteralString, Self

    from prisma.metrics import Metrics

ModelT = TypeVar("ModelT", bound=BaseModel)

USE_CLIENT_DEFAULT: Final = object()
MAX_REPLICA_LAG: Final = timedelta(seconds=10)


class AsyncPrisma(OnCore):
    """Connects to the database and runs operations.

    Generated clients add an attribute for each model, and name the driver if the schema chose one.
    """

    _driver: ClassVar[str] = "asyncpg"

    # What makes the actions of each model, and the schema's name of the model, by attribute.
    _members: ClassVar[Mapping[str, AsyncModelActions[Any]]] = {}
    _models: ClassVar[Mapping[str, str]] = {}

    # Programs look for the engine process here, and put their wrappers in its place.
    _engine: Any = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._members = {**cls._members, **model_actions(cls)}
        cls._models = {attribute: member.model for attribute, member in cls._members.items()}

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
        replicas: Sequence[str] | None = None,
        max_replica_lag: float | timedelta = MAX_REPLICA_LAG,
        read_your_writes: bool = False,
        relation_load_strategy: LoadStrategy | None = None,
    ) -> None:
        if error_format not in get_args(ErrorFormat):
            raise ValueError(f"There is no error format {error_format!r}; use {', '.join(get_args(ErrorFormat))}.")
        if relation_load_strategy not in {None, *get_args(LoadStrategy)}:
            raise ValueError(f'relation_load_strategy is "join", "query" or None, not {relation_load_strategy!r}.')
        if query_plan_cache_max_size < 0:
            raise ValueError(f"query_plan_cache_max_size must not be negative, got {query_plan_cache_max_size}.")
        if use_dotenv:
            load_env()
        # Settings of an HTTP client that is not there any more; kept so that programs which pass them go on.
        del http
        observer = Observer(Events([*log, *(["query"] if log_queries else [])]), make_tracing(tracing))
        seconds = _seconds(connect_timeout, "connect_timeout")
        max_lag = max_replica_lag.total_seconds() if isinstance(max_replica_lag, timedelta) else float(max_replica_lag)
        if isinstance(replicas, str) or max_lag <= 0:
            raise ValueError("`replicas` takes a list of URLs, and `max_replica_lag` must be positive.")
        if replicas is None:
            replicas = replica_urls(schema, datasource)
        target = Target(
            schema, self._driver, datasource, seconds, query_plan_cache_max_size, lazy_connect,
            replicas=tuple(replicas), max_lag=max_lag, reads_own_writes=read_your_writes,
            strategy=relation_load_strategy,
        )  # fmt: skip
        self._core = (RoutedCore if replicas else Core)(
            schema,
            Link(target, observer),
            observer,
            omissions=read_omissions(schema, self._models, omit),
            transaction_options=transaction_options or {},
            call_sites=None if error_format == "minimal" else self._call_sites(error_format),
        )
        if auto_register:
            registry.register(self)

    def _call_sites(self, error_format: ErrorFormat) -> CallSites:
        package = type(self).__module__.rpartition(".")[0]
        return CallSites(error_format, package, {model: attribute for attribute, model in self._models.items()})

    def _on(self, core: Core) -> Self:
        twin = object.__new__(type(self))
        # With what programs set. Actions belong to one core: those of the copy are made when they are asked for.
        attributes = self.__dict__.copy().items()
        twin.__dict__ = {name: value for name, value in attributes if not isinstance(value, AsyncActions)}
        twin._core = core
        if core.extensions is not None:
            core.client = twin
            vars(twin).update(core.extensions.client_methods(twin))
        return twin

    # Life cycle

    async def connect(self, timeout: int | timedelta | object = USE_CLIENT_DEFAULT) -> None:
        """Connect to the database.

        `timeout` bounds the whole of it, in seconds or as a timedelta.

        Raises:
            AlreadyConnectedError: the client is connected.
            EngineConnectionError: the database can't be reached, or refuses (`.code` says why).
        """
        limit = _seconds(timeout, "timeout") if isinstance(timeout, int | float | timedelta) else None
        await self._core.link.connect(limit)

    async def disconnect(self, timeout: float | timedelta | None = None) -> None:
        """Close all connections, waiting at most `timeout` (seconds) for those in use; nothing when not connected."""
        await self._core.link.disconnect(timeout)

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.is_connected():
            # A cancelled task, or an interrupted program, waits for no connection in use.
            await self.disconnect(0 if failures.interrupts(exc) else None)

    def is_connected(self) -> bool:
        """Return whether connect() succeeded and disconnect() was not called."""
        return self._core.link.source.session is not None

    def is_registered(self) -> bool:
        """Return whether this client is the one of model-based access."""
        return registry.is_registered(self)

    def is_transaction(self) -> bool:
        """Return whether this client's queries run inside a transaction."""
        return isinstance(self._core.link.session, TransactionSession)

    # Extensions

    def extends(self, *extensions: Extension) -> Self:
        """Return a copy of this client with extensions, on the same connection.

        Raises:
            UnknownModelError: an extension names a model by a word that is no attribute of the client.
            ValueError: a method or field that is added exists already.
        """
        core = self._core
        present = () if core.extensions is None else core.extensions.all
        combined = Extensions(core.schema, self._models, (*present, *extensions))
        combined.refuse_shadowed(type(self), {member.model: member.kind for member in self._members.values()})
        return self._on(core.extended(combined))

    # Settings

    def with_settings(self, settings: Mapping[str, str]) -> Self:
        """Return a copy of this client, on the same connection, whose operations each have these settings.

        Settings are the database's configuration parameters, such as `role` or a name that policies of row-level
        security read. They hold for the operation alone, and travel in the message of its statement.

        Raises:
            InputError: a setting is no text, or no text that the database can hold.
            TransactionError: this is the client of a transaction, whose settings are those of its `start`.
        """
        core = self._core
        if self.is_transaction():
            raise TransactionError(
                "Transaction API error: A transaction has the settings that its start() was given, for all operations."
            )
        return self._on(core.on(SettingsLink(core.link, checked_settings(settings))))

    # Replicas

    def primary(self) -> Self:
        """Return a copy of this client, on the same connections, whose reads are all answered by the primary.

        Raises:
            TransactionError: this is the client of a transaction, which is on one server.
        """
        return self._on(self._outside_transactions().to_primary())

    def replica(self) -> Self:
        """Return a copy of this client, on the same connections, whose operations all run on replicas.

        A replica takes no writes. A client without replicas returns a copy that uses its one database.

        Raises:
            TransactionError: this is the client of a transaction, which is on one server.
        """
        return self._on(self._outside_transactions().to_replicas())

    def _outside_transactions(self) -> Core:
        if self.is_transaction():
            raise TransactionError("Transaction API error: A transaction is on one server, with all its operations.")
        return self._core

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
        self._core.observer.events.on(level, handler)

    # Raw SQL

    @overload
    async def query_raw(self, query: LiteralString | Sql, *args: Any) -> list[dict[str, Any]]: ...

    @overload
    async def query_raw(self, query: LiteralString | Sql, *args: Any, model: type[ModelT]) -> list[ModelT]: ...

    async def query_raw(self, query: str | Sql, *args: Any, model: type[BaseModel] | None = None) -> list[Any]:
        """Run SQL that returns rows; `$1`, `$2`, … are the places of `args`. A fragment of `prisma.sql` has its own.

        Returns dictionaries by column name, or instances of `model`.

        Raises:
            RawQueryError: the database refused the statement.
        """
        return await raw.query_raw(self._core, query, args, model)

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
        return await raw.execute_raw(self._core, query, args)

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
        link = self._core.link.source
        session = await link.opened()
        pool_session = session.origin if isinstance(session, TransactionSession | SettingsSession) else session
        labels = global_labels or {}
        if pool_session.replicas is None:
            metrics = pool_session.meter.report(pool_session.pool.stats, link.plans, labels)
        else:
            metrics = pool_session.replicas.report(pool_session, link.plans, labels)
        if type(session) is PoolSession:
            link.session = MeteredSession(session)
        return prometheus(metrics) if format == "prometheus" else metrics

    # Names that programs look for

    def _execute(self, model: str, action: str, arguments: Mapping[str, Any]) -> Awaitable[Any]:
        core = self._core
        return core.execute(Call(model, action, arguments, core.omissions))

    def _copy(self, session: Session) -> Self:
        return self._on(self._core.to(session))

    @property
    def _active_provider(self) -> str:
        return self._core.schema.provider

    @property
    def _internal_engine(self) -> Session | None:
        return self._core.link.session


def _seconds(duration: Any, name: str) -> float:
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    warnings.warn(
        f"Passing a number as `{name}` is deprecated, pass a `datetime.timedelta` instead.",
        DeprecationWarning,
        stacklevel=4,
    )
    return float(duration)
