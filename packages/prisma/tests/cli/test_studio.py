"""`prisma studio` as a command; `tests/studio` asks its server, and the service's tests use its page."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from servers import PATIENCE

Project = Any

NO_NODE = {"PATH": ""}
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}")


@contextmanager
def studio(project: Project, *words: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start Studio; give the process and what it printed up to the address."""
    process = subprocess.Popen(
        project.command("studio", *words),
        cwd=project.folder,
        env=project.full_environment({"BROWSER": "none", **more}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = ""
        while not (found := ADDRESS.search(line)):
            line = process.stdout.readline()
            assert line or process.poll() is None, process.communicate()
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_without_node_until_it_is_stopped(project: Project, database: str, number: signal.Signals) -> None:
    project.use(database)
    with studio(project, more_port(), **NO_NODE) as (process, address):
        with httpx.Client(trust_env=False, follow_redirects=True) as http:
            page = http.get(address)
            sizes = {name: len(http.get(f"{page.url}{name}").content) for name in ("studio.js", "studio.css")}
            question = {"procedure": "query", "query": {"sql": "SELECT current_setting('application_name') AS name"}}
            answer = http.post(f"{page.url}bff", json=question).json()
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out.strip(), err) == (0, "", "")
    assert ("<title>Prisma Studio</title>" in page.text, min(sizes.values()) > 100_000) == (True, True)
    assert answer == [None, [{"name": "prisma-studio"}]]


def more_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"--port={free.getsockname()[1]}"


def test_it_opens_the_browser_with_an_address_of_its_own(project: Project, database: str, tmp_path: Path) -> None:
    project.use(database)
    opened = tmp_path / "opened"
    program = project.write("browser", f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
    program.chmod(0o755)
    with studio(project, more_port(), "--browser", str(program)) as (process, printed):
        while not opened.exists():
            assert process.poll() is None
        given = opened.read_text().strip()
        codes = [httpx.get(address, trust_env=False).status_code for address in (given, given, printed, printed)]
    assert (given != printed, codes) == (True, [303, 401, 303, 303])


def test_two_studios_get_two_ports(project: Project, database: str) -> None:
    project.use(database)
    with studio(project) as (_, first), studio(project) as (_, second):
        ports = [int(address.partition("1:")[2].partition("/")[0]) for address in (first, second)]
    assert 5555 <= ports[0] < ports[1] <= 5564


def test_a_port_that_is_taken_is_one_message(project: Project, database: str) -> None:
    project.use(database)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = project.run("studio", "--port", str(port), more=NO_NODE)
    assert (done.code, f"Port {port} is taken" in done.err, f"--port {port + 1}" in done.err) == (1, True, True), done


def test_what_is_missing_or_foreign_is_one_message(project: Project) -> None:
    project.use("postgresql://ada:s3cret@127.0.0.1:1/x")
    away = project.run("studio")
    assert (away.code, "Can't reach database server at `127.0.0.1:1`" in away.err, "s3cret" in away.err) == (
        1,
        True,
        False,
    )
    foreign = project.run("studio", "--hostname", "0.0.0.0")
    assert (foreign.code, "listens on 127.0.0.1 only" in foreign.err) == (1, True)
    program = (
        "import sys; sys.modules['prisma_studio'] = None; from prisma.cli.main import run; sys.exit(run(['studio']))"
    )
    bare = project.start([sys.executable, "-c", program])
    assert (bare.code, bare.err.splitlines()) == (
        1,
        ["Error: Studio's page is a package of its own: install it with `pip install 'prisma[studio]'`."],
    )
