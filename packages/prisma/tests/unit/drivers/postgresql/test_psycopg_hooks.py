"""The places inside psycopg that the driver builds on, so that a new version can't take one away unseen."""

from __future__ import annotations

from psycopg import generators, waiting
from psycopg.pq import PGconn

from prisma.drivers.postgresql.psycopg import wire


def test_the_hooks_exist() -> None:
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
