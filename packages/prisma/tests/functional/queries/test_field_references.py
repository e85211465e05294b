"""Filters that compare a field with another field of the same model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma import Json
from prisma.errors import InputError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


@pytest.fixture
async def accounts(db: Any) -> None:
    """Two accounts: in the first each pair of fields is equal, in the second it is not."""
    then, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    await db.account.create_many(
        [
            {
                "owner": "same",
                "email": "same",
                **dict.fromkeys(("low", "high"), 1),
                **dict.fromkeys(("spent", "budget"), Decimal("1.50")),
                **dict.fromkeys(("opened", "seen"), then),
                **dict.fromkeys(("data", "backup"), Json({"a": 1})),
                "names": ["same"],
            },
            {
                "owner": "other",
                "email": "an.other@example.com",
                "low": 1,
                "high": 2,
                "spent": Decimal("9.99"),
                "budget": Decimal("1.50"),
                "opened": then,
                "seen": later,
                "data": Json({"a": 1}),
                "backup": Json({"a": 2}),
                "names": ["x"],
            },
        ]
    )


REFERENCES: list[tuple[str, Any, set[str]]] = [
    ("owner", lambda fields: fields.email, {"same"}),
    ("owner", lambda fields: {"equals": fields.email}, {"same"}),
    ("owner", lambda fields: {"not": fields.email}, {"other"}),
    ("email", lambda fields: {"contains": fields.owner}, {"same", "other"}),
    ("email", lambda fields: {"startswith": fields.owner}, {"same"}),
    ("email", lambda fields: {"endswith": fields.owner}, {"same"}),
    ("owner", lambda fields: {"in": fields.names}, {"same"}),
    ("owner", lambda fields: {"not_in": fields.names}, {"other"}),
    ("names", lambda fields: {"has": fields.owner}, {"same"}),
    ("names", lambda fields: {"has_every": fields.names}, {"same", "other"}),
    ("names", lambda fields: {"has_some": fields.names}, {"same", "other"}),
    ("low", lambda fields: {"lt": fields.high}, {"other"}),
    ("low", lambda fields: {"gte": fields.high}, {"same"}),
    ("low", lambda fields: {"not": {"lt": fields.high}}, {"same"}),
    ("low", lambda fields: {"lte": fields.high, "gt": 0}, {"same", "other"}),
    ("spent", lambda fields: {"gt": fields.budget}, {"other"}),
    ("seen", lambda fields: {"lte": fields.opened}, {"same"}),
    ("data", lambda fields: {"equals": fields.backup}, {"same"}),
    ("data", lambda fields: {"not": fields.backup}, {"other"}),
]


@pytest.mark.needs("scalar_lists")
async def test_field_references(db: Any, accounts: None) -> None:
    found: list[tuple[str, str, set[str]]] = []
    for field, condition, _ in REFERENCES:
        where = {field: condition(db.account.fields)}
        found.append((field, str(where), {account.owner for account in await db.account.find_many(where=where)}))
    assert found == [
        (field, str({field: condition(db.account.fields)}), names) for field, condition, names in REFERENCES
    ]


NO_LIST = "takes no list to compare with, but `names` of Account is String[]: use"
MISREFERENCES: list[tuple[str, Callable[[Any], Any], str]] = [
    ("names", lambda fields: fields.names, f"`where.names` {NO_LIST} `has_every` or `has_some`."),
    ("names", lambda fields: {"equals": fields.names}, f"`where.names.equals` {NO_LIST} `has_every` or `has_some`."),
    ("names", lambda fields: {"has": fields.names}, f"`where.names.has` {NO_LIST} `has_some`."),
    (
        "names",
        lambda fields: {"has_some": fields.owner},
        "`where.names.has_some` takes a field of type String[], but `owner` of Account is String.",
    ),
    (
        "owner",
        lambda fields: {"not_in": fields.email},
        "`where.owner.not_in` takes a field of type String[], but `email` of Account is String.",
    ),
    (
        "spent",
        lambda fields: {"gt": fields.low},
        "`where.spent.gt` takes a field of type Decimal, but `low` of Account is Int.",
    ),
]


async def test_references_inside_relations(db: Any) -> None:
    await db.user.create({"name": "Ada"})
    await db.post.create_many([{"title": "x", "views": 1, "authorId": 1}, {"title": "y", "views": 2, "authorId": 1}])
    fields = db.post.fields
    counts = [
        await db.user.count(where={"posts": {"some": {"views": {condition: fields.authorId}}}})
        for condition in ("equals", "lt", "gt")
    ]
    assert counts == [1, 0, 1]


@pytest.mark.needs("scalar_lists")
async def test_references_to_fields_of_other_types(db: Any) -> None:
    said: list[str] = []
    for field, condition, _ in MISREFERENCES:
        with pytest.raises(InputError) as caught:
            await db.account.count(where={field: condition(db.account.fields)})
        said.append(str(caught.value))
    assert said == [f"Input error. {sentence}" for _, _, sentence in MISREFERENCES]
