"""The service: its route for one user, asked with a key, which it looks up in each request."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from app.auth.keys import new_key, stored
from app.config.settings import Environment, load_settings
from app.main import create_app
from benchmarks import workloads as w
from benchmarks.database import ROOT
from benchmarks.peers.asgi import request
from benchmarks.peers.protocol import Work

PATH: Final = "/api/v1/users/"
CALLER: Final = "caller"


async def open(folder: str, connections: int) -> HttpService:
    url = f"postgresql://postgres@localhost/postgres?host={quote(folder, safe='')}"
    settings = replace(load_settings({}, ROOT), environment=Environment.TEST, database_url=url, pool_size=connections)
    app, stack = create_app(settings), AsyncExitStack()
    state: Any = await stack.enter_async_context(app.router.lifespan_context(app))
    key = await _admin_key(state["db"])
    return HttpService(app, stack, dict(state), ((b"x-api-key", key.encode()),))


async def _admin_key(db: Any) -> str:
    key = new_key()
    await db.user.create(data={"id": CALLER, "email": "caller@example.com", "role": "ADMIN"})
    await db.apikey.create(data={"userId": CALLER, "name": "Benchmark", "key": stored(key)})
    return key


class HttpService:
    """The running application."""

    def __init__(
        self, app: Any, stack: AsyncExitStack, state: dict[str, Any], headers: tuple[tuple[bytes, bytes], ...]
    ) -> None:
        self.stack = stack
        self.db = state["db"]
        self.workloads: dict[str, Work] = {"HTTP": lambda index: request(app, PATH + w.user_id(index), headers, state)}

    def shown(self, answer: Any) -> Any:
        return answer

    async def close(self) -> None:
        await self.db.user.delete({"id": CALLER})
        await self.stack.aclose()
