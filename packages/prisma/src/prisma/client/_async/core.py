"""The core of a client: what its parts share, and the way of one call.

Actions, streams, batches, transactions and raw SQL have a core and know no client.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Self

from prisma.client._async.batching import Batcher
from prisma.client._async.compilation import compiled
from prisma.client._async.session import PoolSession, Session
from prisma.client.explain import failures
from prisma.client.planning.batching import LOOKUPS
from prisma.client.planning.plans import NewShape
from prisma.client.planning.upsert_races import Race
from prisma.client.telemetry.tracing import Tracing
from prisma.engine.plan_error import PlanError
from prisma.engine.program import Program
from prisma.errors import DataError
from prisma.faults import DriverFault
from prisma.wasm.errors import CompilerPanic

if TYPE_CHECKING:
    from prisma.client._async.link import Link
    from prisma.client.explain.call_site import CallSites
    from prisma.client.extension import Extensions
    from prisma.client.options import TransactionOptions
    from prisma.client.planning.plans import BoundProgram
    from prisma.client.request.call import Call
    from prisma.client.request.omit import Omissions
    from prisma.client.telemetry.observer import Observer
    from prisma.schema.metadata import Schema


class OnCore:
    """What runs on a core, and can be had on another one: a client, and the actions of a model."""

    _core: Core

    def _on(self, core: Core) -> Self:
        """Return one like this on another core."""
        raise NotImplementedError


class Core:
    """What the parts of one client share; the client of a transaction has another core.

    Attributes:
        link: the way to the database.
        observer: sees what the client does.
        omissions: the fields that are left out of every record.
        transaction_options: the defaults of `tx()`.
        extensions: None for a client without any.
        client: the extended client, which hooks are handed; None where there are no extensions.
        has_bytes: whether rows can hold bytes at all: to look for them takes as long as all else of a row.
    """

    def __init__(
        self,
        schema: Schema,
        link: Link,
        observer: Observer,
        *,
        omissions: Omissions,
        transaction_options: TransactionOptions,
        call_sites: CallSites | None,
    ) -> None:
        self.schema = schema
        self.link = link
        self.observer = observer
        self.omissions = omissions
        self.transaction_options = transaction_options
        self.extensions: Extensions | None = None
        self.client: Any = None
        self._batcher = Batcher()
        self._call_sites = call_sites
        self._slowly = observer.tracing is not None or call_sites is not None
        fields = (field for model in schema.models.values() for field in model.fields.values())
        self.has_bytes = any(field.type == "Bytes" for field in fields)

    @staticmethod
    def of(owner: OnCore) -> Core:
        """Return the core of a client, or of actions."""
        return owner._core  # pyright: ignore[reportPrivateUsage]

    def to(self, session: Session) -> Core:
        """Return a core like this one whose operations run in `session`."""
        return self.on(self.link.to(session))

    def on(self, link: Link) -> Core:
        """Return a core like this one on another link."""
        # A transaction copies its client's core, so this must be cheap: no `__init__`.
        core = object.__new__(type(self))
        core.__dict__ = self.__dict__.copy()
        core.link = link
        return core

    def extended(self, extensions: Extensions | None) -> Core:
        """Return a core like this one with other extensions, or with none."""
        core = object.__new__(type(self))
        core.__dict__ = self.__dict__.copy()
        core.extensions = extensions
        return core

    def to_primary(self) -> Core:
        """Return a core for the primary alone: this one, where there are no replicas."""
        return self

    def to_replicas(self) -> Core:
        """Return a core for the replicas alone: this one, where there are none."""
        return self

    async def execute(self, call: Call) -> Any:
        """Run an operation and return its result as plain data, or as records of the call's form."""
        link = self.link
        # An open client has a session: the common way awaits nothing here.
        session = link.session or await link.opened()
        if self._slowly:
            return await self._execute_slowly(session, call)
        try:
            return await self._run(session, call, link.plans.known(call))
        except NewShape as error:
            new = error
        except (DriverFault, PlanError, CompilerPanic) as failure:
            with failures.translated(self.schema, call.model):
                return await self._run_again(session, failure, call)
        # Outside the handler: a later error must not show this one as its context.
        with failures.translated(self.schema, call.model):
            return await self._attempted(session, call, await compiled(link.plans, call, new))

    def _run(self, session: Session, call: Call, bound: BoundProgram) -> Awaitable[Any]:
        """Run the program of a call; a form makes records of its result."""
        form = call.form
        # Programs are shared by all forms; the copy for a form is kept with the program.
        if form is not None:
            bound = bound[0].of_records(form), bound[1], bound[2]
        # Not with settings: a batch would answer one user with what another one may see.
        if call.action in LOOKUPS and isinstance(session, PoolSession) and session.settings is None:
            return self._batcher.run(session, bound, self.link.plans, call)
        return session.run(*bound)

    async def _run_again(self, session: Session, failure: Exception, call: Call) -> Any:
        """Run an operation again that lost a race, and return its result; raise the failure if it was none."""
        race = Race(self.schema)
        # Inside a transaction of the caller's all is lost: the server takes no more statements.
        while isinstance(session, PoolSession) and race.is_lost(failure, call):
            bound = self.link.plans.program(call)
            # Something of the first attempt may be in the database.
            if not (isinstance(bound[0], Program) and bound[0].is_atomic):
                break
            try:
                return await self._run(session, call, bound)
            except (DriverFault, PlanError) as later:
                failure = later
        raise failure

    async def _execute_slowly(self, session: Session, call: Call) -> Any:
        """Run an operation for a client that wants spans or long messages."""
        tracing = self.observer.tracing
        try:
            if tracing is not None:
                return await self._traced(tracing, session, call)
            with failures.translated(self.schema, call.model):
                return await self._attempted(session, call, await self._program(call, None))
        except DataError as error:
            if self._call_sites is not None:
                self._call_sites.explain(error, call)
            raise

    async def _traced(self, tracing: Tracing, session: Session, call: Call) -> Any:
        with (
            failures.translated(self.schema, call.model),
            tracing.span("operation", model=call.model, method=call.action),
        ):
            return await self._attempted(session, call, await self._program(call, tracing))

    async def _program(self, call: Call, tracing: Tracing | None) -> BoundProgram:
        """Return the program for a call; if it has to be compiled, in a span."""
        plans = self.link.plans
        try:
            return plans.known(call)
        except NewShape as error:
            new = error
        if tracing is None:
            return await compiled(plans, call, new)
        with tracing.span("compile"):
            return await compiled(plans, call, new)

    async def _attempted(self, session: Session, call: Call, bound: BoundProgram) -> Any:
        try:
            return await self._run(session, call, bound)
        except (DriverFault, PlanError) as failure:
            return await self._run_again(session, failure, call)
