"""Field wrappers, the root of all errors, and the extras of the distribution."""

from __future__ import annotations

from importlib.metadata import metadata

import pytest
from pydantic import BaseModel

from prisma import Base64, Json, errors


class File(BaseModel):
    content: Base64


def test_json() -> None:
    assert (Json.keys(a=1), Json([1]).data, Json(None)) == (Json({"a": 1}), [1], Json(None))


def test_base64() -> None:
    value = Base64.encode(b"hi")
    assert (str(value), value.decode(), value.decode_str()) == ("aGk=", b"hi", "hi")
    assert value == Base64.fromb64("aGk=") == Base64.fromb64(b"aGk=") == Base64(b"aGk=")
    assert File.model_validate_json('{"content": "aGk="}').model_dump_json() == '{"content":"aGk="}'
    assert File.model_json_schema()["properties"]["content"] == {
        "format": "byte",
        "title": "Content",
        "type": "string",
    }


def test_every_error_is_a_prisma_error() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert {cls for cls in classes if not issubclass(cls, errors.PrismaError | Warning)} == set()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("P2002", "UniqueViolationError"),
        ("P2003", "ForeignKeyViolationError"),
        ("P2009", "FieldNotFoundError"),
        ("P2010", "RawQueryError"),
        ("P2012", "MissingRequiredValueError"),
        ("P2019", "InputError"),
        ("P2021", "TableNotFoundError"),
        ("P2025", "RecordNotFoundError"),
        ("P1001", "DataError"),
        ("P2024", "DataError"),
        ("P2034", "DataError"),
    ],
)
def test_codes_and_classes(code: str, name: str) -> None:
    error = errors.data_error(code, "message", {"a": 1})
    assert (type(error).__name__, error.code, error.meta, str(error)) == (name, code, {"a": 1}, "message")


def test_extras_of_the_package() -> None:
    assert {"node", "all"} <= set(metadata("prisma").get_all("Provides-Extra") or ())
