"""Studio in a real browser, on a migrated database, with every connection recorded."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

Project = Any
Query = Any

ROOT = Path(__file__).parents[4]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = {"127.0.0.1", "localhost"}
PAGE_TIMEOUT = 60_000
TABLES = [
    *("accounts", "api_keys", "billing_info", "credits", "invoices", "projects", "rate_limits", "sessions"),
    *("subscriptions", "usage_metrics", "users", "verification_tokens"),
]
# Loaded into every Node before its program: writes down where each socket goes, also of Node's own children.
RECORDER = """
import fs from 'node:fs'
import net from 'node:net'
const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...words) {
  const target = [words[0]].flat()[0]
  fs.appendFileSync(process.env.RECORDED, JSON.stringify(target.path ?? target.host ?? target) + '\\n')
  return connect.apply(this, words)
}
"""


@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium (Debian: chromium)")
async def test_studio_shows_the_tables_and_a_row_and_calls_nobody(
    project: Project, database: str, query: Query, tmp_path: Path
) -> None:
    from playwright.async_api import async_playwright

    assert CHROMIUM, "CI must have Chromium"
    project.use(database)
    script = project.run(
        *("migrate", "diff", "--from-empty", "--script"), f"--to-schema-datamodel={ROOT / 'schema.prisma'}"
    )
    assert project.run("db", "execute", "--stdin", stdin=script.out).code == 0
    await query(database, "INSERT INTO users (id, email, \"updatedAt\") VALUES ('u1', 'seen@example.com', now())")
    recorded = tmp_path / "recorded"
    requests: list[str] = []
    with studio(project, recorded) as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
            page = await browser.new_page()
            page.set_default_timeout(PAGE_TIMEOUT)
            page.context.on("request", lambda request: requests.append(request.url))
            async with page.expect_request("**/telemetry"):
                await page.goto(address)
            for table in TABLES:
                await page.get_by_text(table, exact=True).first.wait_for()
            await page.get_by_text("users", exact=True).first.click()
            await page.get_by_text("seen@example.com").first.wait_for()
            await browser.close()
    assert {urlsplit(url).hostname for url in requests} <= LOCAL, requests
    host = parse_qs(urlsplit(database).query)["host"][0]
    assert {json.loads(line) for line in recorded.read_text().splitlines()} == {f"{host}/.s.PGSQL.5432"}


@contextmanager
def studio(project: Project, recorded: Path) -> Iterator[str]:
    """Start Studio on a free port, wait until it says where it is, and stop it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    recorder = project.write("recorder.mjs", RECORDER)
    process = subprocess.Popen(
        project.command("studio", "--port", str(port), "--browser", "none"),
        cwd=project.folder,
        env=project.full_environment({"NODE_OPTIONS": f"--import file://{recorder}", "RECORDED": str(recorded)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "running at" in line:
                yield f"http://localhost:{port}/"
                break
        else:
            pytest.fail("Studio ended before it ran.")
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def test_a_port_that_is_taken_is_one_message(project: Project, database: str) -> None:
    project.use(database)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = project.run("studio", "--port", str(port), more={"PATH": ""})
    assert (done.code, f"Port {port} is taken" in done.err, f"--port {port + 1}" in done.err) == (1, True, True), done


def test_a_server_that_is_away_and_a_foreign_host_are_one_message(project: Project) -> None:
    project.use("postgresql://ada:s3cret@127.0.0.1:1/x")
    away = project.run("studio")
    assert (away.code, "Can't reach database server at 127.0.0.1:1" in away.err, "s3cret" in away.err) == (
        1,
        True,
        False,
    )
    foreign = project.run("studio", "--hostname", "0.0.0.0")
    assert (foreign.code, "listens on 127.0.0.1 only" in foreign.err) == (1, True)
