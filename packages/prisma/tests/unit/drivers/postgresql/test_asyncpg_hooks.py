"""The places inside asyncpg that the driver builds on, so that a new version of asyncpg can't take one away unseen."""

from __future__ import annotations

import asyncpg


def test_the_hooks_exist() -> None:
    hooks = ["__del__", "_introspect_types", "_aborted", "_transport"]
    assert [name for name in hooks if not hasattr(asyncpg.Connection, name)] == []
