"""Who may talk to Studio, and what a request must be like."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

import pytest

from servers import PATIENCE

Studio = Any
QUESTION = json.dumps({"procedure": "query", "query": {"sql": "SELECT 1 AS one"}}).encode()
JSON = {"Content-Type": "application/json"}


def send(studio: Studio, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> int:
    """Send a request with the good cookie and Host unless others are given, and return the status."""
    given = {
        "Host": f"127.0.0.1:{studio.server.server_address[1]}",
        "Cookie": studio.server.access.set_cookie.partition(";")[0],
        **(headers or {}),
    }
    connection = http.client.HTTPConnection(*studio.server.server_address, timeout=PATIENCE)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in given.items():
            connection.putheader(name, value.replace("PORT", str(studio.server.server_address[1])))
        if method == "POST" and "Content-Length" not in given and "Transfer-Encoding" not in given:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse().status
    finally:
        connection.close()


def test_requests_of_others_are_refused(studio: Studio) -> None:
    requests: dict[str, tuple[str, str, dict[str, str], bytes]] = {
        "the page": ("GET", "/", {}, b""),
        "under its other name": ("GET", "/", {"Host": "localhost:PORT"}, b""),
        "another name": ("GET", "/", {"Host": "studio.example:PORT"}, b""),
        "another port": ("GET", "/", {"Host": "127.0.0.1:1"}, b""),
        "no name": ("GET", "/", {"Host": ""}, b""),
        "no cookie": ("GET", "/", {"Cookie": ""}, b""),
        "another cookie": ("GET", "/studio.js", {"Cookie": "prisma_studio_PORT=guess"}, b""),
        "a cookie of another port": ("GET", "/", {"Cookie": "prisma_studio_1=guess"}, b""),
        "no cookie at all": ("GET", "/", {"Cookie": "\x01;;="}, b""),
        "a wrong token": ("GET", "/?token=guess", {"Cookie": ""}, b""),
        "a token that is no text": ("GET", "/?token=%ff%00", {"Cookie": ""}, b""),
        "no address": ("GET", "http://[", {}, b""),
        "another folder": ("GET", "/../../etc/passwd", {}, b""),
        "a question": ("POST", "/bff", JSON, QUESTION),
        "its own page": ("POST", "/bff", {**JSON, "Origin": "http://127.0.0.1:PORT"}, QUESTION),
        "another page": ("POST", "/bff", {**JSON, "Origin": "https://studio.example"}, QUESTION),
        "another page of this machine": ("POST", "/bff", {**JSON, "Origin": "http://127.0.0.1:1"}, QUESTION),
        "a page without origin": ("POST", "/bff", {**JSON, "Origin": "null"}, QUESTION),
        "a question without cookie": ("POST", "/bff", {**JSON, "Cookie": ""}, QUESTION),
        "a form": ("POST", "/bff", {"Content-Type": "text/plain"}, QUESTION),
        "no JSON": ("POST", "/bff", JSON, b"{"),
        "JSON without end": ("POST", "/bff", JSON, b"[" * 100_000),
        "no question": ("POST", "/bff", JSON, b"[]"),
        "no SQL": ("POST", "/bff", JSON, b'{"procedure": "query", "query": {}}'),
        "no queries": ("POST", "/bff", JSON, b'{"procedure": "transaction"}'),
        "no length": ("POST", "/bff", {**JSON, "Transfer-Encoding": "chunked"}, b"0\r\n\r\n"),
        "a negative length": ("POST", "/bff", {**JSON, "Content-Length": "-1"}, b""),
        "too much": ("POST", "/bff", {**JSON, "Content-Length": "9" * 5000}, b""),
        "telemetry": ("POST", "/telemetry", {"Content-Type": "text/plain"}, b"{}"),
        "another place": ("POST", "/", JSON, QUESTION),
        "another method": ("PUT", "/bff", JSON, QUESTION),
    }
    assert {name: send(studio, *request) for name, request in requests.items()} == {
        "the page": 200,
        "under its other name": 200,
        "another name": 403,
        "another port": 403,
        "no name": 403,
        "no cookie": 401,
        "another cookie": 401,
        "a cookie of another port": 401,
        "no cookie at all": 401,
        "a wrong token": 401,
        "a token that is no text": 401,
        "no address": 404,
        "another folder": 404,
        "a question": 200,
        "its own page": 200,
        "another page": 403,
        "another page of this machine": 403,
        "a page without origin": 403,
        "a question without cookie": 401,
        "a form": 415,
        "no JSON": 400,
        "JSON without end": 400,
        "no question": 400,
        "no SQL": 400,
        "no queries": 400,
        "no length": 411,
        "a negative length": 411,
        "too much": 413,
        "telemetry": 200,
        "another place": 404,
        "another method": 501,
    }


def test_the_token_is_swapped_for_a_cookie(studio: Studio) -> None:
    access, port = studio.server.access, studio.server.server_address[1]
    studio.http.cookies.clear()
    once = access.address_once()
    swapped = studio.http.get(once)
    cookie = swapped.headers["set-cookie"]
    name, _, attributes = cookie.partition("=")[0], *cookie.partition("; ")[1:]
    assert (swapped.status_code, swapped.headers["location"], name, attributes) == (
        303,
        "/",
        f"prisma_studio_{port}",
        "HttpOnly; SameSite=Strict; Path=/",
    )
    assert "token" not in cookie
    # The page is given for the cookie. The address for a browser's command line works once, the printed one again.
    page = studio.http.get("/")
    studio.http.cookies.clear()
    again = [studio.http.get(address).status_code for address in (once, access.address, access.address)]
    assert (page.status_code, again) == (200, [401, 303, 303])


def test_every_answer_keeps_the_page_on_this_machine(studio: Studio) -> None:
    answers = [studio.http.get(path) for path in ("/", "/studio.js", "/nothing")]
    answers += [studio.http.request("BREW", "/"), studio.http.post("/bff", json={}), studio.http.head("/studio.css")]
    policies = {answer.headers["content-security-policy"].partition("; script")[0] for answer in answers}
    others = {
        tuple(
            answer.headers[name]
            for name in ("cache-control", "x-content-type-options", "referrer-policy", "cross-origin-resource-policy")
        )
        for answer in answers
    }
    assert (policies, others) == (
        {"default-src 'self' blob: data:"},
        {("no-store", "nosniff", "no-referrer", "same-origin")},
    )
    assert [(answer.status_code, answer.content) for answer in (answers[1], answers[-1])] == [
        (200, b"// script"),
        (200, b""),
    ]


def test_it_listens_on_the_loopback_only(studio: Studio) -> None:
    assert studio.server.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: x", b"POST /bff HTTP/1.1\r\nContent-Length: 9\r\n\r\n"]
)
def test_a_caller_that_says_nothing_is_hung_up_on(studio: Studio, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr("prisma.studio.server.IDLE_TIME", 0.05)
    monkeypatch.setattr("prisma.studio.server.REQUEST_TIME", 0.05)
    with socket.create_connection(studio.server.server_address, timeout=PATIENCE) as caller:
        caller.sendall(sent)
        received = b""
        while part := caller.recv(4096):
            received += part
    # What can be refused before the body is refused; the rest is not answered.
    assert received.partition(b"\r\n")[0] in (b"", b"HTTP/1.1 403 Forbidden")


def test_callers_beyond_the_limit_are_hung_up_on(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.http.get("/")
    monkeypatch.setattr("prisma.studio.callers.MAX_CALLERS", 1)
    with socket.create_connection(studio.server.server_address, timeout=PATIENCE) as caller:
        assert caller.recv(1) == b""
    assert studio.http.get("/").status_code == 200
