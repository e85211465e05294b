"""Operations: run one on a session, alone or with others of its shape, in a span, with the long form of errors."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any

from prisma.client import failures
from prisma.client._async.session import PoolSession, Session
from prisma.client.callsite import explain
from prisma.client.gathering import LOOKUPS
from prisma.client.plans import Call
from prisma.client.races import Race
from prisma.client.tracing import Tracing
from prisma.engine.forms import RecordForm
from prisma.engine.plan_error import PlanError
from prisma.engine.program import Program
from prisma.errors import DataError
from prisma.faults import DriverFault

if TYPE_CHECKING:
    from prisma.client._async.client import AsyncPrisma

# pyright: reportPrivateUsage=false
# These are parts of the client.


def run(
    client: AsyncPrisma,
    session: Session,
    call: Call,
    model: str,
    action: str,
    arguments: Mapping[str, Any],
    form: RecordForm | None,
) -> Awaitable[Any]:
    """Run an operation whose program is known; a form makes records of its result."""
    if form is not None:
        call = call[0].of_records(form), call[1], call[2]
    if action in LOOKUPS and isinstance(session, PoolSession):
        return client._lookups.run(session, call, client._link.plans, model, action, arguments, client._omissions, form)
    return session.run(*call)


async def run_again(
    client: AsyncPrisma,
    session: Session,
    failure: Exception,
    model: str,
    action: str,
    arguments: Mapping[str, Any],
    form: RecordForm | None,
) -> Any:
    """Run an operation again that lost a race, and return its result; raise the failure if it was none."""
    race = Race(client._schema)
    # Inside a transaction of the caller's all is lost: the server takes no more statements.
    while isinstance(session, PoolSession) and race.is_lost(failure, model, action, arguments):
        call = client._link.plans.program(model, action, arguments, client._omissions)
        if not (isinstance(call[0], Program) and call[0].is_atomic):
            break
        try:
            return await run(client, session, call, model, action, arguments, form)
        except (DriverFault, PlanError) as later:
            failure = later
    raise failure


async def run_slowly(
    client: AsyncPrisma,
    session: Session,
    model: str,
    action: str,
    arguments: Mapping[str, Any],
    form: RecordForm | None,
) -> Any:
    """Run an operation for a client that wants spans or long messages."""
    tracing = client._observer.tracing
    try:
        if tracing is not None:
            return await _traced(client, tracing, session, model, action, arguments, form)
        with failures.translated(client._schema, model):
            call = client._link.plans.program(model, action, arguments, client._omissions)
            return await _attempted(client, session, call, model, action, arguments, form)
    except DataError as error:
        if client._error_format != "minimal":
            attributes = {name: attribute for attribute, name in client._model_attributes().items()}
            package = type(client).__module__.rpartition(".")[0]
            explain(error, client._error_format, package, attributes.get(model, model), action, arguments)
        raise


async def _traced(
    client: AsyncPrisma,
    tracing: Tracing,
    session: Session,
    model: str,
    action: str,
    arguments: Mapping[str, Any],
    form: RecordForm | None,
) -> Any:
    plans = client._link.plans
    with failures.translated(client._schema, model), tracing.span("operation", model=model, method=action):
        call = tracing.compiled(
            lambda: plans.misses, lambda: plans.program(model, action, arguments, client._omissions)
        )
        return await _attempted(client, session, call, model, action, arguments, form)


async def _attempted(client: AsyncPrisma, session: Session, call: Call, *asked: Any) -> Any:
    try:
        return await run(client, session, call, *asked)
    except (DriverFault, PlanError) as failure:
        return await run_again(client, session, failure, *asked)
