"""The settings: which source wins, and which values are errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config.rate_limits import load_policy
from app.config.settings import Environment, Settings, Tracing, WebApplication, load_settings
from app.errors import FatalError


def test_without_anything(tmp_path: Path):
    assert load_settings({}, tmp_path) == Settings(
        environment=Environment.DEVELOPMENT,
        database_url=None,
        direct_database_url=None,
        replica_urls=(),
        max_replica_lag=5,
        pool_size=None,
        host="127.0.0.1",
        port=8000,
        workers=1,
        metrics_token=None,
        tracing=Tracing.OFF,
        web=WebApplication(None, None),
        data_folder=tmp_path / ".data",
        rate_limits=load_policy({}),
        public_docs=True,
        public_stats=True,
        log_queries=False,
        sources=("environment",),
    )


def test_the_environment_wins_over_env_local_over_env(tmp_path: Path):
    (tmp_path / ".env").write_text("DATABASE_URL=a\nDIRECT_DATABASE_URL=a\nPORT=1\nHOST=a\n")
    (tmp_path / ".env.local").write_text('DIRECT_DATABASE_URL="b"\nPORT=2\nHOST=b # later\n')

    given = {"PORT": "3", "HOST": "", "DATABASE_POOL_SIZE": "100", "WORKERS": "4", "WEB_CONCURRENCY": "2"}
    others = {"METRICS_TOKEN": "open", "TRACING": "true", "NEXTAUTH_URL": "https://c", "NEXTAUTH_SECRET": "d"}
    replicas = {"DATABASE_REPLICA_URLS": "e, f,", "DATABASE_REPLICA_MAX_LAG": "60"}
    settings = load_settings(given | others | replicas, tmp_path)

    assert settings == Settings(
        environment=Environment.DEVELOPMENT,
        database_url="a",
        direct_database_url="b",
        replica_urls=("e", "f"),
        max_replica_lag=60,
        pool_size=100,
        host="b",
        port=3,
        workers=4,
        metrics_token="open",
        tracing=Tracing.ON,
        web=WebApplication("https://c", "d"),
        data_folder=tmp_path / ".data",
        rate_limits=load_policy({}),
        public_docs=True,
        public_stats=True,
        log_queries=False,
        sources=("environment", ".env.local", ".env"),
    )


@pytest.mark.parametrize(
    ("name", "value", "message", "fix"),
    [
        ("DATABASE_POOL_SIZE", "0", "DATABASE_POOL_SIZE is '0'.", "from 1 to 100"),
        ("PUBLIC_DOCS", "maybe", "PUBLIC_DOCS is 'maybe'.", "true or false"),
        ("DATABASE_POOL_SIZE", "101", "DATABASE_POOL_SIZE is '101'.", "from 1 to 100"),
        ("DATABASE_POOL_SIZE", "many", "DATABASE_POOL_SIZE is 'many'.", "from 1 to 100"),
        ("DATABASE_POOL_SIZE", "١٢", "DATABASE_POOL_SIZE is '١٢'.", "from 1 to 100"),
        ("DATABASE_REPLICA_MAX_LAG", "0", "DATABASE_REPLICA_MAX_LAG is '0'.", "from 1 to 60"),
        ("PORT", "65536", "PORT is '65536'.", "from 1 to 65535"),
        ("PORT", "-1", "PORT is '-1'.", "from 1 to 65535"),
        ("WORKERS", "0", "WORKERS is '0'.", "from 1 to 64"),
        ("WEB_CONCURRENCY", "many", "WEB_CONCURRENCY is 'many'.", "from 1 to 64"),
        ("TRACING", "maybe", "TRACING is 'maybe'.", "true or false"),
        ("RATE_LIMITS", "yes", "RATE_LIMITS is 'yes'.", "on or off"),
        ("NODE_ENV", "live", "NODE_ENV is 'live'.", "development, test, production"),
    ],
)
def test_refuses(tmp_path: Path, name: str, value: str, message: str, fix: str):
    with pytest.raises(FatalError) as caught:
        load_settings({name: value}, tmp_path)
    assert caught.value.message == message
    assert fix in (caught.value.fix or "")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    (tmp_path / ".env").write_bytes(b"PORT=\xff\n")
    with pytest.raises(FatalError, match=r"\.env can't be read"):
        load_settings({}, tmp_path)


@pytest.mark.parametrize(
    ("environment", "tracing"),
    [
        ({"TRACING": "on"}, Tracing.ON),
        ({"TRACING": "0", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, Tracing.OFF),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, Tracing.IF_POSSIBLE),
        ({"OTEL_TRACES_EXPORTER": "none"}, Tracing.OFF),
    ],
)
def test_tracing(tmp_path: Path, environment: dict[str, str], tracing: Tracing):
    assert load_settings(environment, tmp_path).tracing is tracing


def test_web_concurrency_stands_in_for_workers(tmp_path: Path):
    assert load_settings({"WEB_CONCURRENCY": "3"}, tmp_path).workers == 3


def test_no_secret_is_in_the_representation(tmp_path: Path):
    secrets = {"DATABASE_URL": "postgresql://a:secret@b/c", "METRICS_TOKEN": "secret", "NEXTAUTH_SECRET": "secret"}
    assert "secret'" not in repr(load_settings(secrets, tmp_path)).replace("secret=", "")


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ({}, (True, True)),
        ({"PUBLIC_DOCS": "false"}, (False, True)),
        ({"NODE_ENV": "production"}, (False, False)),
        ({"NODE_ENV": "production", "PUBLIC_STATS": "true"}, (False, True)),
    ],
)
def test_what_everybody_sees(given: dict[str, str], opened: tuple[bool, bool], tmp_path: Path):
    settings = load_settings(given, tmp_path)
    assert (settings.public_docs, settings.public_stats) == opened
