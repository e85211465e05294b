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

pytestmark = pytest.mark.long

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
# A row of each table, with the column that is edited; its value is the table's name.
ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "users": ("name", {"id": "u1", "email": "seen@example.com", "updatedAt": "now"}),
    "accounts": ("type", {"id": "x", "userId": "u1", "provider": "p", "providerAccountId": "a"}),
    "api_keys": ("name", {"id": "x", "userId": "u1", "key": "k"}),
    "billing_info": ("city", {"id": "x", "userId": "u1", "updatedAt": "now"}),
    "credits": ("description", {"id": "x", "userId": "u1", "amount": "1", "type": "BONUS"}),
    "invoices": (
        "stripeInvoiceId",
        {"id": "x", "billingInfoId": "x", "amount": "1", "status": "OPEN", "periodStart": "now", "periodEnd": "now"},
    ),
    "projects": ("name", {"id": "x", "userId": "u1", "updatedAt": "now"}),
    "rate_limits": ("endpoint", {"id": "x", "identifier": "ip", "resetAt": "now"}),
    "sessions": ("sessionToken", {"id": "x", "userId": "u1", "expires": "now"}),
    "subscriptions": (
        "stripeCustomerId",
        {"id": "x", "userId": "u1", "plan": "PRO", "status": "ACTIVE", "updatedAt": "now"},
    ),
    "usage_metrics": ("endpoint", {"id": "x", "userId": "u1"}),
    "verification_tokens": ("identifier", {"token": "t", "expires": "now"}),
}
# It has no primary key, without which Studio shows rows but changes none.
KEYLESS = "verification_tokens"
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
async def test_studio_shows_and_edits_every_table_and_calls_nobody(
    project: Project, database: str, query: Query, tmp_path: Path
) -> None:
    from playwright.async_api import async_playwright

    assert CHROMIUM, "CI must have Chromium"
    project.use(database)
    script = project.run(
        *("migrate", "diff", "--from-empty", "--script"), f"--to-schema-datamodel={ROOT / 'schema.prisma'}"
    )
    assert project.run("db", "execute", "--stdin", stdin=script.out).code == 0
    for table, (column, row) in ROWS.items():
        await query(database, _insert(table, {column: f"{table}!", **row}))
    recorded = tmp_path / "recorded"
    requests: list[str] = []
    with studio(project, recorded) as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
            page = await browser.new_page(viewport={"width": 1920, "height": 1080})
            page.set_default_timeout(PAGE_TIMEOUT)
            page.context.on("request", lambda request: requests.append(request.url))
            async with page.expect_request("**/telemetry"):
                await page.goto(address)
            for table in ROWS:
                await _edit(page, table)
            await browser.close()
    edited = {table: await query(database, f'SELECT "{column}" FROM "{table}"') for table, (column, _) in ROWS.items()}
    assert edited == {table: [f"{table}!" if table == KEYLESS else f"{table}, edited"] for table in ROWS}
    assert {urlsplit(url).hostname for url in requests} <= LOCAL, requests
    host = parse_qs(urlsplit(database).query)["host"][0]
    assert {json.loads(line) for line in recorded.read_text().splitlines()} == {f"{host}/.s.PGSQL.5432"}


def _insert(table: str, row: dict[str, str]) -> str:
    columns, values = (
        ", ".join(f"{mark}{text}{mark}" for text in texts) for mark, texts in (('"', row), ("'", row.values()))
    )
    return f'INSERT INTO "{table}" ({columns}) VALUES ({values})'


async def _edit(page: Any, table: str) -> None:
    """Change the cell that holds the table's name, and save the row."""
    await page.get_by_text(table, exact=True).first.click()
    cell = page.get_by_text(f"{table}!", exact=True).first
    if table == KEYLESS:
        await cell.wait_for()
        return
    await cell.dblclick()
    await page.keyboard.press("Control+a")
    await page.keyboard.type(f"{table}, edited")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Save 1 row").click()
    await page.get_by_text("yes, write to db").click()
    await page.get_by_role("button", name="Save 1 row").wait_for(state="detached")


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
