"""A Json field takes JSON text from a program, and data from the database."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from prisma import Json
from prisma.fields import FROM_DATABASE
from prisma.validator import validate


class Record(BaseModel):
    data: Json | None = None
    many: list[Json] = []


# what a program gives, what the model holds
GIVEN: list[tuple[Any, Any]] = [
    ('{"a": 1}', {"a": 1}),
    (b'{"a": 1}', {"a": 1}),
    ("[1, 2.5, null]", [1, 2.5, None]),
    ('"text"', "text"),
    ("5", 5),
    ("five", "five"),
    ("", ""),
    (Json("5"), "5"),
    (Json({"a": 1}), {"a": 1}),
    ({"a": "5"}, {"a": "5"}),
    (None, None),
]


@pytest.mark.parametrize(("given", "held"), GIVEN)
def test_a_model_made_by_a_program(given: Any, held: Any) -> None:
    made = [Record(data=given), Record.model_validate({"data": given})]
    assert [record.data for record in made] == [held] * 2
    assert Record(many=[given]).many == [held]


@pytest.mark.parametrize("value", ['{"a": 1}', "5", "text", {"a": "5"}, ["5"]])
def test_a_record_of_the_database(value: Any) -> None:
    record = Record.model_validate({"data": value, "many": [value]}, context=FROM_DATABASE)
    again = [record.model_copy(deep=True), Record.model_validate(record)]
    assert [(one.data, one.many) for one in (record, *again)] == [(value, [value])] * 3


def test_text_that_is_nested_without_an_end() -> None:
    with pytest.raises(ValidationError, match="nested too deeply"):
        Record.model_validate({"data": "[" * 100_000})


def test_arguments_are_validated_as_they_are() -> None:
    from prisma.types import UsageMetricCreateInput

    given = [Json("5"), "5", {"a": "5"}]
    validated = [
        validate(UsageMetricCreateInput, {"endpoint": "x", "userId": "a", "metadata": value}) for value in given
    ]
    assert [row.get("metadata") for row in validated] == given
