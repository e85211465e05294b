"""Events: a client reports its work to handlers and to Python's `logging`.

Statements go to the logger `prisma.query`, all other events to `prisma.client`; the log never gets a value. Only a
statement's event for a handler has the values.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias, get_args

LogLevel: TypeAlias = Literal["query", "info", "warn", "error"]

QUERY_LOGGER: Final = logging.getLogger("prisma.query")
CLIENT_LOGGER: Final = logging.getLogger("prisma.client")
_LEVELS: Final = {"info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}


@dataclass(frozen=True, slots=True)
class QueryEvent:
    """A statement that the database has answered.

    `duration` is in milliseconds, `timestamp` when it began; `target` is the logger that it belongs to. `params` is no
    part of the repr, so that an event can be printed.
    """

    timestamp: datetime
    query: str
    params: tuple[object, ...] = field(repr=False)
    duration: float
    target: str = QUERY_LOGGER.name


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Something that happened: `message` holds no values."""

    timestamp: datetime
    level: Literal["info", "warn", "error"]
    message: str
    target: str = CLIENT_LOGGER.name


class Events:
    """The events of one client and its copies.

    `logged` are the levels that go to `logging`; handlers get theirs whether they are logged or not.
    """

    def __init__(self, logged: Sequence[LogLevel]) -> None:
        for level in logged:
            _check(level)
        self._logged = frozenset(logged)
        self._handlers: dict[str, list[Callable[[Any], object]]] = {}
        # Asked before each statement: without them, every connection would need a wrapper, and each statement an event.
        self.about_answers = "query" in self._logged
        self.about_statements = self.about_answers or "error" in self._logged

    def on(self, level: LogLevel, handler: Callable[[Any], object]) -> None:
        """Call `handler` with every event of a level.

        Raises:
            ValueError: there is no such level.
        """
        _check(level)
        self._handlers.setdefault(level, []).append(handler)
        self.about_answers |= level == "query"
        self.about_statements |= level in ("query", "error")

    def answered(self, began: datetime, sql: str, params: Sequence[object], duration: float) -> None:
        """Tell of a statement that worked; `duration` is in milliseconds."""
        if "query" in self._logged:
            QUERY_LOGGER.info("%.1f ms: %s", duration, _one_line(sql))
        # Only a handler gets the values; a log never does.
        if "query" in self._handlers:
            self._call("query", QueryEvent(began, sql, tuple(params), duration))

    def failed(self, sql: str, duration: float, reason: str) -> None:
        """Tell of a statement that did not; `reason` is a word without values."""
        if "query" in self._logged:
            QUERY_LOGGER.error("failed after %.1f ms: %s", duration, _one_line(sql))
        self.tell("error", f"A statement failed after {duration:.1f} ms ({reason}): {_one_line(sql)}")

    def tell(self, level: Literal["info", "warn", "error"], message: str) -> None:
        """Tell what happened."""
        if level in self._logged:
            CLIENT_LOGGER.log(_LEVELS[level], message)
        if level in self._handlers:
            self._call(level, LogEvent(datetime.now(UTC), level, message))

    def _call(self, level: str, event: object) -> None:
        for handler in self._handlers[level]:
            try:
                handler(event)
            except Exception:
                # The operation has done its work. An exception of a handler must not make it fail.
                CLIENT_LOGGER.exception("A handler of %s events failed.", level)


def _one_line(sql: str) -> str:
    """Return a statement as a line of a log."""
    return " ".join(sql.split()) if "\n" in sql else sql


def _check(level: str) -> None:
    if level not in get_args(LogLevel):
        raise ValueError(f"There is no log level {level!r}; use {', '.join(get_args(LogLevel))}.")
