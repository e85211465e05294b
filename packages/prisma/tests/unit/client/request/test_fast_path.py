"""The fast path gives the same request as the builder, or does not recognize the call."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from weakref import WeakSet

import pytest

from prisma.client.request.builder import RequestBuilder
from prisma.client.request.call import Call
from prisma.client.request.fast_path import MAX_RECOGNIZERS, Recognizers
from prisma.client.request.rejections import RejectedKey, RejectedValue
from prisma.errors import InputError
from prisma.fields import Json

from .test_builder import DATA, NOON, SCHEMA, WHERE

PROGRAM = object()
BUILDER = RequestBuilder(SCHEMA)


class Role(StrEnum):
    ADMIN = "ADMIN"
    USER = "USER"


Arguments = tuple[str, str, dict[str, Any]]
CALLS: list[Arguments] = [
    *(("User", "findMany", {"take": 5, "where": where, "skip": None}) for where, _, _ in WHERE),
    *(("User", "createOne", {"data": data}) for data, _, _ in DATA),
    ("User", "findMany", {"take": -5, "skip": 3, "order": [{"email": "asc"}, {"age": "desc"}]}),
    ("User", "findFirst", {"take": -1, "where": {"role": Role.ADMIN}, "include": {"posts": {"take": 7}}}),
    ("User", "updateOne", {"data": {"age": {"increment": 2}}, "where": {"id": "a"}}),
    ("User", "upsertOne", {"where": {"id": "a"}, "data": {"create": {"email": "b"}, "update": {"name": "c"}}}),
    ("User", "groupBy", {"by": ["role"], "sum": {"age": True}, "having": {"age": {"_avg": {"gt": 1}}}}),
    ("User", "findMany", {"select": {"email": True, "_count": {"select": {"posts": {"where": {"title": "x"}}}}}}),
]
# Equal ids become one parameter.
UNCLEAR = ("connect", "connect_or_create")
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 7, 2**40, 1.5, Decimal(2), "x", "asc", "ADMIN", "KING", Role.USER, NOON, b"x",
    datetime(2025, 1, 2, tzinfo=UTC), Json({}), [], ["x"], ["x", None], [1, 2], {}, {"x": 1}, {"gt": 1}, ("x",),
]  # fmt: skip


def written(model: str, action: str, arguments: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the shape of a request and what is recognized by it, or the classes of what refuses it."""
    try:
        request = BUILDER.request(Call(model, action, arguments))
    except (InputError, RejectedValue, RejectedKey) as error:
        return type(error), None
    return request.shape, (PROGRAM, request.values, request.numbers)


def recognizer(model: str, action: str, arguments: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any] | None:
    return BUILDER.recognizer(Call(model, action, arguments), PROGRAM)


@pytest.mark.parametrize("call", CALLS, ids=[str(arguments) for *_, arguments in CALLS])
def test_a_call_is_recognized_by_its_like(call: Arguments) -> None:
    recognize = recognizer(*call)
    assert (recognize is None) == any(f"'{verb}'" in str(call[2]) for verb in UNCLEAR)
    assert recognize is None or recognize(copy.deepcopy(call[2])) == written(*call)[1]


ALIKE = [
    ({"take": 9, "where": {"email": "a"}}, {"take": 100, "where": {"email": "b"}}),
    ({"where": {"role": Role.ADMIN}}, {"where": {"role": Role.USER}}),
    ({"where": {"age": {"in": [1, 2]}}}, {"where": {"age": {"in": [3]}}}),
    ({"where": {"OR": [{"age": 1}, {"age": 2}]}}, {"where": {"OR": [{"age": 3}, {"age": 3}]}}),
    ({"where": {"data": {"path": ["a"], "equals": Json(1)}}}, {"where": {"data": {"path": ["a"], "equals": Json([])}}}),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=[str(one) for one, _ in ALIKE])
def test_other_values_are_recognized(one: dict[str, Any], other: dict[str, Any]) -> None:
    recognize = recognizer("User", "findMany", one)
    assert recognize is not None
    assert recognize(other) == written("User", "findMany", other)[1]


TEXT, LIST, FILTER = "insensitive", [1, 2], {"equals": "a"}
# Calls in which one object has several places, and the same calls with other values.
REPEATED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("findMany", {"skip": 10, "take": 10}, {"skip": 3, "take": 400}),
    ("findMany", {"skip": 10, "take": 10, "where": {"age": 10}}, {"skip": 1, "take": 2, "where": {"age": 3}}),
    ("findMany", {"where": {"age": {"gt": 1, "lt": 1}}}, {"where": {"age": {"gt": 2, "lt": 3}}}),
    ("findMany", {"where": {"name": TEXT, "email": TEXT}}, {"where": {"name": "a", "email": "b"}}),
    (
        "findMany",
        {"where": {"name": {"contains": TEXT, "mode": TEXT}}},
        {"where": {"name": {"contains": "a", "mode": TEXT}}},
    ),
    (
        "findMany",
        {"where": {"name": "asc"}, "order": [{"name": "asc"}, {"id": "asc"}]},
        {"where": {"name": "a"}, "order": [{"name": "asc"}, {"id": "asc"}]},
    ),
    (
        "findMany",
        {"where": {"age": {"in": LIST, "not_in": LIST}}},
        {"where": {"age": {"in": [3], "not_in": []}}},
    ),
    (
        "findMany",
        {"where": {"name": None, "age": None}, "select": {"id": True, "name": True, "age": False}},
        {"where": {"name": None, "age": None}, "select": {"id": True, "name": True, "age": False}},
    ),
    ("findMany", {"where": {"name": FILTER, "email": FILTER}}, {"where": {"name": FILTER, "email": {"equals": "b"}}}),
    (
        "findMany",
        {"where": {"OR": [FILTERED := {"age": {"in": LIST}, "name": TEXT}, {"AND": [FILTERED, FILTERED]}]}},
        {
            "where": {
                "OR": [
                    {"age": {"in": [1]}, "name": "a"},
                    {"AND": [{"age": {"in": [2]}, "name": "b"}, {"age": {"in": [3]}, "name": "c"}]},
                ]
            }
        },
    ),
    ("createOne", {"data": {"name": TEXT, "email": TEXT}}, {"data": {"name": "a", "email": "b"}}),
    (
        "createOne",
        {"data": {"name": None, "age": None, "email": "a"}},
        {"data": {"name": None, "age": None, "email": ""}},
    ),
    (
        "updateOne",
        {"data": {"age": 1, "name": "1"}, "where": {"id": "1"}},
        {"data": {"age": 2, "name": "3"}, "where": {"id": "4"}},
    ),
    (
        "createOne",
        {"data": {"items": LIST, "data": LIST, "tags": ["a"]}},
        {"data": {"items": [1], "data": [], "tags": ["b"]}},
    ),
    (
        "findMany",
        {"where": {"tags": {"equals": (), "has_some": ()}}},
        {"where": {"tags": {"equals": ("a",), "has_some": ()}}},
    ),
]


@pytest.mark.parametrize(("action", "one", "other"), REPEATED, ids=[str(one) for _, one, _ in REPEATED])
def test_places_of_one_object_are_told_apart(action: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    known = Recognizers(BUILDER.recognizer, max_counted=10)
    for _ in range(2):
        known.learn(Call("User", action, one), PROGRAM)
    assert [known.find(Call("User", action, each)) for each in (one, other)] == [
        written("User", action, one)[1],
        written("User", action, other)[1],
    ]


UNLIKE = [
    ({"where": {"name": {"contains": TEXT, "mode": TEXT}}}, {"where": {"name": {"contains": TEXT, "mode": "default"}}}),
    ({"where": {"email": "a", "name": "b"}}, {"where": {"name": "a", "email": "b"}}),
    ({"where": {"email": "a"}}, {"where": {"email": "a", "name": "b"}}),
    ({"where": {"email": "a"}}, {"where": {"name": "a"}}),
    ({"where": {"email": "a"}}, {"where": {"email": {"equals": "a"}}}),
    ({"where": {"age": 7}}, {"where": {"age": True}}),
    ({"where": {"role": "ADMIN"}}, {"where": {"role": "KING"}}),
    ({"where": {"age": {"in": [1]}}}, {"where": {"age": {"in": [None]}}}),
    ({"order": {"email": "asc"}}, {"order": {"email": "desc"}}),
    ({"order": [{"email": "asc"}, {"id": "asc"}]}, {"order": [{"email": "asc"}]}),
    ({"take": 7}, {"take": -7}),
    ({"take": 7}, {"take": 0}),
    ({"include": {"posts": True}}, {"include": {"posts": 1}}),
    ({"where": {"name": None}}, {"where": {"name": "a"}}),
]


@pytest.mark.parametrize(("one", "other"), UNLIKE, ids=[str(pair) for pair in UNLIKE])
def test_what_has_another_shape_is_not_recognized(one: dict[str, Any], other: dict[str, Any]) -> None:
    recognize = recognizer("User", "findMany", one)
    assert recognize is not None
    assert (recognize(one) is None, recognize(other)) == (False, None)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths to everything inside arguments."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        yield (*path, key)
        yield from places(item, (*path, key))


def reversed_keys(value: Any) -> Any:
    return dict(reversed(value.items())) if isinstance(value, dict) else value


def changed(dice: random.Random, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with something else in one or two places."""
    other = copy.deepcopy(arguments)
    for _ in range(dice.randint(1, 2)):
        everything = list(places(other))
        if not everything:
            break
        path = dice.choice(everything)
        holder, key = other, path[-1]
        for step in path[:-1]:
            holder = holder[step]
        match dice.choice(["value", "value", "order", "name", "gone"]):
            case "value":
                holder[key] = copy.deepcopy(dice.choice(VALUES))
            case "order":
                holder[key] = reversed_keys(holder[key])
            case "name" if isinstance(holder, dict):
                holder[dice.choice(["id", "name", "where", "take", "not"])] = holder.pop(key)
            case _:
                del holder[key]
    return other


def test_what_is_recognized_has_the_same_shape() -> None:
    dice = random.Random(9)
    recognizers = [recognizer(*call) for call in CALLS]
    recognized = 0
    for _ in range(2_000):
        (model, action, arguments), recognize = dice.choice(list(zip(CALLS, recognizers, strict=True)))
        other = changed(dice, arguments)
        try:
            found = None if recognize is None else recognize(other)
        except RejectedValue:
            found = None
        shape, expected = written(model, action, other)
        recognized += found is not None
        assert found is None or (found, shape) == (expected, written(model, action, arguments)[0]), other
    # What is never recognized shows nothing.
    assert recognized > 100


def test_recognizers_are_learned_from_calls_that_come_again_and_the_latest_are_kept() -> None:
    known = Recognizers(BUILDER.recognizer, max_counted=10)
    shapes: list[dict[str, Any]] = [{"where": {name: None}} for name in ("id", "email", "name", "age", "balance")]
    assert len(shapes) == MAX_RECOGNIZERS + 1
    found: list[list[bool]] = []
    for calls in range(3):
        found.append([known.find(Call("User", "findMany", shape)) is not None for shape in shapes])
        for number, shape in enumerate(shapes[calls > 1 :]):
            known.learn(Call("User", "findMany", shape), number)
    found.append([known.find(Call("User", "findMany", shape)) is not None for shape in shapes])
    assert found == [[False] * 5, [False] * 5, [False, True, True, True, True], [False, True, True, True, True]]


def test_programs_that_are_not_called_again_are_not_kept() -> None:
    class Program:
        pass

    known = Recognizers(BUILDER.recognizer, max_counted=2)
    alive = WeakSet[Program]()
    for _ in range(5):
        program = Program()
        alive.add(program)
        known.learn(Call("User", "findMany", {}), program)
    assert len(alive) <= 2
