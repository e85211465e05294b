"""Records of the schema "blog"."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from prisma import Base64, Json

THEN = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
async def bob(db: Any, has_lists: bool) -> Any:
    """A user with a value in every field. Another user has none."""
    lists = {"tags": ["x", "y"]} if has_lists else {}
    await db.user.create({"name": "none"})
    return await db.user.create(
        {
            "name": "Bob",
            "score": 5,
            "big": 2**40,
            "ratio": 0.5,
            "price": Decimal("1.50"),
            "mood": "good",
            "active": False,
            "born": THEN,
            "data": Json({"a": 1}),
            "raw": Base64.encode(b"hi"),
            **lists,
            "profile": {"create": {"bio": "b"}},
            "posts": {"create": {"title": "t"}},
        },
        include={"posts": True, "profile": True},
    )


@pytest.fixture
async def users(db: Any) -> None:
    """Five users with scores 1 to 5, of whom two have a price."""
    await db.user.create_many(
        [
            {"name": name, "score": score, "price": price, "active": score % 2 == 1}
            for score, (name, price) in enumerate(
                (("a", None), ("b", Decimal("1.5")), ("c", None), ("d", Decimal("2.5")), ("e", None)), 1
            )
        ]
    )
