"""Query and log events: what handlers and loggers receive."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prisma import Prisma
from prisma.client import LogEvent, QueryEvent
from prisma.errors import TransactionExpiredError, UniqueViolationError
from servers.spellings import Spelling

pytestmark = [pytest.mark.tasks, pytest.mark.portable]

SECRET = "ada@example.com"


async def test_query_events(make_client: Any, spelling: Spelling, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    events: list[QueryEvent] = []
    began = datetime.now(UTC)
    async with make_client() as db:
        db.on("query", events.append)
        await db.user.find_unique({"email": SECRET})
        async with db.tx() as tx:
            await tx.query_raw(f"SELECT {spelling.parameter} AS n", 7)
    find, begin, raw, commit = events
    assert ([event.query for event in (begin, raw, commit)], raw.params) == (
        [spelling.begin, f"SELECT {spelling.parameter} AS n", "COMMIT"],
        (7,),
    )
    assert (re.findall(r"FROM \W\w+\W\.\W(\w+)", find.query), find.params[0], find.target) == (
        ["users"],
        SECRET,
        "prisma.query",
    )
    assert all(began <= event.timestamp <= datetime.now(UTC) and 0 < event.duration < 60_000 for event in events)
    assert SECRET not in repr(find) + caplog.text
    assert [record for record in caplog.records if record.name.startswith("prisma")] == []


async def test_events_of_nested_transactions_while_metrics_are_read(make_client: Any, spelling: Spelling) -> None:
    told: list[str] = []
    async with make_client() as db:
        await db.get_metrics()
        db.on("query", lambda event: told.append(event.query))
        async with db.tx(isolation_level="Serializable") as tx:
            async with tx.tx() as nested:
                await nested.execute_raw("SELECT 1")
            with pytest.raises(KeyError):
                async with tx.tx():
                    raise KeyError
        statements = (await db.get_metrics()).histograms[2].value.count
    assert (told, statements) == (
        [
            spelling.begin,
            "SAVEPOINT prisma_sp_1",
            "SELECT 1",
            "RELEASE SAVEPOINT prisma_sp_1",
            "SAVEPOINT prisma_sp_2",
            "ROLLBACK TO SAVEPOINT prisma_sp_2",
            "RELEASE SAVEPOINT prisma_sp_2",
            "COMMIT",
        ],
        8,
    )


@pytest.mark.needs("standard_quotes")
async def test_log_levels(make_client: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with make_client(log=["query", "info", "warn", "error"]) as db:
        await db.user.create({"id": "ada", "email": SECRET})
        with pytest.raises(UniqueViolationError):
            await db.user.create({"email": SECRET})
    told = [(r.name, r.levelname) for r in caplog.records if r.name.startswith("prisma.")]
    assert told == [
        ("prisma.client", "INFO"),
        ("prisma.query", "INFO"),
        ("prisma.query", "ERROR"),
        ("prisma.client", "ERROR"),
        ("prisma.client", "INFO"),
    ]
    assert SECRET not in caplog.text


async def test_log_queries_of_older_programs(make_client: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with make_client(log_queries=True) as db:
        await db.query_raw("SELECT 1")
        await db.query_raw("""
            SELECT 1
            AS n
        """)
    messages = [r.getMessage() for r in caplog.records if r.name == "prisma.query"]
    assert [message.partition("ms: ")[2] for message in messages] == ["SELECT 1", "SELECT 1 AS n"]


async def test_info_warn_and_error_events(make_client: Any, spelling: Spelling) -> None:
    events: list[LogEvent] = []
    db = make_client()
    for level in ("info", "warn", "error"):
        db.on(level, events.append)
    await db.connect()
    with pytest.raises(TransactionExpiredError):
        async with db.tx(timeout=timedelta(milliseconds=20)) as tx:
            await tx.query_raw(spelling.sleep(5))
    await db.disconnect()
    assert [(event.level, event.message.split()[0]) for event in events] == [
        ("info", "Connected;"),
        ("warn", "A"),
        ("info", "Disconnected."),
    ]


async def test_a_failing_handler_fails_no_query(make_client: Any, caplog: pytest.LogCaptureFixture) -> None:
    def fail(event: QueryEvent) -> None:
        raise ZeroDivisionError

    async with make_client() as db:
        db.on("query", fail)
        assert await db.query_raw("SELECT 1 AS n") == [{"n": 1}]
    assert "A handler of query events failed." in caplog.text


@pytest.mark.parametrize("use", [lambda level: Prisma(log=[level]), lambda level: Prisma().on(level, print)])
def test_unknown_levels(use: Any) -> None:
    with pytest.raises(ValueError, match="There is no log level 'trace'; use query, info, warn, error"):
        use("trace")


@pytest.mark.schema("blog")
async def test_log_queries(make_client: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "prisma.query"):
        async with make_client(log_queries=True) as db:
            await db.user.count(where={"name": "a secret"})
    assert any("SELECT COUNT" in message for message in caplog.messages)
    assert "a secret" not in caplog.text
