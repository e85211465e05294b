"""The access log: the id, the line and the counters of each request, without secrets."""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Generator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from prometheus_client import REGISTRY
from uvicorn.config import LOGGING_CONFIG

from app.config.settings import Environment, Settings
from app.main import create_app
from app.telemetry.access_log import set_caller
from app.telemetry.expected_failures import expecting
from app.telemetry.logs import JsonFormatter, ReadableFormatter, configure_logging, redact

MADE = re.compile(r"[0-9a-f]{32}")
SECRET = "s3cr3t-Value"


class Lines(logging.Handler):
    """Everything that is logged, as it would be written in production."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture
def logged() -> Generator[Lines]:
    handler = Lines()
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def configurable(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Lets a test configure logging, of which nothing stays."""
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)  # pytest's own handlers stay
    names = ("prisma.query", "prisma.client", "uvicorn", "uvicorn.error", "uvicorn.access")
    before = [(logger, logger.level, logger.filters.copy()) for logger in map(logging.getLogger, names)]
    yield
    for logger, level, filters in before:
        logger.setLevel(level)
        logger.handlers, logger.propagate, logger.filters = [], True, filters


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    """The application, with a route that fails and one that knows its caller."""
    app = create_app(settings)

    @app.get("/broken/{word}")
    async def broken(word: str) -> None:  # pyright: ignore[reportUnusedFunction]
        raise RuntimeError(f"postgresql://ann:{word}@db/shop?password={word} Authorization: Bearer {word}")

    @app.get("/known")
    async def known() -> None:  # pyright: ignore[reportUnusedFunction]
        set_caller("user_1")

    return app


@pytest.fixture
def http(serve_app: Any, app: FastAPI) -> Any:
    return serve_app(app)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, False),
        ("req-42:a/b", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("two words", False),
        ("<script>", False),
        ("", False),
    ],
)
async def test_each_answer_has_an_id(http: Any, given: str | None, kept: bool):
    async with http as client:
        answer = await client.get("/api/health", headers={} if given is None else {"X-Request-ID": given})
    id = answer.headers["X-Request-ID"]
    assert (id == given) is kept
    assert kept or MADE.fullmatch(id)


async def test_a_line_for_each_request(http: Any, logged: Lines):
    async with http as client:
        answers = [await client.get(path) for path in ("/known", "/api/v1/users/u1", "/nowhere", "/api/health")]
        answers.append(await client.request("FOO", "/known"))
    lines = [
        {name: value for name, value in line.items() if name not in ("time", "duration_ms", "request_id")}
        for line in logged.of("app.access")
    ]
    head = {"level": "info", "logger": "app.access"}
    assert lines == [
        {**head, "message": "GET /known 200", "method": "GET", "route": "/known", "status": 200, "caller": "user_1"},
        # Refused before a route was looked for.
        {**head, "message": "GET (none) 401", "method": "GET", "route": "(none)", "status": 401},
        {**head, "message": "GET (none) 404", "method": "GET", "route": "(none)", "status": 404},
        {
            **head,
            "level": "debug",
            "message": "GET /api/health 200",
            "method": "GET",
            "route": "/api/health",
            "status": 200,
        },
        {**head, "message": "OTHER /known 405", "method": "OTHER", "route": "/known", "status": 405},
    ]
    assert [line["request_id"] for line in logged.of("app.access")] == [a.headers["X-Request-ID"] for a in answers]
    assert all(line["duration_ms"] > 0 and line["time"].endswith("Z") for line in logged.of("app.access"))


async def test_who_asks_is_known(http: Any, enrol: Any, logged: Lines):
    ada = await enrol("ada")
    async with http as client:
        await client.get("/api/v1/users/ada", headers=ada.headers)
    line = logged.of("app.access")[0]
    assert (line["status"], line["caller"]) == (200, "ada")
    assert ada.key not in json.dumps(logged.lines)


async def test_an_unexpected_error_has_an_id_and_one_entry(http: Any, logged: Lines):
    async with http as client:
        answer = await client.get("/broken/word")
    errors = logged.of("app.http.problems")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert [line["request_id"] for line in errors] == [answer.headers["X-Request-ID"]]
    assert "RuntimeError" in errors[0]["exception"]
    assert logged.of("app.access")[0]["status"] == 500


async def test_no_secret_is_logged(http: Any, logged: Lines):
    headers = {
        "Authorization": f"Bearer {SECRET}",
        "X-API-Key": SECRET,
        "Cookie": f"next-auth.session-token={SECRET}; __Secure-next-auth.session-token={SECRET}",
    }
    async with http as client:
        client: AsyncClient
        for path in ("/api/v1/users", "/api/v1/verification-tokens", "/nowhere", f"/broken/{SECRET}"):
            await client.get(path, params={"token": SECRET, "password": SECRET}, headers=headers)
            await client.post(path, json={"email": f"{SECRET}", "name": 7}, headers=headers)
    # The driver's debug lines of the test's own client are not the service's.
    own = [line for line in logged.lines if not line["logger"].startswith(("httpx", "httpcore"))]
    assert len(own) >= 8
    assert SECRET not in json.dumps([line for line in own if "exception" not in line])
    errors = [line for line in own if "exception" in line]
    assert len(errors) == 1
    assert errors[0]["message"] == "GET /broken/{word} failed"
    assert f"://ann:{SECRET}" not in errors[0]["exception"]
    assert f"Bearer {SECRET}" not in errors[0]["exception"]
    assert f"password={SECRET}" not in errors[0]["exception"]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("at postgresql://ann:p%40ss:w/x@db:5432/shop failed", "at postgresql://ann:***@db:5432/shop failed"),
        ("redis://:pw@host/0", "redis://:***@host/0"),
        ("http://service:8000/docs is up", "http://service:8000/docs is up"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("{'authorization': 'Bearer abc.def', 'x': 1}", "{'authorization': ***, 'x': 1}"),
        ("sent Bearer abcdefgh12 along", "sent Bearer *** along"),
        ("?token=abc&page=2", "?token=***&page=2"),
        ('{"password": "x y", "secret":"z"}', '{"password": ***, "secret":***}'),
        ("cookie=a; other", "cookie=***; other"),
        ("The token is old", "The token is old"),
    ],
)
def test_redaction(text: str, clean: str):
    assert redact(text) == clean


def record(message: str, *args: object, **extra: Any) -> logging.LogRecord:
    return logging.getLogger("a.b").makeRecord("a.b", logging.WARNING, "f", 1, message, args, None, extra=extra)


@pytest.mark.usefixtures("configurable")
@pytest.mark.parametrize("queries", [True, False])
def test_queries_are_logged_only_if_wanted(queries: bool):
    logger = logging.getLogger("prisma.query")
    configure_logging(Environment.DEVELOPMENT, queries=queries)
    assert (logger.isEnabledFor(logging.INFO), logger.isEnabledFor(logging.ERROR)) == (queries, True)


@pytest.mark.usefixtures("configurable")
def test_failures_that_are_answers_are_not_logged(caplog: pytest.LogCaptureFixture):
    configure_logging(Environment.DEVELOPMENT, queries=True)
    logger = logging.getLogger("prisma.client")
    with expecting("NullConstraintViolation"):
        logger.error("A statement failed after 1 ms (NullConstraintViolation): INSERT")
        logger.error("A statement failed after 1 ms (ForeignKeyConstraintViolation): INSERT")
    logger.error("A statement failed after 2 ms (NullConstraintViolation): INSERT")
    kinds = [line.message.partition("(")[2].partition(")")[0] for line in caplog.records]
    assert kinds == ["ForeignKeyConstraintViolation", "NullConstraintViolation"]


@pytest.mark.usefixtures("configurable")
def test_the_program_uvicorn_logs_as_everything_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logging, "_handlers", {})  # else they would be closed
    logging.config.dictConfig(LOGGING_CONFIG | {"disable_existing_loggers": False})
    configure_logging(Environment.PRODUCTION)
    logger = logging.getLogger("uvicorn")
    assert (logger.handlers, logger.propagate) == ([], True)


def test_a_readable_line():
    fields = {"method": "GET", "route": "/x", "status": 200, "duration_ms": 1.5, "caller": "u"}
    assert ReadableFormatter().format(record("GET /x 200", fields=fields)) == (
        "WARNING a.b: GET /x 200 duration_ms=1.5 caller=u"
    )


def test_a_line_of_json_is_one_line():
    line = JsonFormatter().format(record("two\nlines %s", "é"))
    assert "\n" not in line
    assert {**json.loads(line), "time": ""} == {
        "time": "",
        "level": "warning",
        "logger": "a.b",
        "message": "two\nlines é",
    }


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_requests_are_counted_by_the_template_of_their_route(http: Any):
    labels = {"method": "GET", "route": "/broken/{word}"}
    before = value("http_requests_total", **labels, status="500")
    timed = value("http_request_duration_seconds_count", **labels)
    async with http as client:
        await client.get("/broken/a")
        await client.get("/broken/b")
    assert value("http_requests_total", **labels, status="500") - before == 2
    assert value("http_request_duration_seconds_count", **labels) - timed == 2
    assert value("http_requests_in_progress") == 0


async def test_a_caller_who_leaves_before_the_end_of_the_body(http: Any, enrol: Any, logged: Lines):
    ada = await enrol("ada")
    async with http as client:
        app = client._transport.app
        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/projects", "raw_path": b"/api/v1/projects",
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1),
            "server": ("service", 80),
            "headers": [(b"content-type", b"application/json"), (b"x-api-key", ada.key.encode())],
        }  # fmt: skip

        async def leave() -> Any:
            return {"type": "http.disconnect"}

        async def nobody(message: Any) -> None:
            pass

        await app(scope, leave, nobody)
    found = [(line["level"], line["logger"], line.get("status")) for line in logged.lines if line["level"] != "debug"]
    assert found == [("info", "app.access", 499)]
