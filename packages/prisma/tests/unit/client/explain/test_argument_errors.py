"""Errors of names that the schema does not know and of keys that do not fit: class, code, kind, path, sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma.client.planning.plans import Plans
from prisma.client.request.call import Call
from prisma.errors import (
    DataError,
    FieldNotFoundError,
    UnknownRelationError,
)
from prisma.fields import Json

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
LIMIT = {"identifier": "x", "endpoint": "x", "resetAt": NOON}
NOTHING = object()


# model, action, arguments → kind, path, suggestion, sentence
UNKNOWN: list[tuple[str, str, dict[str, Any], str, str, str | None, str]] = [
    (
        "User",
        "findMany",
        {"where": {"emial": "x"}},
        "UnknownInputField",
        "where.emial",
        "email",
        "The field `emial` does not exist on User (at `where.emial`). Did you mean `email`?",
    ),
    (
        "User",
        "findMany",
        {"wher": {}},
        "UnknownArgument",
        "wher",
        "where",
        "The argument `wher` does not exist here (at `wher`). Did you mean `where`?",
    ),
    (
        "User",
        "findMany",
        {"where": {"email": {"start_with": "x"}}},
        "UnknownInputField",
        "where.email.start_with",
        "startswith",
        "The key `start_with` does not exist here (at `where.email.start_with`). Did you mean `startswith`?",
    ),
    (
        "User",
        "findMany",
        {"where": {"OR": [{"email": "x"}, {"projects": {"some": {"nam": "x"}}}]}},
        "UnknownInputField",
        "where.OR[1].projects.some.nam",
        "name",
        "The field `nam` does not exist on Project (at `where.OR[1].projects.some.nam`). Did you mean `name`?",
    ),
    (
        "User",
        "findMany",
        {"include": {"project": True}},
        "UnknownSelectionField",
        "include.project",
        "projects",
        "The relation `project` does not exist on User (at `include.project`). Did you mean `projects`?",
    ),
    (
        "User",
        "findMany",
        {"include": {"projects": {"order_by": {"nam": "asc"}}}},
        "UnknownInputField",
        "include.projects.order_by.nam",
        "name",
        "The field `nam` does not exist on Project (at `include.projects.order_by.nam`). Did you mean `name`?",
    ),
    (
        "User",
        "createOne",
        {"data": {"email": "x", "nme": "y"}},
        "UnknownInputField",
        "data.nme",
        "name",
        "The field `nme` does not exist on User (at `data.nme`). Did you mean `name`?",
    ),
    (
        "User",
        "findMany",
        {"include": {"projects": {"include": {"user": True, "name": True}}}},
        "UnknownSelectionField",
        "include.projects.include.name",
        None,
        (
            "The field `name` of Project is no relation, and is there without `include` "
            "(at `include.projects.include.name`)."
        ),
    ),
    (
        "User",
        "findMany",
        {"where": {"projects": {"name": "x"}}},
        "UnknownInputField",
        "where.projects.name",
        None,
        (
            "Invalid filter at `where.projects.name`: `projects` is a list. "
            'Write {"some": {"name": …}}, or `every`, or `none`.'
        ),
    ),
    (
        "Project",
        "findMany",
        {"where": {"NOT": {"user": {"none": {"email": "x"}}}}},
        "UnknownInputField",
        "where.NOT.user.none",
        None,
        (
            "Invalid filter at `where.NOT.user.none`: `user` is a single record, which has no `none`. "
            'Write {"is": …}, or its fields.'
        ),
    ),
    (
        "User",
        "upsertOne",
        {"where": {"id": "x"}, "data": {"name": "x"}},
        "UnknownArgument",
        "data.name",
        None,
        "`data` of an upsert takes `create` and `update`, not `name` (at `data.name`).",
    ),
    # A key of a relation belongs to the other of the two forms in which a record is written.
    (
        "Project",
        "updateOne",
        {"data": {"userid": "x"}, "where": {"id": "x"}},
        "UnknownInputField",
        "data.userid",
        "userId",
        "The field `userid` does not exist on Project (at `data.userid`). Did you mean `userId`?",
    ),
    (
        "User",
        "createOne",
        {"data": {"email": "x", "projects": {"conect_or_create": []}}},
        "UnknownInputField",
        "data.projects.conect_or_create",
        "connect_or_create",
        (
            "The key `conect_or_create` does not exist here (at `data.projects.conect_or_create`). "
            "Did you mean `connect_or_create`?"
        ),
    ),
    (
        "User",
        "createMany",
        {"data": [{"email": "x"}, {"email": "y", "projects": {"create": []}}]},
        "UnknownInputField",
        "data[1].projects",
        None,
        "The field `projects` of User can't be given here (at `data[1].projects`).",
    ),
    (
        "Project",
        "createOne",
        {"data": {"name": "x", "user": {"connect": {"idd": "x"}}}},
        "UnknownInputField",
        "data.user.connect.idd",
        "id",
        "The field `idd` does not exist on User (at `data.user.connect.idd`). Did you mean `id`?",
    ),
    (
        "User",
        "groupBy",
        {"by": ["email"], "count": {"emal": True}},
        "UnknownSelectionField",
        "count.emal",
        "email",
        "The field `emal` does not exist on User (at `count.emal`). Did you mean `email`?",
    ),
    (
        "User",
        "groupBy",
        {"by": ["email"], "sum": {"email": True}},
        "UnknownSelectionField",
        "sum",
        None,
        "`sum` has nothing to work on: no field of User is of a type for it.",
    ),
]

UNKNOWN += [
    (
        "User",
        "findMany",
        {"select": {"projects": {"select": {"nme": True}}}},
        "UnknownSelectionField",
        "select.projects.select.nme",
        "name",
        "The field `nme` does not exist on Project (at `select.projects.select.nme`). Did you mean `name`?",
    ),
    (
        "User",
        "findMany",
        {"omit": {"emial": True}},
        "UnknownSelectionField",
        "omit.emial",
        "email",
        "The field `emial` does not exist on User (at `omit.emial`). Did you mean `email`?",
    ),
    ("User", "findMany", {"select": {}}, "EmptySelection", "", None, "`select` has to name at least one field."),
    (
        "User",
        "findMany",
        {"select": {"projects": {"where": {"name": {"in": ["x"]}}}, "email": {"x": 1}}},
        "SelectionSetOnScalar",
        "select.email",
        None,
        "Invalid value at `select.email`: a field is selected by True.",
    ),
]

WRONG: list[tuple[str, str, dict[str, Any], str, str, str | None, str]] = [
    (
        "User",
        "findMany",
        {"where": {"email": 1}},
        "InvalidArgumentType",
        "where.email",
        None,
        "Invalid value at `where.email`: expected a dictionary or str, got int.",
    ),
    (
        "User",
        "createOne",
        {"data": {"email": "x", "projects": {"create": [{"name": "x"}, {"name": 1}]}}},
        "InvalidArgumentType",
        "data.projects.create[1].name",
        None,
        "Invalid value at `data.projects.create[1].name`: expected str, got int.",
    ),
    (
        "RateLimit",
        "findMany",
        {"where": {"count": {"in": [1, "2"]}}},
        "InvalidArgumentType",
        "where.count.in[1]",
        None,
        "Invalid value at `where.count.in[1]`: expected int, got str.",
    ),
    (
        "RateLimit",
        "findMany",
        {"where": {"count": {"gt": 1.5}}},
        "InvalidArgumentType",
        "where.count.gt",
        None,
        "Invalid value at `where.count.gt`: expected int, got float.",
    ),
    (
        "User",
        "findMany",
        {"where": []},
        "InvalidArgumentType",
        "where",
        None,
        "Invalid value at `where`: expected a dictionary, got an empty list.",
    ),
    (
        "User",
        "findMany",
        {"where": {"role": "USR"}},
        "InvalidArgumentValue",
        "where.role",
        "USER",
        "Invalid value at `where.role`: `USR` is not a member of Role. Did you mean `USER`?",
    ),
    (
        "User",
        "findMany",
        {"order": [{"id": "asc"}, {"email": "up"}]},
        "InvalidArgumentValue",
        "order[1].email",
        None,
        "Invalid value at `order[1].email`: `up` is not known here. Valid are `asc`, `desc`.",
    ),
    (
        "User",
        "findMany",
        {"distinct": ["id", "emial"]},
        "InvalidArgumentValue",
        "distinct",
        "email",
        "Invalid value at `distinct`: `emial` is not a field. Did you mean `email`?",
    ),
    (
        "User",
        "findMany",
        {"where": {"createdAt": "2020"}},
        "InvalidArgumentValue",
        "where.createdAt",
        None,
        "Invalid value at `where.createdAt`: expected a datetime, or ISO 8601 text with a time and an offset.",
    ),
    (
        "User",
        "findUnique",
        {"where": {"name": "x"}},
        "SomeFieldsMissing",
        "where",
        None,
        "`where` needs at least one of `id`, `email`, got `name`.",
    ),
    (
        "User",
        "findMany",
        {"order": {"email": "asc", "id": "asc"}},
        "TooManyFieldsGiven",
        "order",
        None,
        (
            "`order` takes one key for each dictionary, got 2: `email`, `id`. "
            "Pass a list of dictionaries with one key each."
        ),
    ),
]

CASES = [
    (UnknownRelationError if re.search(r"include\.\w+$", case[4]) else FieldNotFoundError, "P2009", *case)
    for case in UNKNOWN + WRONG
]


@pytest.mark.parametrize(
    ("cls", "code", "model", "action", "arguments", "kind", "path", "suggestion", "sentence"),
    CASES,
    ids=[f"{case[3]} {case[6]}" for case in CASES],
)
def test_argument_errors(
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


def test_two_forms_of_one_record(plans: Plans) -> None:
    data = {"name": "x", "userId": "u", "user": {"connect": {"id": "u"}}}
    with pytest.raises(FieldNotFoundError) as caught:
        plans.program(Call("Project", "createOne", {"data": data}))
    assert "can't be used together in `data`" in str(caught.value)


def test_unserializable_values_are_type_errors_too(plans: Plans) -> None:
    with pytest.raises(TypeError, match="not serializable"):
        plans.program(Call("User", "findMany", {"where": {"createdAt": date(2026, 5, 6)}}))
    with pytest.raises(TypeError, match=r"Type <class 'decimal\.Decimal'> not serializable"):
        plans.program(Call("Project", "createOne", {"data": {"settings": Json.keys(x=Decimal)}}))  # pyright: ignore[reportArgumentType]
