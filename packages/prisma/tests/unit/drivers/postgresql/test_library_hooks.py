"""Private parts of asyncpg and psycopg that the drivers use: a new version that lacks one fails here."""

from __future__ import annotations

import asyncpg
from psycopg import generators, waiting
from psycopg.pq import PGconn

from prisma.drivers.postgresql.psycopg import wire


def test_hooks_of_asyncpg() -> None:
    hooks = ["__del__", "_introspect_types", "_aborted", "_transport"]
    assert [name for name in hooks if not hasattr(asyncpg.Connection, name)] == []


def test_hooks_of_psycopg() -> None:
    hooks = {
        generators: ["execute", "fetch_many", "send", "cancel"],
        waiting: ["wait", "wait_async", "wait_conn", "wait_conn_async"],
        PGconn: ["connect_start", "connect_poll", "send_close_prepared", "cancel_conn", "pgconn_ptr", "needs_password"],
    }
    assert [name for owner, names in hooks.items() for name in names if not hasattr(owner, name)] == []


def test_libpq_can_be_made_verbose() -> None:
    pgconn = PGconn.connect_start(b"host=/nowhere")
    assert wire._set_verbosity(pgconn, 2)  # pyright: ignore[reportPrivateUsage]
    pgconn.finish()
