"""The format of the log: a JSON object a line in production, plain text elsewhere, and never a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from app.config.settings import Environment
from app.telemetry.access_log import current_request
from app.telemetry.expected_failures import is_expected
from app.telemetry.reported_errors import Shown, formatted, without_texts

# The client's loggers: of statements, and of everything else.
_QUERIES = "prisma.query"
_CLIENT = "prisma.client"
# Secrets that must not reach a log, even if a message contains them: the password in a URL, and the values of headers
# and fields that carry secrets.
_URL_PASSWORD = re.compile(r"(://[^\s:/@]*):[^\s@]+@")
_NAMED_SECRET = re.compile(
    r"(?i)\b((?:proxy-)?authorization|cookie|x-api-key|api[_-]?key|session-?token|(?:access|refresh|id)_token|token"
    r"|password|secret)(['\"]?\s*[:=]\s*)"
    r"(?:\"[^\"]*\"|'[^']*'|(?:(?:bearer|basic)\s+)?[^\s'\"&,;}]+)"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")


def configure_logging(environment: Environment, *, queries: bool = False) -> None:
    """Send everything that is logged to one place: as JSON to stdout in production, else readable to stderr.

    Without `queries`, the statements that the client logs in development are left out.
    """
    production = environment is Environment.PRODUCTION
    handler = logging.StreamHandler(sys.stdout if production else sys.stderr)
    handler.setFormatter(JsonFormatter() if production else ReadableFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # The program uvicorn gives its loggers a format of their own, which would show errors whole.
    uvicorn = logging.getLogger("uvicorn")
    uvicorn.handlers.clear()
    uvicorn.propagate = True
    logging.getLogger(_QUERIES).setLevel(logging.INFO if queries else logging.WARNING)
    logging.getLogger(_CLIENT).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not is_expected(record.getMessage())


def redact(text: str) -> str:
    """Return text without passwords, tokens and keys."""
    text = _URL_PASSWORD.sub(r"\1:***@", text)
    return _BEARER.sub(r"\1 ***", _NAMED_SECRET.sub(r"\1\2***", text))


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON; a record's `fields` become members of the object."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({**_head(record), **_tail(record)}, ensure_ascii=False, default=str)


class ReadableFormatter(logging.Formatter):
    """Formats a record as plain text."""

    def format(self, record: logging.LogRecord) -> str:
        tail = _tail(record)
        text = tail.pop("exception", None)
        facts = "".join(f" {name}={value}" for name, value in tail.items() if name not in _IN_MESSAGE)
        line = f"{record.levelname} {record.name}: {_message(record)}{facts}"
        return f"{line}\n{text}" if text else line


# Fields that the message contains already.
_IN_MESSAGE = frozenset({"method", "route", "status"})


def _head(record: logging.LogRecord) -> dict[str, Any]:
    moment = datetime.fromtimestamp(record.created, UTC)
    return {
        "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
    }


def _tail(record: logging.LogRecord) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    request = current_request()
    if request is not None:
        facts["request_id"] = request.id
        if request.trace_id is not None:
            facts["trace_id"] = request.trace_id
    facts |= {name: _clean(value) for name, value in getattr(record, "fields", {}).items()}
    if (error := _error(record)) is not None:
        facts["exception"] = redact(formatted(error))
    return facts


def _message(record: logging.LogRecord) -> str:
    args = record.args
    if isinstance(args, tuple):
        args = tuple(_shown(arg) for arg in args)
    text = str(_shown(record.msg))
    if args:
        text %= args
    error = _error(record)
    return redact(text if error is None else without_texts(text, error))


def _shown(value: object) -> object:
    return Shown(value) if isinstance(value, BaseException) else value


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _clean(value: Any) -> Any:
    return redact(value) if isinstance(value, str) else value
