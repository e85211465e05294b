"""Json and Base64 as values and as fields of pydantic models."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from prisma.fields import Base64, Json


class Record(BaseModel):
    meta: Json
    data: Base64


def test_json_values() -> None:
    assert (Json.keys(a=1, b=[2]), repr(Json("x"))) == (Json({"a": 1, "b": [2]}), "Json('x')")


def test_base64_values() -> None:
    value = Base64.encode("grüße".encode("latin-1"))
    assert (str(value), value.decode_str("latin-1")) == ("Z3L832U=", "grüße")
    assert value == Base64.fromb64("Z3L832U=") == Base64.fromb64(b"Z3L832U=") == Base64(b"Z3L832U=")
    assert value != "Z3L832U="
    assert len({value, Base64(b"Z3L832U=")}) == 1


@pytest.mark.parametrize(
    ("value", "plain"),
    [({"a": 1}, {"a": 1}), ([1], [1]), (None, None), ("[1]", [1]), ("x", "x"), (Json("x"), "x"), (Json(None), None)],
)
def test_json_fields_hold_plain_values(value: object, plain: object) -> None:
    record = Record.model_validate({"meta": value, "data": "aGk="})
    assert record.meta == plain
    assert Record.model_validate(record.model_dump()) == record
    assert Record.model_validate_json(record.model_dump_json()) == record


def test_base64_fields_refuse_other_values() -> None:
    with pytest.raises(ValidationError, match="Base64 text is a str or bytes, not int"):
        Record.model_validate({"meta": 1, "data": 1})


def test_schema() -> None:
    assert Record.model_json_schema()["properties"] == {
        "meta": {"title": "Meta"},
        "data": {"title": "Data", "type": "string", "format": "byte"},
    }
