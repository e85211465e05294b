"""Messages end with the words of 0.15.0 in brackets, because programs search for them."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from prisma.client.planning.plans import Plans
from prisma.client.request.call import Call
from prisma.errors import (
    DataError,
    FieldNotFoundError,
    MissingRequiredValueError,
    UnknownRelationalFieldError,
    UnknownRelationError,
)

ID = {"id": "x"}

# action, arguments → class, what the sentence ends with
CASES: list[tuple[str, dict[str, Any], type[DataError], str]] = [
    (
        "findMany",
        {"where": {"emial": "x"}},
        FieldNotFoundError,
        "Did you mean `email`? (Could not find field at `findManyUser.where.emial`.)",
    ),
    (
        "findMany",
        {"where": {"projects": {"some": {"OR": [{"name": "x"}, {"nam": "x"}]}}}},
        FieldNotFoundError,
        "(Could not find field at `findManyUser.where.projects.some.OR.nam`.)",
    ),
    (
        "findMany",
        {"order": {"emial": "asc"}},
        FieldNotFoundError,
        "(Could not find field at `findManyUser.orderBy.emial`.)",
    ),
    (
        "createOne",
        {"data": {"email": "x", "foo": 1}},
        FieldNotFoundError,
        "(Could not find field at `createOneUser.data.foo`.)",
    ),
    (
        "upsertOne",
        {"where": ID, "data": {"create": {"email": "x", "foo": 1}, "update": {}}},
        FieldNotFoundError,
        "(Could not find field at `upsertOneUser.create.foo`.)",
    ),
    (
        "findMany",
        {"include": {"projects": {"order": {"nam": "asc"}}}},
        FieldNotFoundError,
        "(Could not find field at `findManyUser.projects.orderBy.nam`.)",
    ),
    (
        "findMany",
        {"include": {"projects": {"foo": 1}}},
        FieldNotFoundError,
        "(Could not find field at `findManyUser.projects.foo`.)",
    ),
    (
        "findMany",
        {"include": {"projects": {"include": {"foo": True}}}},
        UnknownRelationError,
        '(Field: "foo" either does not exist or is not a relational field on the Project model.)',
    ),
    ("findMany", {"select": {"foo": True}}, FieldNotFoundError, "(Field 'foo' not found in enclosing type 'User'.)"),
    (
        "findMany",
        {"order": {"name": None}},
        FieldNotFoundError,
        "is required but not set (it is None). (`orderBy.name` in Prisma's words.)",
    ),
    ("findMany", {"order": [{"id": "asc"}, {"name": "up"}]}, FieldNotFoundError, "(`orderBy.name` in Prisma's words.)"),
    (
        "findMany",
        {"order": {"email": "asc", "id": "asc"}},
        FieldNotFoundError,
        "with one key each. (Expected a minimum of 0 and at most 1 fields to be present, got 2.)",
    ),
    (
        "findUnique",
        {"where": {}},
        FieldNotFoundError,
        "(Expected a minimum of 1 fields of (id, email) to be present, got 0.)",
    ),
    ("createOne", {"data": {"name": "x"}}, MissingRequiredValueError, "`data.email`: A value is required but not set."),
]


@pytest.mark.parametrize(("action", "arguments", "cls", "end"), CASES)
def test_former_words(plans: Plans, action: str, arguments: dict[str, Any], cls: type[DataError], end: str) -> None:
    with pytest.raises(DataError) as caught:
        plans.program(Call("User", action, arguments))
    assert (type(caught.value), str(caught.value)[-len(end) :]) == (cls, end)


@pytest.mark.parametrize("given", [{"increment": 1, "set": 2}, {}])
def test_former_words_of_operations_on_a_number(plans: Plans, given: dict[str, int]) -> None:
    """Also where a list of operations would be no way out."""
    with pytest.raises(FieldNotFoundError) as caught:
        plans.program(Call("UsageMetric", "updateOne", {"where": ID, "data": {"tokens": given}}))
    assert str(caught.value).endswith(f"(Expected exactly one field to be present, got {len(given)}.)")
    assert "Pass a list" not in str(caught.value)


def test_an_unknown_relation_is_caught_as_in_0_15_0(plans: Plans) -> None:
    for cls in (UnknownRelationalFieldError, FieldNotFoundError):
        with pytest.raises(cls, match=r"`include\.foo`") as caught:
            plans.program(Call("User", "findMany", {"include": {"foo": True}}))
        copied = pickle.loads(pickle.dumps(caught.value))
        assert (type(copied), str(copied), copied.code) == (UnknownRelationError, str(caught.value), "P2009")
