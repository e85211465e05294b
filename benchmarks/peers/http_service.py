"""The service: its route for one user."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from app.main import create_app
from app.settings import Environment, load_settings
from benchmarks import workloads as w
from benchmarks.database import ROOT
from benchmarks.peers.asgi import request
from benchmarks.peers.protocol import Work

PATH: Final = "/api/users/"
HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = ()


async def open(folder: str, connections: int) -> HttpService:
    url = f"postgresql://postgres@localhost/postgres?host={quote(folder, safe='')}"
    settings = replace(load_settings({}, ROOT), environment=Environment.TEST, database_url=url, pool_size=connections)
    app, stack = create_app(settings), AsyncExitStack()
    state: Any = await stack.enter_async_context(app.router.lifespan_context(app))
    return HttpService(app, stack, dict(state or {}))


class HttpService:
    """The running application."""

    def __init__(self, app: Any, stack: AsyncExitStack, state: dict[str, Any]) -> None:
        self.stack = stack
        self.workloads: dict[str, Work] = {"HTTP": lambda index: request(app, PATH + w.user_id(index), HEADERS, state)}

    def shown(self, answer: Any) -> Any:
        return answer

    async def close(self) -> None:
        await self.stack.aclose()
