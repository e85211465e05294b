"""The settings, which a process reads once from the environment and the `.env` files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from app.config.rate_limits import Policy, load_policy
from app.errors import FatalError

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent.parent
# Later files win, and the environment wins over both.
ENV_FILES = (".env", ".env.local")
POOL_SIZES = range(1, 101)
PORTS = range(1, 65536)
DEFAULT_PORT = 8000
LAGS = range(1, 61)  # seconds
DEFAULT_LAG = 5
WORKERS = range(1, 65)
YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
# If one of these variables of OpenTelemetry is set, the service traces.
TRACING_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER")


class Environment(StrEnum):
    """The values of NODE_ENV, which the TypeScript application reads, too."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Tracing(StrEnum):
    """Whether requests and queries are traced."""

    ON = "on"
    OFF = "off"
    IF_POSSIBLE = "if possible"


@dataclass(frozen=True, slots=True)
class WebApplication:
    """Settings of the web application that are checked here, as both read the same files."""

    url: str | None
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process.

    `replica_urls` are those of servers that may answer reads if they are at most `max_replica_lag` seconds behind.
    If `pool_size` is None, the client chooses the number of connections; if `database_url` is None, the embedded server
    is used, whose data are in `data_folder`. `workers` is a number of processes. `metrics_token` opens `/metrics`.
    `web` are the settings of the web application, which shares the files. `public_docs` and `public_stats` open the
    documentation and the counts to callers without a key. With `log_queries`, development logs every statement.
    `sources` names the origins of the settings.
    """

    environment: Environment
    database_url: str | None = field(repr=False)
    direct_database_url: str | None = field(repr=False)
    replica_urls: tuple[str, ...] = field(repr=False)
    max_replica_lag: int
    pool_size: int | None
    host: str
    port: int
    workers: int
    metrics_token: str | None = field(repr=False)
    tracing: Tracing
    web: WebApplication
    data_folder: Path
    rate_limits: Policy
    public_docs: bool
    public_stats: bool
    log_queries: bool
    sources: tuple[str, ...]


def load_settings(environment: Mapping[str, str] | None = None, folder: Path = ROOT) -> Settings:
    """Return the settings: `environment` (default: the process's) over `.env.local` over `.env` in `folder`.

    Raises:
        FatalError: a value has the wrong form.
    """
    values: dict[str, str] = {}
    sources: list[str] = []
    for name in ENV_FILES:
        found = _read(folder / name)
        if found is not None:
            values.update(found)
            sources.insert(0, name)
    given = os.environ if environment is None else environment
    # Shells and containers set an empty variable for "not set".
    values.update({name: value for name, value in given.items() if value})
    running = _environment(values.get("NODE_ENV"))
    is_open = running is not Environment.PRODUCTION
    return Settings(
        environment=running,
        database_url=values.get("DATABASE_URL") or None,
        direct_database_url=values.get("DIRECT_DATABASE_URL") or None,
        replica_urls=tuple(filter(None, map(str.strip, (values.get("DATABASE_REPLICA_URLS") or "").split(",")))),
        max_replica_lag=_number(values, "DATABASE_REPLICA_MAX_LAG", LAGS) or DEFAULT_LAG,
        pool_size=_number(values, "DATABASE_POOL_SIZE", POOL_SIZES),
        host=values.get("HOST") or "127.0.0.1",
        port=_number(values, "PORT", PORTS) or DEFAULT_PORT,
        workers=_number(values, "WORKERS", WORKERS) or _number(values, "WEB_CONCURRENCY", WORKERS) or 1,
        metrics_token=values.get("METRICS_TOKEN") or None,
        tracing=_tracing(values),
        web=WebApplication(values.get("NEXTAUTH_URL") or None, values.get("NEXTAUTH_SECRET") or None),
        rate_limits=load_policy(values),
        public_docs=_flag(values, "PUBLIC_DOCS", default=is_open),
        public_stats=_flag(values, "PUBLIC_STATS", default=is_open),
        log_queries=_flag(values, "LOG_QUERIES", default=False),
        data_folder=folder / (values.get("DATA_FOLDER") or ".data"),
        sources=("environment", *sources),
    )


def _read(path: Path) -> dict[str, str] | None:
    if not path.is_file():
        return None
    try:
        values = dotenv_values(path, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FatalError(f"{path.name} can't be read.", f"Make {path} a readable UTF-8 file.") from error
    return {name: value for name, value in values.items() if value}


def _environment(word: str | None) -> Environment:
    try:
        return Environment(word or Environment.DEVELOPMENT)
    except ValueError:
        raise FatalError(
            f"NODE_ENV is {word!r}.", f"Set it to one of {', '.join(Environment)}, or leave it out."
        ) from None


def _number(values: Mapping[str, str], name: str, allowed: range) -> int | None:
    text = values.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) not in allowed:
        raise FatalError(
            f"{name} is {text!r}.", f"Set it to a whole number from {allowed[0]} to {allowed[-1]}, or leave it out."
        )
    return int(text)


def _flag(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    word = values.get(name)
    if not word:
        return default
    if word.lower() in YES + NO:
        return word.lower() in YES
    raise FatalError(f"{name} is {word!r}.", "Set it to true or false, or leave it out.")


def _tracing(values: Mapping[str, str]) -> Tracing:
    word = values.get("TRACING")
    if not word:
        asked = any(values.get(name) not in (None, "none") for name in TRACING_VARIABLES)
        return Tracing.IF_POSSIBLE if asked else Tracing.OFF
    if word.lower() in YES + NO:
        return Tracing.ON if word.lower() in YES else Tracing.OFF
    raise FatalError(f"TRACING is {word!r}.", "Set it to true or false, or leave it out.")
