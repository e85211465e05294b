"""Studio's server on a real database, and a browser that has opened the printed address."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from prisma.cli.commands.studio import studio_options
from prisma.drivers.postgresql.psycopg.text_connection import TextPool
from prisma.drivers.postgresql.url import parse_url
from prisma.studio.database import StudioDatabase
from prisma.studio.postgresql import PostgresStudio
from prisma.studio.server import StudioServer
from servers import PATIENCE

ASSETS = {"studio.css": b"/* style */", "studio.js": b"// script"}
Running = Callable[[str], AbstractContextManager["Studio"]]


@dataclass
class Studio:
    """A running server, and the browser's connection to it."""

    server: StudioServer
    pool: TextPool | None
    http: httpx.Client

    def ask(self, **request: Any) -> Any:
        """Ask as the page does, and return the answer."""
        # In ASCII, as half a character has no other form.
        response = self.http.post("/bff", content=json.dumps(request), headers={"Content-Type": "application/json"})
        assert (response.status_code, response.headers["content-type"]) == (200, "application/json"), response
        return response.json()

    def query(self, sql: str, *parameters: Any, **more: Any) -> Any:
        return self.ask(procedure="query", query={"sql": sql, "parameters": list(parameters)}, **more)


@contextmanager
def serving(database: StudioDatabase, pool: TextPool | None = None) -> Iterator[Studio]:
    """Run Studio on a database."""
    server = StudioServer(0, database, ASSETS)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        address = urlsplit(server.access.address)
        with httpx.Client(base_url=f"http://{address.netloc}", trust_env=False, timeout=PATIENCE) as http:
            assert http.get(f"/?{address.query}").status_code == 303
            yield Studio(server, pool, http)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(url: str) -> Iterator[Studio]:
    """Run Studio on a database of PostgreSQL."""
    pool = TextPool(studio_options(parse_url(url)))
    try:
        with serving(PostgresStudio(pool), pool) as studio:
            yield studio
    finally:
        pool.close(0)


@pytest.fixture
def serve() -> Callable[[StudioDatabase], AbstractContextManager[Studio]]:
    """Runs Studio on a database of any kind."""
    return serving


@pytest.fixture
def run() -> Running:
    """Runs Studio on the database of a URL."""
    return running


@pytest.fixture
def studio(database: str) -> Iterator[Studio]:
    """Studio on an empty database."""
    with running(database) as studio:
        yield studio
