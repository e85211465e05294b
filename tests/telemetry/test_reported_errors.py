"""Errors in the log: whatever the database repeats of a request, neither the log nor the response has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Generator
from typing import Any, LiteralString, TypeAlias

import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel

from app.config.settings import Settings
from app.main import create_app
from app.telemetry.logs import JsonFormatter, ReadableFormatter
from prisma import Prisma
from prisma.errors import DataError

# Put together here, because tracebacks show lines of this file.
VALUE = "-".join(("ann", "of", "value"))

Work: TypeAlias = Callable[[Prisma], Coroutine[None, None, object]]


class Records(logging.Handler):
    """Everything that is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def written(self, formatter: logging.Formatter) -> str:
        return "\n".join(map(formatter.format, self.records))


@pytest.fixture
def logged() -> Generator[Records]:
    handler = Records()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


class Number(BaseModel):
    number: int


async def two_users(db: Prisma) -> object:
    await db.user.create(data={"email": VALUE})
    return await db.user.create(data={"email": VALUE})


async def two_raw_users(db: Prisma) -> object:
    insert = 'INSERT INTO users (id, email, "updatedAt") VALUES ($1, $2, now())'
    await db.execute_raw(insert, "1", VALUE)
    return await db.execute_raw(insert, "2", VALUE)


async def an_incomplete_row(db: Prisma) -> object:
    return await db.execute_raw("INSERT INTO users (id, email) VALUES ($1, $2)", VALUE, VALUE)


def asked(statement: LiteralString) -> Work:
    async def work(db: Prisma) -> object:
        return await db.query_raw(statement, VALUE)

    return work


by_the_driver = asked("SELECT $1::uuid")
by_the_server = asked("SELECT $1::text::uuid")


async def a_lone_surrogate(db: Prisma) -> object:
    return await db.query_raw("SELECT $1::text", f"{VALUE}\ud800")


async def an_explained_error(db: Prisma) -> object:
    try:
        return await by_the_driver(db)
    except DataError as error:
        raise RuntimeError("The report failed.") from error


async def an_error_after_an_error(db: Prisma) -> object:
    try:
        return await asked("SELECT $1::text::date")(db)
    finally:
        await by_the_driver(db)


async def a_group(db: Prisma) -> object:
    async with asyncio.TaskGroup() as group:
        group.create_task(by_the_driver(db))


async def a_lost_task(db: Prisma) -> object:
    loop = asyncio.get_running_loop()
    lost = loop.create_future()
    try:
        await by_the_driver(db)
    except DataError as error:
        lost.set_exception(error)
        loop.call_exception_handler({"message": "A task failed.", "exception": error, "future": lost})
        logging.getLogger("tests").warning("It failed: %s, %r", error, error)
        logging.getLogger("tests").warning(error)
        raise


async def a_row_that_does_not_fit(db: Prisma) -> object:
    return Number.model_validate({"number": VALUE})


CASES: dict[str, tuple[Work, int, tuple[str, ...]]] = {
    "unique": (two_users, 409, ()),
    "unique, raw": (two_raw_users, 500, ("P2010, sqlstate 23505", "table users, constraint users_email_key")),
    "row": (an_incomplete_row, 500, ("P2010, sqlstate 23502", "table users, column updatedAt")),
    "the driver": (by_the_driver, 500, ("P2010, sqlstate 22P02",)),
    "the server": (by_the_server, 500, ("P2010, sqlstate 22P02",)),
    "character": (a_lone_surrogate, 500, ("P2010",)),
    "table": (asked("SELECT $1::regclass"), 503, ("P2010, sqlstate 42P01",)),
    "role": (asked("SELECT $1::regrole"), 500, ("P2010, sqlstate 42704",)),
    "explained": (an_explained_error, 500, ("RuntimeError: The report failed.", "sqlstate 22P02")),
    "after another": (an_error_after_an_error, 500, ("sqlstate 22007", "sqlstate 22P02")),
    "group": (a_group, 500, ("ExceptionGroup", "sqlstate 22P02")),
    "task": (a_lost_task, 500, ("A task failed.", "It failed: P2010, sqlstate 22P02, RawQueryError('P2010")),
    "validation": (a_row_that_does_not_fit, 500, ("number (int_parsing)",)),
}


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    """The application, with a route that does the work of a case."""
    app = create_app(settings)

    @app.get("/case/{name}")
    async def case(name: str, request: Request) -> None:  # pyright: ignore[reportUnusedFunction]
        await CASES[name][0](request.state.db)

    return app


@pytest.mark.parametrize("name", CASES)
async def test_no_value_of_the_database_is_told(serve_app: Any, app: FastAPI, logged: Records, name: str):
    _, status, told = CASES[name]
    async with serve_app(app) as client:
        answer = await client.get(f"/case/{name}")
    texts = [logged.written(JsonFormatter()), logged.written(ReadableFormatter())]
    assert (answer.status_code, [text for text in (*texts, answer.text) if VALUE in text]) == (status, [])
    assert [fact for fact in told for text in texts if fact not in text] == []
    # What Python itself would have written.
    usual = logged.written(logging.Formatter())
    assert (VALUE in usual) is bool(told)
