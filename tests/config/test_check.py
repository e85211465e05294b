"""The check of the settings: its errors, its warnings and its summary."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config.check import check_configuration
from app.config.settings import load_settings
from app.errors import FatalError

POOLED = "postgresql://ann:secret@db.example.com:6543/shop?pgbouncer=true&sslmode=require"
DIRECT = "postgresql://ann:secret@db.example.com:5432/shop?sslmode=require"
SEVERAL = "postgresql://ann:secret@a:6543,b:6543/shop?sslmode=require&target_session_attrs=primary"
ANY_SERVER = (
    "DATABASE_URL names several servers: add target_session_attrs=primary, so that none is taken for writes "
    "that refuses them."
)
REPLICAS = f"{DIRECT},postgresql://ann:secret@c:5432/shop"
PRODUCTION = {"NODE_ENV": "production"}
NOT_POOLED = "DATABASE_URL uses port 5432, which is PostgreSQL itself: is that the pooler?"
WEB = {"NEXTAUTH_URL": "https://ainative.example.com", "NEXTAUTH_SECRET": "x" * 32}
LOCAL = "{} names this machine ({}): right for a pooler or a proxy here, else name the server."
NO_TLS = "{} has no sslmode: add sslmode=require, so that nothing travels unencrypted."


def check(tmp_path: Path, environment: dict[str, str]):
    return check_configuration(load_settings(environment, tmp_path))


REFUSED = {
    "other database": ({"DATABASE_URL": "mysql://ann:secret@db/shop"}, "DATABASE_URL can't be used: it does not start"),
    "no user": ({"DATABASE_URL": "postgresql://db:5432/shop"}, "DATABASE_URL can't be used: it names no user"),
    "no database": ({"DATABASE_URL": "postgresql://ann:secret@db"}, "DATABASE_URL can't be used: it names no database"),
    "limit 0": ({"DATABASE_URL": f"{POOLED}&connection_limit=0"}, "connection_limit in DATABASE_URL is not a positive"),
    "limit -1": ({"DATABASE_URL": f"{POOLED}&connection_limit=-1"}, "connection_limit in DATABASE_URL is not"),
    "limit x": ({"DATABASE_URL": f"{POOLED}&connection_limit=x"}, "connection_limit in DATABASE_URL is not"),
    "direct": ({"DATABASE_URL": POOLED, "DIRECT_DATABASE_URL": "x"}, "DIRECT_DATABASE_URL can't be used"),
    "only direct": ({"DIRECT_DATABASE_URL": DIRECT}, "DIRECT_DATABASE_URL is set, but DATABASE_URL is not"),
    "only replicas": ({"DATABASE_REPLICA_URLS": DIRECT}, "DATABASE_REPLICA_URLS is set, but DATABASE_URL is not"),
    "replica of another kind": (
        {"DATABASE_URL": POOLED, "DATABASE_REPLICA_URLS": f"{DIRECT}, mysql://ann:secret@db/shop"},
        "URL 2 of DATABASE_REPLICA_URLS can't be used: it does not start with postgresql://",
    ),
    "replica with a comma": (
        {"DATABASE_URL": POOLED, "DATABASE_REPLICA_URLS": "postgresql://ann:secret@a:1,b:2/shop"},
        "URL 1 of DATABASE_REPLICA_URLS can't be used: it names no database",
    ),
    "replica of several hosts": (
        {"DATABASE_URL": POOLED, "DATABASE_REPLICA_URLS": "postgresql://ann:secret@a/shop?host=a%2Cb"},
        "URL 1 of DATABASE_REPLICA_URLS names several servers",
    ),
    "limit of a replica": (
        {"DATABASE_URL": POOLED, "DATABASE_REPLICA_URLS": f"{DIRECT}&connection_limit=x"},
        "connection_limit in URL 1 of DATABASE_REPLICA_URLS is not",
    ),
    "production without": (PRODUCTION, "DATABASE_URL is not set in production"),
}


@pytest.mark.parametrize(("environment", "message"), REFUSED.values(), ids=REFUSED)
def test_refuses_with_a_fix_and_without_the_password(tmp_path: Path, environment: dict[str, str], message: str):
    with pytest.raises(FatalError) as caught:
        check(tmp_path, environment)
    assert caught.value.message.startswith(message)
    assert caught.value.fix
    assert "secret" not in caught.value.render()


@pytest.mark.parametrize(
    ("environment", "warnings"),
    [
        ({"DATABASE_URL": DIRECT}, ()),
        (PRODUCTION | WEB | {"DATABASE_URL": POOLED, "DIRECT_DATABASE_URL": DIRECT}, ()),
        (PRODUCTION | WEB | {"DATABASE_URL": DIRECT}, (NOT_POOLED,)),
        (
            PRODUCTION | {"DATABASE_URL": "postgresql://ann@db/shop"},
            (
                NOT_POOLED,
                NO_TLS.format("DATABASE_URL"),
                NO_TLS.format("DIRECT_DATABASE_URL"),
                "NEXTAUTH_URL is not set: the web application needs its own address to sign people in.",
                "NEXTAUTH_SECRET is not set: the web application needs it. Make one: openssl rand -base64 32",
            ),
        ),
        (
            PRODUCTION | {"DATABASE_URL": POOLED, "NEXTAUTH_URL": "http://a", "NEXTAUTH_SECRET": "short"},
            (
                "NEXTAUTH_URL does not start with https://: cookies of a sign-in would travel unencrypted.",
                "NEXTAUTH_SECRET has fewer than 32 characters: make one: openssl rand -base64 32",
            ),
        ),
        (
            PRODUCTION | WEB | {"DATABASE_URL": "postgresql://ann@localhost:6432/shop", "DIRECT_DATABASE_URL": DIRECT},
            (LOCAL.format("DATABASE_URL", "localhost"),),
        ),
        (
            PRODUCTION | WEB | {"DATABASE_URL": POOLED, "DIRECT_DATABASE_URL": "postgresql://a@localhost/s?host=/run"},
            (LOCAL.format("DIRECT_DATABASE_URL", "/run"),),
        ),
        (PRODUCTION | WEB | {"DATABASE_URL": SEVERAL, "DIRECT_DATABASE_URL": DIRECT}, ()),
        (
            PRODUCTION
            | WEB
            | {"DATABASE_URL": POOLED, "DIRECT_DATABASE_URL": DIRECT, "DATABASE_REPLICA_URLS": REPLICAS},
            (NO_TLS.format("URL 2 of DATABASE_REPLICA_URLS"),),
        ),
        (
            PRODUCTION
            | WEB
            | {"DATABASE_URL": "postgresql://ann@a:6543,localhost:6543/shop", "DIRECT_DATABASE_URL": DIRECT},
            (LOCAL.format("DATABASE_URL", "localhost"), NO_TLS.format("DATABASE_URL"), ANY_SERVER),
        ),
    ],
    ids=[
        "development",
        "all well",
        "not pooled",
        "nothing well",
        "weak",
        "local pooler",
        "local socket",
        "several",
        "replicas",
        "several doubts",
    ],
)
def test_warns(tmp_path: Path, environment: dict[str, str], warnings: tuple[str, ...]):
    assert check(tmp_path, environment).warnings == warnings


@pytest.mark.parametrize(
    ("environment", "summary"),
    [
        ({}, "embedded PostgreSQL"),
        ({"DATABASE_URL": DIRECT}, "postgresql://ann:***@db.example.com:5432/shop?sslmode=require"),
        (
            {"DATABASE_URL": f"{DIRECT}&connection_limit=3", "DATABASE_POOL_SIZE": "7", "DIRECT_DATABASE_URL": DIRECT},
            (
                "postgresql://ann:***@db.example.com:5432/shop?sslmode=require&connection_limit=7, "
                "migrations postgresql://ann:***@db.example.com:5432/shop?sslmode=require"
            ),
        ),
        (
            {"DATABASE_URL": DIRECT, "DATABASE_REPLICA_URLS": REPLICAS, "DATABASE_POOL_SIZE": "7"},
            (
                "postgresql://ann:***@db.example.com:5432/shop?sslmode=require&connection_limit=7, "
                "migrations postgresql://ann:***@db.example.com:5432/shop?sslmode=require, "
                "replicas postgresql://ann:***@db.example.com:5432/shop?sslmode=require&connection_limit=7, "
                "postgresql://ann:***@c:5432/shop?connection_limit=7"
            ),
        ),
    ],
)
def test_sums_up_without_the_password(tmp_path: Path, environment: dict[str, str], summary: str):
    assert check(tmp_path, environment).summary() == summary
