"""Rules of a plan, and the error when one is violated."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.engine.plan_error import PlanError
from prisma.engine.validation import holds, load_check
from prisma.plan.nodes import AffectedRowCountEq, Never, RowCountEq, RowCountNeq, Rule, Unit, Validate

MISSING = "An operation failed because it depends on one or more records that were required but not found. "
UNCONNECTED = "The required connected records were not found. Expected 2 records to be connected "
CHANGE = "The change you are trying to make would "


@pytest.mark.parametrize(
    ("rule", "value", "result"),
    [
        (RowCountEq(2), [1, 2], True),
        (RowCountEq(2), [1], False),
        (RowCountEq(0), None, True),
        (RowCountEq(1), {"id": 1}, True),
        (RowCountEq(1), 5, True),
        (RowCountNeq(0), [], False),
        (RowCountNeq(0), None, False),
        (RowCountNeq(0), {}, True),
        (AffectedRowCountEq(2), 2, True),
        (AffectedRowCountEq(2), 1, False),
        (Never(), [1], False),
    ],
)
def test_rule(rule: Rule, value: Any, result: bool) -> None:
    assert holds(rule, value) is result


RELATION = {"relation": "PostToUser", "relationType": "one-to-many"}


@pytest.mark.parametrize(
    ("identifier", "context", "value", "code", "message"),
    [
        (
            "MISSING_RECORD", {"operation": "an update"}, None, "P2025",
            MISSING + "No record was found for an update.",
        ),
        (
            "MISSING_RELATED_RECORD", {**RELATION, "model": "User", "operation": "a nested connect", "neededFor": None},
            None, "P2025",
            MISSING + "No 'User' record was found for a nested connect on one-to-many relation 'PostToUser'.",
        ),
        (
            "MISSING_RELATED_RECORD", {**RELATION, "model": "User", "operation": "a connect", "neededFor": "link it"},
            None, "P2025",
            MISSING
            + "No 'User' record (needed to link it) was found for a connect on one-to-many relation 'PostToUser'.",
        ),
        (
            "INCOMPLETE_CONNECT_INPUT", {"expectedRows": 2}, [{}], "P2025",
            MISSING + "Expected 2 records to be connected, found only 1.",
        ),
        (
            "INCOMPLETE_CONNECT_OUTPUT", {**RELATION, "expectedRows": 2}, 1, "P2018",
            UNCONNECTED + "after connect operation on one-to-many relation 'PostToUser', found 1.",
        ),
        (
            "RECORDS_NOT_CONNECTED", {"relation": "PostToUser", "parent": "User", "child": "Post"}, [], "P2017",
            "The records for relation `PostToUser` between the `User` and `Post` models are not connected.",
        ),
        (
            "RELATION_VIOLATION", {"relation": "PostToUser", "modelA": "User", "modelB": "Post"}, [], "P2014",
            CHANGE + "violate the required relation 'PostToUser' between the `User` and `Post` models.",
        ),
    ],
)  # fmt: skip
def test_broken_rule(identifier: str, context: dict[str, Any], value: Any, code: str, message: str) -> None:
    check = load_check(Validate(Unit(), (Never(),), identifier, tuple(context.items())))
    with pytest.raises(PlanError) as caught:
        check(value)
    assert (caught.value.code, caught.value.message, caught.value.meta) == (code, message, context)


def test_kept_rule_returns_the_value() -> None:
    check = load_check(Validate(Unit(), (RowCountNeq(0), RowCountEq(1)), "MISSING_RECORD", ()))
    assert check([1]) == [1]
