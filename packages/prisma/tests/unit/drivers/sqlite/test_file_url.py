"""URLs of SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from prisma.dialects.dialect import TimestampFormat
from prisma.drivers.sqlite.file_url import FileOptions, parse_file_url
from prisma.drivers.url_parameters import cpu_count
from prisma.faults import DriverFault, FaultKind

LIMIT = cpu_count() * 2 + 1

URLS: list[tuple[str, dict[str, Any]]] = [
    ("file:./dev.db", {"path": "/project/dev.db"}),
    ("file:dev.db", {"path": "/project/dev.db"}),
    ("file:../dev.db", {"path": "/project/../dev.db"}),
    ("file:/data/dev.db", {"path": "/data/dev.db"}),
    ("file:///data/dev.db", {"path": "/data/dev.db"}),
    ("sqlite:dev.db", {"path": "/project/dev.db"}),
    ("file:a%20b%3F.db", {"path": "/project/a b?.db"}),
    ("file:a#b.db", {"path": "/project/a#b.db"}),
    ("file::memory:", {"path": ":memory:", "connection_limit": 1}),
    ("file::memory:?connection_limit=5", {"path": ":memory:", "connection_limit": 1}),
    (
        "file:dev.db?connection_limit=3&pool_timeout=0&socket_timeout=1.5&statement_cache_size=0&other=1",
        {
            "path": "/project/dev.db",
            "connection_limit": 3,
            "pool_timeout": None,
            "busy_timeout": 1.5,
            "statement_cache_size": 0,
        },
    ),
    ("file:dev.db?timestamp_format=iso8601", {"path": "/project/dev.db", "timestamp_format": TimestampFormat.ISO_TEXT}),
]


@pytest.mark.parametrize(("url", "facts"), URLS)
def test_options(url: str, facts: dict[str, Any]) -> None:
    assert parse_file_url(url, Path("/project")) == FileOptions(**{"connection_limit": LIMIT, **facts})


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "for SQLite it must start with file:, as in file:./dev.db"),
        ("dev.db", "for SQLite it must start with file:, as in file:./dev.db"),
        ("postgresql://host/name", "for SQLite it must start with file:, as in file:./dev.db"),
        ("file:", "it names no file; its form is file:./dev.db"),
        ("file:%ff", "the path is not percent-encoded UTF-8"),
        ("file:a%00b", "the path holds a zero byte"),
        ("file:dev.db?connection_limit=0", "connection_limit must be a whole number, at least 1"),
        ("file:dev.db?timestamp_format=julian", "timestamp_format must be one of unixepoch-ms, iso8601"),
    ],
)
def test_what_is_wrong_with_a_url(url: str, reason: str) -> None:
    with pytest.raises(DriverFault) as caught:
        parse_file_url(url, Path("/project"))
    assert (caught.value.kind, caught.value.fields["message"]) == (
        FaultKind.INVALID_URL,
        f"The database URL is not valid: {reason}.",
    )
