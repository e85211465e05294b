"""The embedded PostgreSQL: kept between runs, shared, stopped by the last one, and at home in long paths."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from app.database_url import DatabaseUrl
from app.embedded import embedded_server
from app.fatal import FatalError
from prisma import Prisma

MAX_PID = 4_194_304  # more than Linux gives to any process


@pytest.fixture
def folder() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="app-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def ask(url: DatabaseUrl, statement: str) -> list[dict[str, object]]:
    async with Prisma(datasource={"url": url.text()}, use_dotenv=False) as db:
        return await db.query_raw(statement)  # pyright: ignore[reportArgumentType]


async def test_keeps_its_data(folder: Path):
    with embedded_server(folder) as url:
        await ask(url, "CREATE TABLE kept AS SELECT 1 AS one")
    with embedded_server(folder) as again:
        assert await ask(again, "SELECT one FROM kept") == [{"one": 1}]
    assert (url, url.database, url.host) == (again, "ainative", str(folder / "postgres"))


async def test_a_long_path_gets_its_socket_elsewhere(folder: Path):
    deep = folder / ("d" * 100)
    with embedded_server(deep) as url:
        assert await ask(url, "SELECT 1 AS one") == [{"one": 1}]
    assert not url.host.startswith(str(folder))
    shutil.rmtree(url.host)


def test_a_killed_process_does_not_keep_the_server_running(folder: Path):
    with embedded_server(folder):
        pass
    users = folder / "postgres" / ".handle_pids.json"
    users.write_text(json.dumps([MAX_PID]))

    with embedded_server(folder):
        assert json.loads(users.read_text()) == [os.getpid()]
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_a_broken_data_folder_is_said(folder: Path):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("18\n")

    with pytest.raises(FatalError, match="did not start") as caught, embedded_server(folder):
        pass
    assert "to begin anew" in (caught.value.fix or "")


def test_data_of_another_version_are_said(folder: Path):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("14\n")

    with pytest.raises(FatalError, match="did not start"), embedded_server(folder):
        pass


@pytest.mark.parametrize("name", ["my data", "a;b", "$HOME", "a'b"])
def test_a_path_that_shells_would_break_is_refused(folder: Path, name: str):
    with pytest.raises(FatalError, match="special character"), embedded_server(folder / name):
        pass
    assert list(folder.iterdir()) == []
