"""The values in generated queries: mostly values of the seed rows, so that filters match, and some extremes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from prisma import Json


class Null(Enum):
    """The nulls of a Json column."""

    DATABASE = "DbNull"
    JSON = "JsonNull"


UUIDS: Final = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
MOMENTS: Final = (
    datetime(2024, 1, 1, 10, 0, 0, 123000, UTC),
    datetime(2024, 1, 2, tzinfo=UTC),
    datetime(2024, 1, 2, 3, 4, 5, 678000, UTC),
    datetime(2024, 1, 3, tzinfo=UTC),
    datetime(1970, 1, 1, 10, 11, 12, 345000, UTC),
)

BY_FIELD: Final[dict[str, tuple[Any, ...]]] = {
    "User.id": (1, 2, 3, 4, 9),
    "Profile.userId": (1, 2, 3, 4),
    "Account.userId": (1, 2, 3, 4),
    "Entry.id": (1, 2, 3, 4, 5, 6, 9),
    "Post.id": (1, 2, 3, 4, 5, 6, 7, 9),
    "Post.authorId": (1, 2, 3, 9),
    "Tag.id": (1, 2, 3, 4, 9),
    "Category.id": (1, 2, 3, 4, 5, 9),
    "Sample.id": (1, 2, 3, 4, 9),
    "Account.label": ("a", "b", "new"),
    "User.email": ("ada@example.com", "bob@example.com", "cleo@example.com", "new@example.com", "nobody@example.com"),
    "User.name": ("Ada", "Cleo", "a", ""),
    "Profile.id": (*UUIDS, "33333333-3333-4333-8333-333333333333"),
    "Account.provider": ("web", "app", "new"),
    "Account.number": (1, 2, 3, 4),
    "Entry.provider": ("web", "app"),
    "Entry.number": (1, 2),
    "Tag.name": ("red", "green", "blue", "new", "RED"),
    "Post.title": ("a", "b", "A", "f_%", "ünïcode", "_", "%"),
    "Sample.text": ("nothing", "all", "edges", "new", "newer"),
    "Sample.code": ("0b6c3e1a-3f0e-4b7e-9d7e-0d7f7a3f1c11", "ffffffff-3f0e-4b7e-9d7e-0d7f7a3f1c11"),
    "Sample.short": ("short", "", "eight888", "nine nine"),
    "Sample.small": (-3, 0, 1, 32767, 40000),
    "path": (["a"], ["a", "0"], ["b"], ["2", "a"], []),
}

# Keys of records that do not exist, for those that are created.
NEW: Final[dict[str, tuple[Any, ...]]] = {
    "User.id": (41, 42, 43),
    "User.email": ("new@example.com", "newer@example.com", "newest@example.com"),
    "Profile.id": ("33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"),
    "Profile.userId": (2, 4),
    "Account.number": (41, 42, 43),
    "Entry.id": (41, 42, 43),
    "Post.id": (41, 42, 43),
    "Tag.id": (41, 42, 43),
    "Tag.name": ("new", "newer", "newest"),
    "Category.id": (41, 42, 43),
    "Category.nextId": (3, 5),
    "Sample.id": (41, 42, 43),
    "Sample.text": ("new", "newer", "newest"),
}

BY_TYPE: Final[dict[str, tuple[Any, ...]]] = {
    "String": ("a", "b", "x", "first", "text", "", "q,r", 's"t', "ünïcode", "_", "\\"),
    "Int": (1, 2, 3, 4, 5, 0, -1, 9, 2**31 - 1),
    "BigInt": (1, 2, 3, 4, 0, 9007199254740993, -(2**63)),
    "Float": (0.1, 0.5, 1.5, 0.25, 2.0, 0.0, -2.25, 1e300),
    "Decimal": (Decimal("1.5"), Decimal("0.1"), Decimal(2), Decimal("-2.25"), Decimal(0), Decimal("12345.0123456789")),
    "Boolean": (True, False),
    "DateTime": MOMENTS,
    "Bytes": (b"", b"\x00", b"\x00\x01\xff", b"\x00\xff"),
    "Json": (
        Json({"a": [1, 2.5, None], "b": "text"}),
        Json([1]),
        Json("text"),
        Json(2),
        Json(2.5),
        Json(True),
        Json({}),
        Json({"a": 1.5}),
        Json([1, "text", {"a": 2}]),
    ),
}

# Names of Prisma's protocol → names of the Python client, where they differ.
PYTHON_NAMES: Final = {
    "orderBy": "order",
    "notIn": "not_in",
    "startsWith": "startswith",
    "endsWith": "endswith",
    "hasEvery": "has_every",
    "hasSome": "has_some",
    "isEmpty": "is_empty",
    "isNot": "is_not",
    "connectOrCreate": "connect_or_create",
    "createMany": "create_many",
    "updateMany": "update_many",
    "deleteMany": "delete_many",
    "skipDuplicates": "skip_duplicates",
}
