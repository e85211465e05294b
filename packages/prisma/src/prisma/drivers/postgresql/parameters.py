"""The parameters of a statement: they convert values to the Python types that a driver sends, by the server's types.

The server infers the type of each placeholder, and each type has a converter. Most values already fit. One comparison
of types shows that (`Parameters.convert`), so the usual statement costs no call for each value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, NoReturn, Protocol, TypeAlias, cast

from prisma.drivers.postgresql.settings import quote_identifier
from prisma.drivers.postgresql.text_types import TEXT_TYPES
from prisma.faults import DriverFault, FaultKind

Converter: TypeAlias = Callable[[Any], object]
Rule: TypeAlias = tuple[type | None, Converter | None]
"""The Python type that needs no look, and what converts the others."""

_WRONG_NUMBER: Final = "08P01"  # as the server reports it
MAX_SHOWN_VALUE = 40  # characters of a value that an error shows
MAX_KNOWN_CLASSES = 16  # combinations of Python classes that one statement's values may have
_NONE = type(None)
_NO_RULES: Final[Mapping[str, Rule]] = {}


class JsonText(str):
    """JSON for a parameter of raw SQL. In a list it is an element of an array, or of a larger JSON."""

    __slots__ = ()


class ServerType(Protocol):
    """A type as the server describes it; an array's name is that of its element followed by `[]`."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def schema(self) -> str: ...


class Parameters:
    """The parameters of one statement; `own` holds a driver's own rules, by type name."""

    __slots__ = ("_converters", "_names", "_places", "_plain", "_types")

    def __init__(self, types: Sequence[ServerType], own: Mapping[str, Rule] = _NO_RULES) -> None:
        self._types = tuple(types)
        self._names = tuple(type_name(each) for each in types)
        rules = [_rule(each, own) for each in types]
        self._plain = tuple(plain for plain, _ in rules)
        self._converters = tuple(converter for _, converter in rules)
        # Which values need their converters, by the classes of all values.
        self._places: dict[tuple[type, ...], tuple[int, ...]] = {}

    def convert(self, args: Sequence[object]) -> Sequence[object]:
        """Return `args` as the driver takes them; a DriverFault names the parameter whose value does not fit."""
        classes = tuple(map(type, args))
        # The usual statement: every value has the type that its parameter needs.
        if classes == self._plain:
            return args
        places = self._places.get(classes)
        if places is None:
            places = self._look(classes)
        if not places:
            return args
        converted, converters, place = list(args), self._converters, 0
        try:
            for place in places:
                converted[place] = converters[place](converted[place])  # pyright: ignore[reportOptionalCall] see _look
        except (ValueError, TypeError, ArithmeticError, AttributeError) as error:
            raise _unfit(place + 1, self._names[place], args[place], error) from error
        return converted

    def _look(self, classes: tuple[type, ...]) -> tuple[int, ...]:
        """Return, and remember, the places of values of these classes that need their converters."""
        if len(classes) != len(self._plain):
            raise _miscounted(len(classes), len(self._plain))
        found = tuple(
            place
            for place, (class_, plain, converter) in enumerate(zip(classes, self._plain, self._converters, strict=True))
            if not (class_ is _NONE or converter is None or class_ is plain)
        )
        if len(self._places) < MAX_KNOWN_CLASSES:
            self._places[classes] = found
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the types: `int4`, `_int4` for its array."""
        return self._names

    @property
    def array_types(self) -> tuple[str | None, ...]:
        """For each parameter the SQL type of arrays of it; None for one that is itself an array."""
        return tuple(
            None if each.kind == "array" else f"{quote_identifier(each.schema)}.{_quoted_name(each)}[]"
            for each in self._types
        )


def _quoted_name(type_: ServerType) -> str:
    # psycopg writes the name of "char" with its quotes.
    return quote_identifier(type_.name.strip('"'))


def type_name(type_: ServerType) -> str:
    """Return the type's name in PostgreSQL's catalog: `int4`, `_int4` for its array."""
    name = type_.name
    return f"_{name.removesuffix('[]')}" if type_.kind == "array" and name.endswith("[]") else name


def _rule(type_: ServerType, own: Mapping[str, Rule]) -> Rule:
    name = type_.name
    if type_.kind == "array":
        element = name.removesuffix("[]")
        return None, _array(*(own.get(element) or _RULES.get(element, (None, None))))
    return own.get(name) or _RULES.get(name, _AS_TEXT)


def _unfit(number: int, type_name: str, value: object, error: Exception) -> DriverFault:
    overflow = isinstance(error, OverflowError)
    shown = repr(value)
    if len(shown) > MAX_SHOWN_VALUE:
        shown = f"{shown[:MAX_SHOWN_VALUE]}…"
    return DriverFault(
        FaultKind.VALUE_OUT_OF_RANGE if overflow else FaultKind.INVALID_INPUT_VALUE,
        {
            "message": f"Parameter ${number} has the type {type_name}, which can't hold {shown}.",
            "parameter": number,
            "type": type_name,
        },
    )


def _miscounted(given: int, wanted: int) -> DriverFault:
    message = f"The number of values is {given}, that of the statement's placeholders {wanted}."
    return DriverFault(FaultKind.INVALID_INPUT_VALUE, {"message": message, "sqlstate": _WRONG_NUMBER})


def _array(plain: type | None, converter: Converter | None) -> Converter:
    fitting = {plain, _NONE}

    def convert(value: object) -> object:
        # Both can be iterated over, but a text is never an array of characters.
        if type(value) is list:
            values = cast("list[object]", value)
        elif isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            _refuse(value)
        else:
            values = list(cast("Iterable[object]", value))
        if converter is None or fitting.issuperset(map(type, values)):
            return values
        converted: list[object] = []
        before: object = None
        result: object = None
        for item in values:
            # A column of new rows often holds one moment all the way down.
            if item is not before:
                before = item
                result = (
                    None
                    if item is None
                    else convert(cast("object", item))
                    if isinstance(item, list)
                    else converter(item)
                )
            converted.append(result)
        return converted

    return convert


def _refuse(value: object) -> NoReturn:
    raise TypeError(f"A {type(value).__name__} does not fit.")


def _integer(value: object) -> int:
    if isinstance(value, (int, str)):
        return int(value)
    # 3.0 is a whole number; 3.5 must not become 3 in silence.
    if isinstance(value, (float, Decimal)) and value == int(value):
        return int(value)
    _refuse(value)


def _float(value: object) -> float:
    return float(value) if isinstance(value, (int, float, Decimal, str)) else _refuse(value)


def numeric(value: object) -> Decimal:
    """Return a number or its text as a Decimal."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        # Decimal(0.1) would have 55 digits.
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, (int, str)) else _refuse(value)


_BOOLEANS = {"t": True, "true": True, "on": True, "yes": True, "y": True, "1": True} | {
    "f": False,
    "false": False,
    "off": False,
    "no": False,
    "n": False,
    "0": False,
}


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _BOOLEANS:
        return _BOOLEANS[value.strip().lower()]
    if isinstance(value, int) and value in (0, 1):
        return value == 1
    _refuse(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        # PostgreSQL's words, not Python's.
        return "true" if value else "false"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview, list, tuple, dict, set)):
        _refuse(cast("object", value))
    return str(value)


def _json(value: object) -> str:
    return value if isinstance(value, str) else _json_element(value)


def _json_element(value: object) -> str:
    if isinstance(value, JsonText):
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(_json_element, cast('list[object]', value)))}]"
    return json.dumps(value, ensure_ascii=False)


def _bytes(value: object) -> object:
    if isinstance(value, str):
        if not value.startswith("\\x"):
            _refuse(value)
        return bytes.fromhex(value[2:])
    return value


def _moment(value: object) -> datetime:
    if isinstance(value, str):
        return datetime.fromisoformat(value.strip())
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else _refuse(value)


def _timestamp(value: object) -> datetime:
    moment = _moment(value)
    zone = moment.tzinfo
    if zone is None:
        return moment
    # A column without time zone holds UTC, as Prisma writes it.
    return (moment if zone is UTC else moment.astimezone(UTC)).replace(tzinfo=None)


def aware(value: object) -> datetime:
    """Return a moment as an aware datetime in UTC; OverflowError for one outside the years 1 to 9999 there."""
    moment = _moment(value)
    zone = moment.tzinfo
    if zone is UTC:
        return moment
    # A time without zone would be taken as local time.
    return moment.replace(tzinfo=UTC) if zone is None else moment.astimezone(UTC)


def calendar_date(value: object) -> date:
    """Return a date unchanged, or the date of a moment in UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return _timestamp(value).date()


def _time(value: object) -> str:
    moment = time.fromisoformat(value.strip()) if isinstance(value, str) and _CLOCK.match(value) else value
    if isinstance(moment, time):
        return (moment if moment.tzinfo is None else _in_utc(moment)).replace(tzinfo=None).isoformat()
    return _timestamp(moment).time().isoformat()


def _timetz(value: object) -> str:
    return f"{_time(value)}+00"


def _in_utc(moment: time) -> time:
    # Only a date makes a time with zone into a moment; a fixed offset gives the same on every date.
    return datetime.combine(date(2000, 1, 1), moment).astimezone(UTC).timetz()


_CLOCK = re.compile(r"\s*\d\d:")


def _interval(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    return value if isinstance(value, str) else _refuse(value)


def _vector(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return json.dumps([float(item) for item in cast("Iterable[Any]", value)])
    return _text(value)


# By type name. Without a rule, a value travels as text, as enums do and most types of extensions; the elements of an
# array may also be of a domain, and go to the library as they are.
_AS_TEXT: Final[Rule] = (str, _text)
_TEXTS: Final = ("text", "varchar", "bpchar", "name", "citext", "xml", "money", "unknown")
_RULES: dict[str, Rule] = {
    **dict.fromkeys(("int2", "int4", "int8", "oid", "xid", "cid", "xid8"), (int, _integer)),
    **dict.fromkeys(("float4", "float8"), (float, _float)),
    **dict.fromkeys((*_TEXTS, *TEXT_TYPES), _AS_TEXT),
    **dict.fromkeys(("json", "jsonb"), (str, _json)),
    **dict.fromkeys(("vector", "halfvec", "sparsevec"), (str, _vector)),
    "numeric": (Decimal, numeric),
    "bool": (bool, _boolean),
    "bytea": (bytes, _bytes),
    "timestamp": (None, _timestamp),
    "timestamptz": (None, aware),
    "date": (date, calendar_date),
    "time": (None, _time),
    "timetz": (None, _timetz),
    "interval": (None, _interval),
}
