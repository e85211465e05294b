"""The `find_*` actions, `count` and `group_by`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from prisma.enums import CreditType, Role
from prisma.errors import FieldNotFoundError, InputError, RecordNotFoundError, UnknownRelationError

if TYPE_CHECKING:
    from prisma import Prisma

pytestmark = pytest.mark.portable

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def people(db: Prisma) -> None:
    """Three users: ada has two projects and a credit, bob has one project, cy nothing."""
    await db.user.create_many(
        [
            {"id": "ada", "email": "ada@example.com", "name": "Ada", "role": Role.ADMIN, "createdAt": NOON},
            {"id": "bob", "email": "bob@example.com", "name": "Bob", "createdAt": NOON.replace(hour=13)},
            {"id": "cy", "email": "cy@example.org", "createdAt": NOON.replace(hour=14)},
        ]
    )
    await db.project.create_many(
        [
            {"id": "p1", "name": "Engine", "userId": "ada", "isActive": False},
            {"id": "p2", "name": "Notes", "userId": "ada"},
            {"id": "p3", "name": "Bridge", "userId": "bob"},
        ]
    )
    await db.credit.create({"userId": "ada", "amount": Decimal("12.50"), "type": CreditType.PURCHASE})
    await db.usagemetric.create({"userId": "ada", "endpoint": "/v1/chat", "cost": Decimal("0.000123"), "tokens": 7})


async def test_find_unique(db: Prisma) -> None:
    by_id = await db.user.find_unique({"id": "ada"})
    by_email = await db.user.find_unique(where={"email": "ada@example.com"})
    assert by_id is not None
    assert by_id == by_email
    assert by_id.model_dump() == {
        "id": "ada",
        "email": "ada@example.com",
        "emailVerified": None,
        "name": "Ada",
        "avatar": None,
        "role": "ADMIN",
        "createdAt": NOON,
        "updatedAt": by_id.updatedAt,
        **dict.fromkeys(
            ["accounts", "sessions", "apiKeys", "projects", "subscriptions", "billingInfo", "credits", "usageMetrics"]
        ),
    }


async def test_find_unique_misses(db: Prisma) -> None:
    assert await db.user.find_unique({"id": "nobody"}) is None
    with pytest.raises(RecordNotFoundError) as caught:
        await db.user.find_unique_or_raise({"id": "nobody"})
    assert (caught.value.code, caught.value.meta["modelName"]) == ("P2025", "User")
    with pytest.raises(RecordNotFoundError):
        await db.user.find_first_or_raise(where={"name": "Nobody"})


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["ada", "bob", "cy"]),
    ({"name": None}, ["cy"]),
    ({"name": {"not": None}}, ["ada", "bob"]),
    ({"NOT": [{"name": None}]}, ["ada", "bob"]),
    ({"email": {"contains": "example.com"}}, ["ada", "bob"]),
    ({"email": {"startswith": "ada"}}, ["ada"]),
    ({"email": {"endswith": ".org"}}, ["cy"]),
    ({"email": {"contains": "EXAMPLE.ORG", "mode": "insensitive"}}, ["cy"]),
    ({"email": {"in": ["ADA@example.com", "CY@example.org"], "mode": "insensitive"}}, ["ada", "cy"]),
    ({"id": {"in": ["ada", "cy", "nobody"]}}, ["ada", "cy"]),
    ({"id": {"in": []}}, []),
    ({"id": {"not_in": []}}, ["ada", "bob", "cy"]),
    ({"id": {"notIn": ["ada"]}}, ["bob", "cy"]),
    ({"id": {"not": {"in": ["ada"]}}}, ["bob", "cy"]),
    ({"id": {"gt": "ada", "lte": "cy"}}, ["bob", "cy"]),
    ({"role": "ADMIN"}, ["ada"]),
    ({"role": {"in": ["ADMIN", "PREMIUM"]}}, ["ada"]),
    ({"createdAt": {"gte": NOON.replace(hour=13)}}, ["bob", "cy"]),
    ({"createdAt": {"lt": datetime(2026, 5, 6, 13)}}, ["ada"]),
    ({"createdAt": {"gt": datetime.min, "lt": datetime.max}}, ["ada", "bob", "cy"]),
    ({"projects": {"some": {"isActive": False}}}, ["ada"]),
    ({"projects": {"every": {"isActive": True}}}, ["bob", "cy"]),
    ({"projects": {"none": {}}}, ["cy"]),
    ({"credits": {"some": {"amount": {"gte": Decimal("12.5")}}}}, ["ada"]),
    ({"usageMetrics": {"some": {"cost": Decimal("0.000123"), "tokens": {"lt": 8}}}}, ["ada"]),
    ({"OR": [{"id": "ada"}, {"name": "Bob"}]}, ["ada", "bob"]),
    ({"AND": [{"role": "USER"}, {"NOT": [{"id": "cy"}]}]}, ["bob"]),
]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        pytest.param(*case, id=text, marks=[pytest.mark.needs("insensitive")] if "insensitive" in text else [])
        for case in FILTERS
        for text in [str(case[0])]
    ],
)
async def test_filters(db: Prisma, where: Any, expected: list[str]) -> None:
    assert [user.id for user in await db.user.find_many(where=where, order={"id": "asc"})] == expected


PAGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"take": 2}, ["ada", "bob"]),
    ({"take": 2, "skip": 1}, ["bob", "cy"]),
    ({"take": -1}, ["cy"]),
    ({"take": 0}, []),
    ({"skip": 0}, ["ada", "bob", "cy"]),
    ({"take": 1, "cursor": {"id": "bob"}}, ["bob"]),
    ({"take": 2, "skip": 1, "cursor": {"id": "ada"}}, ["bob", "cy"]),
    ({"take": -2, "cursor": {"id": "cy"}}, ["bob", "cy"]),
    ({"distinct": ["role"]}, ["ada", "bob"]),
    ({"distinct": ["role"], "take": 1, "skip": 1}, ["bob"]),
    ({"order": {"name": {"sort": "asc", "nulls": "first"}}}, ["cy", "ada", "bob"]),
]


@pytest.mark.parametrize(("arguments", "expected"), PAGES, ids=[str(case[0]) for case in PAGES])
async def test_pages(db: Prisma, arguments: Any, expected: list[str]) -> None:
    assert [user.id for user in await db.user.find_many(**{"order": {"id": "asc"}, **arguments})] == expected


@pytest.mark.needs("typed_columns")
async def test_enumerations_are_ordered_as_declared(db: Prisma) -> None:
    users = await db.user.find_many(order=[{"role": "desc"}, {"id": "desc"}])
    assert [user.id for user in users] == ["ada", "cy", "bob"]


async def test_calls_that_differ_in_values_share_one_plan(db: Prisma) -> None:
    async def misses() -> float:
        metrics = await db.get_metrics()
        return next(metric.value for metric in metrics.counters if "plan_cache_misses" in metric.key)

    before = await misses()
    # A shape that no other test asks for.
    sizes = [
        len(await db.user.find_many(take=take, skip=skip, where={"email": {"not": email}, "id": {"in": list(ids)}}))
        for take, skip in ((1, 1), (1, 5), (2, 1), (9, 2))
        for email, ids in (("", ["ada", "bob", "cy"]), ("ada@example.com", ["ada"]), ("x", []))
    ]
    assert (sizes, await misses() - before) == ([1, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0], 1)


async def test_calls_that_come_again_are_recognized_by_all_that_matters(db: Prisma) -> None:
    calls: list[tuple[Any, list[str]]] = [
        ({"where": {"email": {"endswith": ".com"}}, "order": {"id": "asc"}}, ["ada", "bob"]),
        ({"where": {"email": {"endswith": ".com"}}, "order": {"id": "desc"}}, ["bob", "ada"]),
        ({"where": {"email": {"endswith": ".org"}}, "order": {"id": "asc"}}, ["cy"]),
        ({"where": {"email": {"startswith": "b"}}, "order": {"id": "asc"}}, ["bob"]),
        ({"where": {"id": {"in": ["cy", "ada"]}}, "order": {"id": "asc"}, "take": 1}, ["ada"]),
        ({"where": {"id": {"in": ["cy", "bob"]}}, "order": {"id": "asc"}, "take": -1}, ["cy"]),
        ({"where": {"id": {"in": []}}, "order": {"id": "asc"}, "take": 1}, []),
        ({"where": {"name": None}}, ["cy"]),
        ({"where": {"name": "Ada"}}, ["ada"]),
    ]
    for _ in range(8):
        found = [[user.id for user in await db.user.find_many(**arguments)] for arguments, _ in calls]
        assert found == [expected for _, expected in calls]


INCLUDES: list[tuple[Any, Any]] = [
    ({"order_by": {"id": "asc"}}, ["p1", "p2"]),
    (False, None),
    ({"where": {"isActive": True}}, ["p2"]),
    ({"order_by": {"id": "desc"}}, ["p2", "p1"]),
    ({"order_by": {"id": "desc"}, "take": 1, "skip": 1}, ["p1"]),
    ({"cursor": {"id": "p2"}, "order_by": {"id": "asc"}}, ["p2"]),
    ({"where": {"name": "None"}}, []),
]


@pytest.mark.parametrize(("include", "expected"), INCLUDES, ids=[str(case[0]) for case in INCLUDES])
async def test_include(db: Prisma, include: Any, expected: Any) -> None:
    user = await db.user.find_unique_or_raise({"id": "ada"}, include={"projects": include})
    assert (user.projects and [project.id for project in user.projects]) == expected


async def test_nested_include(db: Prisma) -> None:
    project = await db.project.find_first(
        where={"id": "p1"}, include={"user": {"include": {"credits": True, "usageMetrics": True, "billingInfo": True}}}
    )
    assert project is not None
    assert project.user is not None
    assert project.user.credits is not None
    assert project.user.usageMetrics is not None
    assert (
        project.user.id,
        [credit.amount for credit in project.user.credits],
        [metric.cost for metric in project.user.usageMetrics],
        project.user.billingInfo,
    ) == ("ada", [Decimal("12.50")], [Decimal("0.000123")], None)


async def test_count(db: Prisma) -> None:
    assert [
        await db.user.count(),
        await db.user.count(where={"role": Role.USER}),
        await db.user.count(take=2),
        await db.user.count(skip=1),
        await db.user.count(cursor={"id": "bob"}),
        await db.user.count(select={"_all": True, "name": True}),
        await db.user.count(select={}, where={"role": Role.USER}),
    ] == [3, 2, 2, 2, 2, {"_all": 3, "name": 2}, {"_all": 2}]


@pytest.mark.needs("typed_columns")
async def test_group_by(db: Prisma) -> None:
    assert await db.user.group_by(by=["role"], count=True, order={"role": "asc"}) == [
        {"role": "USER", "_count": {"_all": 2}},
        {"role": "ADMIN", "_count": {"_all": 1}},
    ]
    assert await db.usagemetric.group_by(by=["userId"], sum={"tokens": True}, avg={"tokens": True}) == [
        {"userId": "ada", "_sum": {"tokens": 7}, "_avg": {"tokens": 7.0}}
    ]
    with pytest.raises(TypeError, match="order"):
        await db.user.group_by(by=["role"], take=1)


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"where": {"agee": 1}}, FieldNotFoundError, "P2009"),
    ({"where": {"name": 1}}, FieldNotFoundError, "P2009"),
    ({"where": {"role": "KING"}}, FieldNotFoundError, "P2009"),
    ({"include": {"friends": True}}, UnknownRelationError, "P2009"),
    ({"order": {"id": "up"}}, FieldNotFoundError, "P2009"),
    ({"skip": -1}, InputError, "P2019"),
]


@pytest.mark.parametrize(("arguments", "error", "code"), REFUSED, ids=[str(case[0]) for case in REFUSED])
async def test_refused_before_any_sql(db: Prisma, arguments: Any, error: type[Exception], code: str) -> None:
    with pytest.raises(error) as caught:
        await db.user.find_many(**arguments)
    assert (type(caught.value), getattr(caught.value, "code", None)) == (error, code)
