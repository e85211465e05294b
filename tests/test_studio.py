"""Studio in a real browser: on the database as the seed leaves it, with every connection recorded, and on a file."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from servers import PATIENCE

if TYPE_CHECKING:
    from prisma import Prisma

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent
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
PAGE = 25  # rows
# Each table's key, by which Studio orders it, and the column that is edited.
TABLES = {
    "users": ("id", "name"),
    "accounts": ("id", "access_token"),
    "api_keys": ("id", "name"),
    "billing_info": ("id", "city"),
    "credits": ("id", "description"),
    "invoices": ("id", "stripeInvoiceId"),
    "projects": ("id", "name"),
    "rate_limits": ("id", "endpoint"),
    "sessions": ("id", "sessionToken"),
    "subscriptions": ("id", "stripeCustomerId"),
    "usage_metrics": ("id", "endpoint"),
    # It has no primary key, without which Studio by itself would show one row and change none.
    "verification_tokens": ("token", "identifier"),
}
# Studio shows the key first.
ADDED = {"token": "0-added", "identifier": "added@example.com"}
# Runs in the page before its own scripts. Without a graphics card, half of Chromium's work is to draw each step of each
# transition, and a click waits for the last.
STILL = """
const still = new CSSStyleSheet()
still.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important }')
document.adoptedStyleSheets = [still]
"""
# Runs `prisma`, and ends it where Python looks a name up or connects; libpq connects by itself, to the URL's socket.
ALONE = """
import os, sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.exec"):
        print(event, args, file=sys.stderr)
        os._exit(9)
from prisma.cli.main import run
sys.addaudithook(refuse)
sys.exit(run())
"""


@pytest.fixture
def seeded(migrated: str, clean_environment: dict[str, str]) -> dict[str, str]:
    """The environment of programs that use the migrated database, which the seed has filled."""
    environment = {**clean_environment, "DATABASE_URL": migrated, "DIRECT_DATABASE_URL": migrated}
    subprocess.run([sys.executable, "prisma_seed.py", "--users=15"], cwd=ROOT, env=environment, check=True)
    return environment


@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium (Debian: chromium)")
async def test_shows_and_edits_what_was_seeded_and_calls_nobody(
    db: Prisma, seeded: dict[str, str], unused_port: Callable[[], int]
) -> None:
    from playwright.async_api import async_playwright

    assert CHROMIUM, "CI must have Chromium"
    expected = {table: await _rows(db, table) for table in TABLES}
    edited: list[tuple[str, str]] = []
    requests: list[str] = []
    with _studio(seeded, unused_port()) as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=CHROMIUM_OPTIONS, timeout=PATIENCE * 1000
            )
            page = await browser.new_page(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
            page.set_default_timeout(PATIENCE * 1000)
            await page.add_init_script(STILL)
            page.context.on("request", lambda request: requests.append(request.url))
            async with page.expect_request("**/telemetry"):
                await page.goto(address)
            for table, (_, column) in TABLES.items():
                # The second: a table whose rows Studio can't tell apart shows one.
                key = [key for key, row in expected[table].items() if row[column] is not None][1]
                assert key in list(expected[table])[:PAGE]
                value = expected[table][key][column]
                expected[table][key][column] = f"{value}, edited"
                edited.append((table, key))
                await _edit(page, table, key, value)
            tokens = expected["verification_tokens"]
            await _add(page, *ADDED.values())
            gone = next(iter(tokens))
            await _delete(page, gone)
            await browser.close()
    found = {table: await _rows(db, table) for table in TABLES}
    del tokens[gone]
    # Whoever changes a row, its version grows.
    for table, key in edited:
        before, after = expected[table][key], found[table][key]
        if "updatedAt" in before and after["updatedAt"] > before["updatedAt"]:
            before["updatedAt"] = after["updatedAt"]
    # When it expires is Studio's to fill in.
    added = found["verification_tokens"].get(ADDED["token"], {})
    tokens[ADDED["token"]] = {**ADDED, "expires": added.get("expires")}
    assert found == expected
    assert {urlsplit(url).hostname for url in requests} <= LOCAL, requests


FILE = """
CREATE TABLE users (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, at DATETIME);
CREATE TABLE _likes (a TEXT NOT NULL, b TEXT NOT NULL REFERENCES users (id), note TEXT NOT NULL);
CREATE UNIQUE INDEX _likes_ab ON _likes (a, b);
INSERT INTO users VALUES ('u1', 'ann', 1700000000000), ('u2', 'bob', '2024-02-03T04:05:06.789+00:00');
INSERT INTO _likes VALUES ('l1', 'u1', 'n1'), ('l2', 'u2', 'n2');
"""


@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium (Debian: chromium)")
async def test_shows_and_edits_a_file(
    tmp_path: Path, clean_environment: dict[str, str], unused_port: Callable[[], int]
) -> None:
    from playwright.async_api import async_playwright

    assert CHROMIUM, "CI must have Chromium"
    path = tmp_path / "dev.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FILE)
        with _studio(clean_environment, unused_port(), "--url", f"file:{path}") as address:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=CHROMIUM, args=CHROMIUM_OPTIONS, timeout=PATIENCE * 1000
                )
                page = await browser.new_page(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
                page.set_default_timeout(PATIENCE * 1000)
                await page.add_init_script(STILL)
                await page.goto(address)
                await _edit(page, "users", "u2", "bob")
                for moment in ("1700000000000", "2024-02-03T04:05:06.789+00:00"):
                    await page.get_by_text(moment, exact=True).wait_for()
                # It has no primary key, without which Studio by itself would show one row and change none.
                await _edit(page, "_likes", "l2", "n2")
                await browser.close()
        assert connection.execute("SELECT id, name, at FROM users ORDER BY id").fetchall() == [
            ("u1", "ann", 1700000000000),
            ("u2", "bob, edited", "2024-02-03T04:05:06.789+00:00"),
        ]
        assert connection.execute("SELECT * FROM _likes ORDER BY a").fetchall() == [
            ("l1", "u1", "n1"),
            ("l2", "u2", "n2, edited"),
        ]


async def _rows(db: Prisma, table: str) -> dict[str, dict[str, Any]]:
    """Return a table's rows by their keys, in the order of these."""
    key, _ = TABLES[table]
    query: Any = f'SELECT to_jsonb(t) AS row FROM "{table}" AS t ORDER BY "{key}"'
    found: Any = await db.query_raw(query)
    rows = [json.loads(one["row"]) if isinstance(one["row"], str) else one["row"] for one in found]
    return {row[key]: row for row in rows}


async def _edit(page: Any, table: str, key: str, value: str) -> None:
    """Open a table, and append to the value of a cell."""
    await page.get_by_text(table, exact=True).first.click()
    row = page.get_by_role("row").filter(has=page.get_by_text(key, exact=True))
    await row.get_by_text(value, exact=True).dblclick()
    await page.keyboard.press("End")
    await page.keyboard.type(", edited")
    await page.keyboard.press("Enter")
    await _save(page)


async def _add(page: Any, *values: str) -> None:
    """Add a row to the open table; its text columns get the values."""
    await page.get_by_role("button", name="Insert row").click()
    for value in values:
        await page.get_by_text("(empty string)", exact=True).first.dblclick()
        await page.keyboard.type(value)
        await page.keyboard.press("Enter")
        await page.get_by_text(value, exact=True).wait_for()
    await _save(page)


async def _save(page: Any) -> None:
    await page.get_by_role("button", name="Save 1 row").click()
    await page.get_by_text("yes, write to db").click()
    await page.get_by_role("button", name="Save 1 row").wait_for(state="detached")


async def _delete(page: Any, key: str) -> None:
    row = page.get_by_role("row").filter(has=page.get_by_text(key, exact=True))
    await row.locator("td").first.click()
    await page.get_by_role("button", name="Delete 1 row").click()
    await page.get_by_role("button", name="delete", exact=True).click()
    await row.wait_for(state="detached")


@contextmanager
def _studio(environment: dict[str, str], port: int, *words: str) -> Generator[str]:
    """Start Studio, wait until it says where it is, and stop it in the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", ALONE, "studio", "--port", str(port), "--browser", "none", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "running at" in line:
                yield line.split()[-1]
                break
        else:
            pytest.fail("Studio ended before it ran.")
    finally:
        process.terminate()
        code = process.wait(timeout=PATIENCE)
        process.stdout.close()
    assert code == 0
