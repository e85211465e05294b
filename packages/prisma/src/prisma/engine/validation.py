"""Validation: the rules of a plan for its values, and the errors of values that break them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from prisma.engine.plan_error import PlanError, contradiction
from prisma.plan import nodes

_CHANGE = "The change you are trying to make "
_UNCONNECTED = "The required connected records were not found. Expected {expectedRows} records to be connected "
_MISSING = "An operation failed because it depends on one or more records that were required but not found. "


def row_count(value: Any) -> int:
    """Return how many rows a value is: the length of a list, 0 for None, 1 for anything else."""
    if isinstance(value, list):
        return len(cast("list[Any]", value))
    return 0 if value is None else 1


_RULES: dict[type[Any], Callable[[Any, Any], bool]] = {
    nodes.RowCountEq: lambda rule, value: row_count(value) == rule.count,
    nodes.RowCountNeq: lambda rule, value: row_count(value) != rule.count,
    nodes.AffectedRowCountEq: lambda rule, value: value == rule.count,
    nodes.Never: lambda rule, value: False,
}


def holds(rule: nodes.Rule, value: Any) -> bool:
    """Say whether a rule holds on a value."""
    return _RULES[type(rule)](rule, value)


def load_check(node: nodes.Validate) -> Callable[[Any], Any]:
    """Return the function that returns its argument, or raises PlanError when a rule does not hold on it."""
    # Looked up once: a check runs with every update and delete.
    rules = tuple((_RULES[type(rule)], rule) for rule in node.rules)

    def check(value: Any) -> Any:
        for holds, rule in rules:
            if not holds(rule, value):
                raise violation(node.error_identifier, dict(node.context), value)
        return value

    return check


def violation(identifier: str, context: dict[str, Any], value: Any) -> PlanError:
    """Return the error of a broken rule; `value` is what broke it."""
    # The compiler names the kind of the error and its facts; the sentence is made here.
    described = _VIOLATIONS.get(identifier)
    if described is None:
        return contradiction(f"unknown error {identifier!r}")
    code, sentence = described
    needed_for = context.get("neededFor")
    # Rows are counted; the value of `affectedRowCountEq` is a count already.
    found = len(cast("list[Any]", value)) if isinstance(value, list) else value
    facts = {**context, "found": found, "hint": f" (needed to {needed_for})" if needed_for else ""}
    return PlanError(code, sentence.format_map(facts), context)


# Prisma's codes and the form of its sentences: programs match on both.
_VIOLATIONS: dict[str, tuple[str, str]] = {
    "RELATION_VIOLATION": (
        "P2014",
        _CHANGE + "would violate the required relation '{relation}' between the `{modelA}` and `{modelB}` models.",
    ),
    "RECORDS_NOT_CONNECTED": (
        "P2017",
        "The records for relation `{relation}` between the `{parent}` and `{child}` models are not connected.",
    ),
    "INCOMPLETE_CONNECT_OUTPUT": (
        "P2018",
        _UNCONNECTED + "after connect operation on {relationType} relation '{relation}', found {found}.",
    ),
    "MISSING_RECORD": ("P2025", _MISSING + "No record was found for {operation}."),
    "MISSING_RELATED_RECORD": (
        "P2025",
        _MISSING + "No '{model}' record{hint} was found for {operation} on {relationType} relation '{relation}'.",
    ),
    "INCOMPLETE_CONNECT_INPUT": (
        "P2025",
        _MISSING + "Expected {expectedRows} records to be connected, found only {found}.",
    ),
}
