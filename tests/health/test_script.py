"""The health script: its exit code and its line, for a healthy service and every other case."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.health.__main__ import main


@contextmanager
def answering(status: int, body: bytes) -> Generator[str]:
    """Run a server that gives one answer to everything, and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/health"
        server.shutdown()
        thread.join()


def health(status: str, database: str) -> bytes:
    return json.dumps({"status": status, "database": database, "timestamp": "2026-01-01T00:00:00Z"}).encode()


@pytest.mark.parametrize(
    ("status", "body", "code", "line"),
    [
        (200, health("healthy", "connected"), 0, "healthy: database connected"),
        (503, health("unhealthy", "disconnected"), 1, "unhealthy: database disconnected"),
        (503, health("healthy", "connected"), 1, "healthy: database connected"),
        (200, b"<html>", 1, "unhealthy: the answer (200) is not that of a health route"),
        (200, b"[]", 1, "unhealthy: the answer (200) is not that of a health route"),
        (404, b'{"detail": "Not Found"}', 1, "unhealthy: the answer (404) is not that of a health route"),
    ],
)
def test_says_what_the_service_says(capsys: pytest.CaptureFixture[str], status: int, body: bytes, code: int, line: str):
    with answering(status, body) as url:
        assert main(["--url", url]) == code
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ((f"{line}\n", "") if code == 0 else ("", f"{line}\n"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/api/health", "nonsense", "http://[/"])
def test_nothing_there(capsys: pytest.CaptureFixture[str], unused_port: Callable[[], int], url: str):
    assert main(["--url", url.format(port=unused_port())]) == 1
    assert capsys.readouterr().err.startswith("unreachable: ")


def test_asks_the_port_of_the_environment(
    capsys: pytest.CaptureFixture[str], unused_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch
):
    port = unused_port()
    monkeypatch.setenv("PORT", str(port))
    assert main([]) == 1
    assert f"http://127.0.0.1:{port}/api/health" in capsys.readouterr().err


def test_settings_that_can_not_be_right(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", "many")
    assert main([]) == 1
    assert capsys.readouterr().err == (
        "Error: PORT is 'many'.\nFix:   Set it to a whole number from 1 to 65535, or leave it out.\n"
    )
