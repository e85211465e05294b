"""Tortoise over asyncmy, with the models and the calls of its peer on PostgreSQL."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from tortoise import Tortoise

from benchmarks.peers.tortoise_orm import TortoiseOrm


async def open(url: str, connections: int) -> TortoiseOrm:
    parts = urlsplit(url)
    credentials = {
        "host": parts.hostname,
        "port": parts.port,
        "user": parts.username,
        "password": unquote(parts.password or ""),
        "database": parts.path.removeprefix("/"),
        "minsize": connections,
        "maxsize": connections,
    }
    await Tortoise.init(
        config={
            "connections": {"default": {"engine": "tortoise.backends.mysql", "credentials": credentials}},
            "apps": {"models": {"models": ["benchmarks.peers.tortoise_orm"], "default_connection": "default"}},
            "use_tz": False,
            "timezone": "UTC",
        }
    )
    return TortoiseOrm()
