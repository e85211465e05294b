"""A program's run on a real PostgreSQL, and what it did there."""

from __future__ import annotations

from typing import Any

from prisma.drivers.postgresql.asyncpg import AsyncpgConnection
from prisma.engine.effects import Begin, Commit, Effect, Rollback, RunExecute, RunQuery
from prisma.engine.generators import Generators
from prisma.engine.plan_error import PlanError
from prisma.engine.program import Program
from prisma.faults import DriverFault


async def perform(connection: AsyncpgConnection, effect: Effect) -> Any:
    """Do what an effect asks for and return the answer."""
    match effect:
        case RunQuery(sql, args):
            return [dict(row) for row in await connection.query(sql, args)]
        case RunExecute(sql, args):
            return await connection.execute(sql, args)
        case Begin():
            return await connection.begin() is None
        case Commit():
            return await connection.commit()
        case Rollback():
            return await connection.rollback()


async def run(
    connection: AsyncpgConnection, program: Program, values: list[Any], generators: Generators
) -> dict[str, Any]:
    """Run a program and return its steps and its result or error."""
    steps: list[dict[str, Any]] = []
    flow = program.run(values, (), generators)
    try:
        effect = next(flow)
        while True:
            step: dict[str, Any] = {"effect": type(effect).__name__}
            if isinstance(effect, RunQuery | RunExecute):
                step |= {"sql": effect.sql, "args": effect.args}
            steps.append(step)
            try:
                answer = await perform(connection, effect)
            except DriverFault as fault:
                step["fault"] = {"kind": fault.kind, "fields": fault.fields}
                effect = flow.throw(fault)
            else:
                step["answer"] = answer
                effect = flow.send(answer)
    except StopIteration as end:
        return {"steps": steps, "result": end.value}
    except PlanError as error:
        return {"steps": steps, "error": {"code": error.code, "message": error.message, "meta": error.meta}}
    except DriverFault as fault:
        return {"steps": steps, "error": {"kind": fault.kind}}
