"""Workloads: what every peer does, on the same rows.

A workload is called with a running number, which chooses the row. What a peer answers with is its own kind of object;
`plain` makes all of them comparable.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

USERS: Final = 1_000
MANY: Final = 1_000  # rows that W6 inserts in one call
PAGE: Final = 100  # rows of W3
GROUP: Final = 20  # users of W8
TASKS: Final = 50
CONNECTIONS: Final = 10


@dataclasses.dataclass(frozen=True)
class Workload:
    """One workload, with the ratios to raw asyncpg that the client has to keep: one task, and many tasks."""

    name: str
    title: str
    target: float
    target_many: float | None = None
    writes: bool = False


WORKLOADS: Final = (
    Workload("W1", "find a user by id", 1.25, 0.5),
    Workload("W2", "find a user by e-mail, with keys and subscriptions", 1.5, 0.8),
    Workload("W3", "find 100 users, filtered and ordered", 1.3, 1.4),
    Workload("W4", "create a user", 1.3, writes=True),
    Workload("W5", "create a user and a key in a transaction", 1.2, writes=True),
    Workload("W6", "insert 1,000 users", 1.3, writes=True),
    Workload("W7", "update a user by id, returning it", 1.3, 1.5, writes=True),
    Workload("W8", "find 20 users with 5 projects each", 1.25),
)

USER_FIELDS: Final = ("id", "email", "emailVerified", "name", "avatar", "role", "createdAt", "updatedAt")
KEY_FIELDS: Final = (
    "id", "key", "name", "userId", "createdAt", "expiresAt", "lastUsedAt", "isActive", "rateLimit",
)  # fmt: skip
SUBSCRIPTION_FIELDS: Final = (
    "id", "userId", "plan", "status", "stripeSubscriptionId", "stripeCustomerId", "currentPeriodStart",
    "currentPeriodEnd", "cancelAtPeriodEnd", "createdAt", "updatedAt",
)  # fmt: skip
PROJECT_FIELDS: Final = ("id", "name", "description", "userId", "settings", "isActive", "createdAt", "updatedAt")

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z?")

# What differs between two runs of the same call.
_OWN: Final = frozenset({"id", "createdAt", "updatedAt", "userId"})


def user_id(index: int) -> str:
    return f"user-{index * 7 % USERS}"


def email(index: int) -> str:
    return f"user-{index * 7 % USERS}@example.com"


def page_start(index: int) -> str:
    """Return the address that a page of W3 starts behind."""
    return f"user-{index % 500 + 100}"


def group_start(index: int) -> str:
    """Return the address that the users of W8 start behind."""
    return f"user-{index % 800 + 100}"


def new_email(index: int, number: int = 0) -> str:
    """Return an address that nobody has; all of them sort behind the users that are there."""
    return f"z-{index}-{number}@example.com"


def now() -> datetime:
    """Return the time in UTC as a column without time zone takes it."""
    return datetime.now(UTC).replace(tzinfo=None)


def columns(fields: tuple[str, ...], table: str = "") -> str:
    """Return fields as a list of columns."""
    return ", ".join(f'{table}"{name}"' for name in fields)


def plain(value: Any, *, written: bool = False) -> Any:
    """Return an answer as JSON has it; `written` leaves out what differs between two new records."""
    if isinstance(value, Mapping):
        return {str(key): plain(item, written=written) for key, item in value.items() if not (written and key in _OWN)}
    if isinstance(value, list | tuple):
        return [plain(item, written=written) for item in value]
    if isinstance(value, datetime):
        moment = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return moment.isoformat(timespec="milliseconds")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        # Times that were text already, in UTC.
        return datetime.fromisoformat(value.removesuffix("Z")).isoformat(timespec="milliseconds")
    return json.loads(json.dumps(value))


def sortable(value: Any) -> Any:
    """Return an answer whose related rows are in one order: nobody asked for any."""
    if isinstance(value, dict):
        return {name: sorted(item, key=str) if isinstance(item, list) else item for name, item in sorted(value.items())}
    return [sortable(item) for item in value] if isinstance(value, list) else value
