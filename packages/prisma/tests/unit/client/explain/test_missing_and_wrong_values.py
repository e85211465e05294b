"""Errors of values that are missing or do not fit their type: class, code, kind, path, sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma.errors import (
    DataError,
    InputError,
    MissingRequiredValueError,
    UnserializableValueError,
)

NOTHING = object()
NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
LIMIT = {"identifier": "x", "endpoint": "x", "resetAt": NOON}

MISSING: list[tuple[str, str, dict[str, Any], str, str, str | None, str]] = [
    (
        "User",
        "createOne",
        {"data": {}},
        "RequiredArgumentMissing",
        "data.email",
        None,
        "`data.email`: A value is required but not set.",
    ),
    (
        "Project",
        "createOne",
        {"data": {"name": "x"}},
        "RequiredArgumentMissing",
        "data.user",
        None,
        "`data.user`: A value is required but not set. `userId` in its place would do, too.",
    ),
    (
        "User",
        "createMany",
        {"data": [{"email": "x"}, {"emial": "x"}]},
        "RequiredArgumentMissing",
        "data[1].email",
        "email",
        "`data[1].email`: A value is required but not set. `emial` was given: did you mean `email`?",
    ),
    (
        "User",
        "upsertOne",
        {"where": {"id": "x"}, "data": {"create": {"name": "x"}, "update": {}}},
        "RequiredArgumentMissing",
        "data.create.email",
        None,
        "`data.create.email`: A value is required but not set.",
    ),
    (
        "RateLimit",
        "findUnique",
        {"where": {"identifier_endpoint": {"identifier": "x"}}},
        "RequiredArgumentMissing",
        "where.identifier_endpoint.endpoint",
        None,
        "`where.identifier_endpoint.endpoint`: A value is required but not set.",
    ),
    (
        "User",
        "findMany",
        {"where": {"email": None}},
        "RequiredArgumentMissing",
        "where.email",
        None,
        "`where.email`: A value is required but not set (it is None).",
    ),
]

NUMBERS: list[tuple[type[DataError], str, str, str, dict[str, Any], str, str, str]] = [
    (
        DataError,
        "P2020",
        "RateLimit",
        "createOne",
        {"data": {**LIMIT, "count": 2**31}},
        "ValueTooLarge",
        "data.count",
        "Value out of range for the type: an int of 32 bits can't hold the number at `data.count`.",
    ),
    (
        DataError,
        "P2020",
        "RateLimit",
        "createMany",
        {"data": [LIMIT, {**LIMIT, "count": -(2**31) - 1}]},
        "ValueTooLarge",
        "data[1].count",
        "Value out of range for the type: an int of 32 bits can't hold the number at `data[1].count`.",
    ),
    (
        UnserializableValueError,
        "P2009",
        "User",
        "findMany",
        {"where": {"createdAt": {"gt": date(2026, 5, 6)}}},
        "InvalidArgumentType",
        "where.createdAt.gt",
        "Invalid value at `where.createdAt.gt`: Type <class 'datetime.date'> not serializable.",
    ),
    (
        UnserializableValueError,
        "P2009",
        "Project",
        "createOne",
        {"data": {"name": "x", "userId": "u", "settings": {"a": [NOTHING]}}},
        "InvalidArgumentType",
        "data.settings.a[0]",
        "Invalid value at `data.settings.a[0]`: Type <class 'object'> not serializable.",
    ),
    (
        UnserializableValueError,
        "P2009",
        "Project",
        "createOne",
        {"data": {"name": "x", "userId": "u", "settings": {"a": Decimal}}},
        "InvalidArgumentType",
        "data.settings.a",
        "Invalid value at `data.settings.a`: Type <class 'decimal.Decimal'> not serializable.",
    ),
    (
        InputError,
        "P2019",
        "User",
        "findMany",
        {"include": {"projects": {"skip": -1}}, "skip": 1},
        "InvalidArgumentValue",
        "include.projects.skip",
        "Input error. `skip` must not be negative, got -1.",
    ),
    (
        InputError,
        "P2019",
        "User",
        "findMany",
        {"take": "1"},
        "InvalidArgumentType",
        "take",
        "Input error. `take` must be an int, not str.",
    ),
]

CASES = [
    *((MissingRequiredValueError, "P2012", *case) for case in MISSING),
    *(
        (cls, code, model, action, args, kind, path, None, said)
        for cls, code, model, action, args, kind, path, said in NUMBERS
    ),
]


@pytest.mark.parametrize(
    ("cls", "code", "model", "action", "arguments", "kind", "path", "suggestion", "sentence"),
    CASES,
    ids=[f"{case[3]} {case[6]}" for case in CASES],
)
def test_missing_and_wrong_values(
    refuse: Callable[..., tuple[Any, ...]],
    cls: type[DataError],
    code: str,
    model: str,
    action: str,
    arguments: dict[str, Any],
    kind: str,
    path: str,
    suggestion: str | None,
    sentence: str,
) -> None:
    facts = {"modelName": model, "kind": kind, "path": path, "suggestion": suggestion}
    assert refuse(model, action, arguments) == (cls, code, facts, sentence)
