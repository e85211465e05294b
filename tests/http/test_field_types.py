"""Numbers and times of requests: what looks like one to pydantic only is none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient
from pydantic import TypeAdapter, ValidationError

from app.http.field_types import Instant, Whole
from prisma.enums import Role
from tests.conftest import Enrol


@pytest.mark.parametrize(("value", "number"), [("5", 5), ("-5", -5), (7, 7), ("007", 7)])
def test_whole_numbers(value: Any, number: int):
    assert TypeAdapter(Whole).validate_python(value) == number


@pytest.mark.parametrize("value", ["1_0", "+5", "5.0", " 5", "5\n", "٥", "５", "", "1e2", True, 5.5, None])
def test_what_is_no_whole_number(value: Any):
    with pytest.raises(ValidationError):
        TypeAdapter(Whole).validate_python(value)


def test_an_instant():
    assert TypeAdapter(Instant).validate_python("2026-01-02T03:04:05Z") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [1767225600, 1767225600.5, "1767225600", "1_0", "2026-01-02T03:04:05", "٢٠٢٦-01-02T00:00Z", True]
)
def test_what_is_no_instant(value: Any):
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(value)


async def test_queries_and_bodies(http: AsyncClient, enrol: Enrol):
    headers = (await enrol("ada", role=Role.ADMIN)).headers
    queries = ["projects?take=1_0", "usage-metrics/report?skip=1_0", "usage-metrics?since=1", "credits?until=1_0"]
    answers = [await http.get(f"/api/v1/{query}", headers=headers) for query in queries]
    bodies = [
        ("usage-metrics", {"endpoint": "/x", "tokens": "1_0"}),
        ("usage-metrics", {"endpoint": "/x", "date": 1767225600}),
        ("api-keys", {"name": "k", "rateLimit": True}),
    ]
    answers += [await http.post(f"/api/v1/{path}", json=body, headers=headers) for path, body in bodies]
    assert [answer.status_code for answer in answers] == [422] * 7
