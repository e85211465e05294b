"""The command `python -m app.health`: its exit code and its line, for a healthy service and every other case."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.health.__main__ import main


@contextmanager
def answering(status: int, body: bytes, *, after: int = 0) -> Generator[str]:
    """Run a server that gives one answer to everything, but 503 to the first `after` questions; yield its address."""
    asked = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal asked
            asked += 1
            self.send_response(status if asked > after else 503)
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


def test_waits_until_it_is_healthy(capsys: pytest.CaptureFixture[str]):
    with answering(200, health("healthy", "connected"), after=2) as url:
        assert main(["--url", url]) == 1
        assert main(["--url", url, "--wait", "30"]) == 0
    assert capsys.readouterr().out == "healthy: database connected\n"


def test_gives_up_waiting(capsys: pytest.CaptureFixture[str]):
    with answering(503, health("unhealthy", "disconnected")) as url:
        assert main(["--url", url, "--wait", "0.6"]) == 1
    assert capsys.readouterr().err == "unhealthy: database disconnected\n"


@pytest.mark.parametrize(
    ("status", "body", "code", "answer"),
    [
        (200, health("healthy", "connected"), 0, ["healthy", "connected", None]),
        (503, health("unhealthy", "disconnected"), 1, ["unhealthy", "disconnected", None]),
        (200, b"{}", 1, ["unhealthy", None, "the answer (200) is not that of a health route"]),
    ],
)
def test_as_json(capsys: pytest.CaptureFixture[str], status: int, body: bytes, code: int, answer: list[str | None]):
    with answering(status, body) as url:
        assert main(["--url", url, "--json"]) == code
    printed = capsys.readouterr()
    names = ("status", "database", "detail")
    expected = {"healthy": code == 0, **dict(zip(names, answer, strict=True)), "url": url}
    assert (json.loads(printed.out), printed.err) == (expected, "")


def test_what_keeps_it_from_asking_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", "many")
    assert main(["--json"]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "misconfigured"


@pytest.mark.parametrize("text", ["-1", "x", "nan", "3601"])
def test_a_wait_that_is_none(capsys: pytest.CaptureFixture[str], text: str):
    with pytest.raises(SystemExit) as caught:
        main([f"--wait={text}"])
    assert caught.value.code == 2
    assert "is not a number of seconds from 0 to 3600" in capsys.readouterr().err
