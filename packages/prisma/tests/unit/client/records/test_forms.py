"""Records that a decoder fills equal records that their class makes; classes with validators make their own."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)

from prisma.client.records.base_model import PrismaModel, database_list
from prisma.client.records.forms import form_of
from prisma.dialects.postgresql import POSTGRESQL
from prisma.engine.datamap import load_data_map
from prisma.fields import FROM_DATABASE, Base64, Json
from prisma.plan import nodes as n

NOW = datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)
PARIS = timezone(timedelta(hours=1))
END = datetime.max  # how drivers give `infinity`


class Size(StrEnum):
    SMALL = "SMALL"
    LARGE = "LARGE"


class Part(PrismaModel):
    id: int
    made: datetime
    size: Size
    price: Decimal | None = None
    whole: Whole | None = None


class Whole(PrismaModel):
    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    json_: Json = Field(alias="json")
    size: Size | None = None
    sizes: list[Size]
    made: datetime
    price: Decimal
    ratio: float
    is_there: bool
    count: int | None = None
    image: Base64 | None = None
    images: list[Base64]
    parts: list[Part] | None = None
    first: Part | None = None

    _lists = field_validator("sizes", "images", mode="wrap")(database_list)


ENUMS = (("Size", (("s", "SMALL"), ("l", "LARGE"))),)


def scalar(name: str, type_: str, arity: str = "optional") -> tuple[str, n.FieldShape]:
    return name, n.FieldShape(name, arity, type_, "Size" if type_ == "enum" else None)


PART = (scalar("id", "int"), scalar("made", "datetime"), scalar("size", "enum"), scalar("price", "decimal"))
WHOLE = n.ObjectShape(
    None,
    False,
    (
        scalar("id", "string"),
        scalar("json", "json"),
        scalar("size", "enum"),
        scalar("sizes", "enum", "list"),
        scalar("made", "datetime"),
        scalar("price", "decimal"),
        scalar("ratio", "float"),
        scalar("is_there", "boolean"),
        scalar("image", "bytes"),
        scalar("images", "bytes", "list"),
        ("parts", n.ObjectShape("parts", False, PART)),
        ("first", n.ObjectShape("first", False, PART)),
    ),
)
ROW: dict[str, Any] = {
    "id": "a",
    "json": '{"a": [1.5, null]}',
    "size": "s",
    "sizes": ["l", "s"],
    "made": NAIVE,
    "price": Decimal("1.10"),
    "ratio": 2,
    "is_there": True,
    "image": b"\x00",
    "images": [b"a", b"b"],
    "parts": '[{"id": 1, "made": "2024-01-02T03:04:05.678", "size": "l", "price": 0.10}]',
    "first": '{"id": 2, "made": "2024-01-02T05:04:05.678+02:00", "size": "s", "price": null}',
}
EMPTY = {"size": None, "sizes": None, "image": None, "images": None, "parts": "[]", "first": None}

FITTING: dict[str, Any] = {
    "one row": ROW,
    "no row": None,
    "no rows": [],
    "rows": [ROW, {**ROW, "made": NOW}, {**ROW, **EMPTY}],
    "text for a moment": {**ROW, "made": "infinity"},
    "JSON null in a required field": {**ROW, "json": "null"},
    "NULL in a list": {**ROW, "sizes": ["s", None], "images": [None, b"a"]},
    "no number": {**ROW, "price": Decimal("-Infinity")},
}
REFUSED: dict[str, Any] = {
    "NULL for a required text": {**ROW, "id": None},
    "NULL for a required moment": {**ROW, "made": None},
    "NULL for a required number": {**ROW, "price": None},
    "NULL for a required boolean": [ROW, {**ROW, "is_there": None}],
    "a related record without its id": {**ROW, "first": '{"id": null, "made": null, "size": "s", "price": null}'},
    "one record where a list belongs": {**ROW, "parts": ROW["first"]},
    "a list where one record belongs": {**ROW, "first": ROW["parts"]},
    "NULL among related records": {**ROW, "parts": "[null]"},
}


def by_form(model: type[BaseModel], rows: Any, shape: n.ObjectShape = WHOLE) -> Any:
    return load_data_map(n.DataMap(n.Unit(), shape, ENUMS), POSTGRESQL, form_of(model))(rows)


def by_class(model: type[BaseModel], rows: Any, shape: n.ObjectShape = WHOLE) -> Any:
    plain = load_data_map(n.DataMap(n.Unit(), shape, ENUMS), POSTGRESQL)(rows)
    if not isinstance(plain, list):
        return None if plain is None else model.model_validate(plain, context=FROM_DATABASE)
    return [model.model_validate(row, context=FROM_DATABASE) for row in plain]


def insides(value: Any) -> Any:
    """Everything that a record consists of, with types and the order of its attributes."""
    if isinstance(value, BaseModel):
        state = value.__getstate__()
        return type(value), {**state, "__dict__": [(key, insides(item)) for key, item in state["__dict__"].items()]}
    return [insides(item) for item in value] if isinstance(value, list) else (type(value), value)


class Values(tuple[Any, ...]):
    """A row as a driver gives it: its values in order, and also by their columns."""

    def keys(self) -> Any:
        return ROW.keys()

    def __getitem__(self, key: Any) -> Any:
        return self[list(ROW).index(key)] if isinstance(key, str) else super().__getitem__(key)


def of_driver(rows: list[dict[str, Any]]) -> list[Values]:
    return [Values(row.values()) for row in rows]


@pytest.mark.parametrize("rows", FITTING.values(), ids=FITTING)
def test_filled_as_its_class_would(rows: Any) -> None:
    assert form_of(Whole).fields is not None
    assert insides(by_form(Whole, rows)) == insides(by_class(Whole, rows))


OF_DRIVERS: dict[str, list[dict[str, Any]]] = {
    "all alike": [ROW, ROW],
    "a first of other types": [{**ROW, "id": 5, "ratio": Decimal("2.5")}, ROW],
    "times in another zone, and without an end": [ROW, {**ROW, "made": NOW.astimezone(PARIS)}, {**ROW, "made": END}],
    "nothing where nothing may be": [ROW, {**ROW, **EMPTY}],
}


@pytest.mark.parametrize("rows", OF_DRIVERS.values(), ids=OF_DRIVERS)
def test_rows_of_a_driver(rows: list[dict[str, Any]]) -> None:
    assert insides(by_form(Whole, of_driver(rows))) == insides(by_class(Whole, rows))


@pytest.mark.parametrize("rows", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("is_of_driver", [False, True])
def test_refused_in_the_words_of_its_class(rows: Any, is_of_driver: bool) -> None:
    rows = [ROW, *(rows if isinstance(rows, list) else [rows])]
    with pytest.raises(ValidationError) as expected:
        by_class(Whole, rows)
    with pytest.raises(ValidationError) as refused:
        by_form(Whole, of_driver(rows) if is_of_driver else rows)
    assert refused.value.errors(include_url=False) == expected.value.errors(include_url=False)


# More attributes than instances of a class share the keys of.
MORE: Any = {f"more_{number}": (int | None, None) for number in range(40)}
WIDE = create_model("Wide", __base__=Part, **MORE)


class Slotted(PrismaModel):
    """A layout of its own."""

    __slots__ = ("more",)

    id: int
    made: datetime
    size: Size
    price: Decimal | None = None


@pytest.mark.parametrize("model", [WIDE, Slotted], ids=["wide", "slotted"])
def test_layouts(model: type[BaseModel]) -> None:
    rows = [{"id": number, "made": NAIVE, "size": "s", "price": None} for number in range(3)]
    shape = n.ObjectShape(None, False, PART)
    assert insides(by_form(model, rows, shape)) == insides(by_class(model, rows, shape))


class Own(BaseModel):
    model_config = ConfigDict(use_enum_values=True)

    id: int
    note: str = ""


Change = Callable[[Any], object]
CHANGES: dict[str, Change] = {
    "an attribute": lambda record: setattr(record, "note", "changed"),
    "the set": lambda record: record.model_fields_set.add("note"),
    "a copy": lambda record: record.model_copy(update={"note": "changed"}).model_fields_set.add("x"),
    "a pickled one": lambda record: pickle.loads(pickle.dumps(record)).__pydantic_fields_set__.add("x"),
}


class Mine(PrismaModel):
    id: int
    note: str = ""


@pytest.mark.parametrize("model", [Own, Mine])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_names_that_were_set_belong_to_a_record(model: type[BaseModel], change: Change) -> None:
    shape = n.ObjectShape(None, False, (scalar("id", "int"),))
    first, second = by_form(model, [{"id": 1}, {"id": 2}], shape)
    change(first)
    assert (second.model_fields_set, second.model_dump(exclude_unset=True)) == ({"id"}, {"id": 2})
    changed = {"id", "note"} if change in (CHANGES["an attribute"], CHANGES["the set"]) else {"id"}
    assert (first.model_fields_set, type(first.model_fields_set)) == (changed, set)


class Checked(Part):
    @field_validator("id")
    @classmethod
    def _twice(cls, value: int) -> int:
        return value * 2


class Judged(Part):
    @model_validator(mode="after")
    def _judge(self) -> Judged:
        self.id *= 2
        return self


class Begun(Part):
    def model_post_init(self, context: Any) -> None:
        self.id *= 2


class Secretive(Part):
    _seen: int = PrivateAttr(default=3)


class Strict(Part):
    model_config = ConfigDict(str_to_upper=True)


class Enumerated(Part):
    model_config = ConfigDict(use_enum_values=False)


class Bounded(Part):
    id: int = Field(lt=100)


class Loose(Part):
    id: int | str  # pyright: ignore[reportIncompatibleVariableOverride]


class Listed(Part):
    more: list[int] = Field(default_factory=list)


OWN = (Checked, Judged, Begun, Secretive, Strict, Enumerated, Bounded, Loose, Listed)


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_classes_with_a_will_of_their_own(model: type[BaseModel]) -> None:
    rows = [{"id": 7, "made": NAIVE, "size": "s", "price": None}]
    shape = n.ObjectShape(None, False, PART)
    assert form_of(model).fields is None
    assert insides(by_form(model, rows, shape)) == insides(by_class(model, rows, shape))


class Wider(Part):
    remark: str = "none"


class Other(PrismaModel):
    id: str
    made: datetime
    size: Size
    price: Decimal | None = None


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (Wider, n.ObjectShape(None, False, PART)),
        (Part, n.ObjectShape(None, False, (*PART[:3],))),
        (Part, n.ObjectShape(None, False, (*PART, scalar("more", "int")))),
    ],
    ids=["a default of the class", "an optional field that is not read", "a field that the class lacks"],
)
def test_shapes_and_classes_that_differ(model: type[BaseModel], shape: n.ObjectShape) -> None:
    rows = [{"id": 7, "made": NAIVE, "size": "s", "price": Decimal(1), "more": 2}]
    assert insides(by_form(model, rows, shape)) == insides(by_class(model, rows, shape))


def test_nothing_is_built_of_a_class_whose_records_are_filled() -> None:
    class Lonely(PrismaModel):
        id: int
        next: Part | None = None

    shape = n.ObjectShape(None, False, (scalar("id", "int"),))
    record = by_form(Lonely, {"id": 7}, shape)
    assert (record.id, Lonely.__pydantic_complete__) == (7, False)
    assert (record.model_dump(), Lonely.__pydantic_complete__) == ({"id": 7, "next": None}, True)


def test_classes_named_further_down_are_found() -> None:
    related = (form_of(Whole).fields or {})["first"].related
    assert related is not None
    assert related().record is Part


def test_a_field_of_another_type_is_refused() -> None:
    with pytest.raises(ValidationError, match="should be a valid string"):
        by_form(Other, [{"id": 7, "made": NAIVE, "size": "s", "price": None}], n.ObjectShape(None, False, PART))
