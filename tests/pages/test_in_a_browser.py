"""The pages in a real browser: they fit a desk and a telephone, nothing is blocked or missing, and nobody is called."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.auth.keys import new_key, stored
from prisma import Prisma
from prisma.enums import Role
from servers import PATIENCE
from servers.prepared import PreparedPython
from servers.service import running

pytestmark = pytest.mark.long

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WIDTHS = [1360, 390]
# A part of each page that its scripts make, if any.
SHOWN = {"/": "text=Your first API key", "/docs": "text=verification tokens", "/redoc": 'h2:has-text("Read Health")'}
# Redoc's own emblem, the only thing that a page asks for elsewhere: the policy forbids it.
BLOCKED = "https://cdn.redoc.ly/redoc/logo-mini.svg"


@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium (Debian: chromium)")
async def test_the_pages(
    db: Prisma,
    migrated: str,
    clean_environment: dict[str, str],
    prepared_service: PreparedPython,
    unused_port: Callable[[], int],
    tmp_path: Any,
):
    from playwright.async_api import async_playwright

    assert CHROMIUM, "CI must have Chromium"
    key, port = new_key(), unused_port()
    await db.user.create({"id": "ada", "email": "ada@example.com", "role": Role.ADMIN})
    await db.apikey.create({"key": stored(key), "name": "k", "userId": "ada"})
    environment = {**clean_environment, "DATABASE_URL": migrated, "PORT": str(port), "NODE_ENV": "test"}
    address = f"http://127.0.0.1:{port}"
    complaints: list[str] = []
    requests: list[str] = []
    widths: dict[tuple[str, int], int] = {}
    async with running(environment, prepared=prepared_service), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS, timeout=PATIENCE * 1000)
        page = await browser.new_page(reduced_motion="reduce")
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfinished", lambda request: requests.append(request.url))
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 900})
            for path, part in SHOWN.items():
                await page.goto(address + path)
                await page.locator(part).wait_for()
                widths[path, width] = await page.evaluate("document.documentElement.scrollWidth")
                await page.screenshot(path=tmp_path / f"{path.strip('/') or 'home'}-{width}.png")
        tried = await _try_out(page, address, key)
        await browser.close()
    assert [complaint for complaint in complaints if BLOCKED not in complaint] == []
    assert {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert widths == {(path, width): width for path in SHOWN for width in WIDTHS}
    assert '"ada@example.com"' in tried


async def _try_out(page: Any, address: str, key: str) -> str:
    """Read the caller with "Try it out" in Swagger UI, and return the answer that it shows."""
    await page.goto(f"{address}/docs")
    await page.get_by_role("button", name="Authorize").first.click()
    await page.locator(".auth-container input").first.fill(key)
    await page.locator(".auth-container").first.get_by_role("button", name="Apply credentials").click()
    await page.locator(".modal-ux").get_by_role("button", name="Close").first.click()
    await page.locator("#operations-tag-users").click()
    await page.locator("#operations-users-read_user_api_v1_users__id__get").click()
    await page.get_by_role("button", name="Try it out").click()
    await page.get_by_role("button", name="Execute").click()
    body = page.locator(".live-responses-table .response .microlight").first
    await body.wait_for()
    return await body.inner_text()
