"""The server's text in the form that the schema engine reads, and the engine's values as text for the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from prisma.column_types import ColumnType
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable

# Types of the database's own: enums, domains, those of extensions. Their text is all that is known of them.
FIRST_OWN_OID: Final = 16384

# By the OIDs of PostgreSQL's types; the names are in pg_type.
_TYPES: Final = {
    ColumnType.INT32: (21, 23),
    ColumnType.INT64: (20, 26),
    ColumnType.FLOAT: (700,),
    ColumnType.DOUBLE: (701,),
    ColumnType.NUMERIC: (790, 1700),
    ColumnType.BOOLEAN: (16,),
    # The catalog's "char" is one byte. The engine wants to be told.
    ColumnType.CHARACTER: (18,),
    ColumnType.TEXT: (19, 25, 142, 650, 869, 1042, 1043, 1560, 1562),
    ColumnType.DATE: (1082,),
    ColumnType.TIME: (1083, 1266),
    ColumnType.DATETIME: (1114, 1184),
    ColumnType.JSON: (114, 3802),
    ColumnType.BYTES: (17,),
    ColumnType.UUID: (2950,),
    ColumnType.INT32_ARRAY: (1005, 1007),
    ColumnType.INT64_ARRAY: (1016, 1028),
    ColumnType.FLOAT_ARRAY: (1021,),
    ColumnType.DOUBLE_ARRAY: (1022,),
    ColumnType.NUMERIC_ARRAY: (1231,),
    ColumnType.BOOLEAN_ARRAY: (1000,),
    ColumnType.CHARACTER_ARRAY: (1002,),
    ColumnType.TEXT_ARRAY: (1003, 1009, 1014, 1015),
    ColumnType.UUID_ARRAY: (2951,),
}
_TYPE_BY_OID: Final = {oid: type_ for type_, oids in _TYPES.items() for oid in oids}
_ARRAY_DISTANCE: Final = ColumnType.INT32_ARRAY - ColumnType.INT32
_OFFSET: Final = re.compile(r"[+-]\d\d(:\d\d)*$")
# An element of an array: quoted, or up to the next comma.
_ELEMENT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}]+)', re.DOTALL)


def column_type(oid: int) -> ColumnType:
    """Return the kind of a column of a type.

    Raises DriverFault for one of PostgreSQL's types that the engine has no kind for.
    """
    found = _TYPE_BY_OID.get(oid)
    if found is not None:
        return found
    if oid >= FIRST_OWN_OID:
        return ColumnType.TEXT
    message = f"The type with the number {oid} can't be read here."
    raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message})


def reader(type_: ColumnType) -> Callable[[bytes], Any]:
    """Return what turns the server's text of a value into the engine's value."""
    if type_ in _READERS:
        return _READERS[type_]
    if type_ < _ARRAY_DISTANCE:
        return bytes.decode
    element = reader(ColumnType(type_ - _ARRAY_DISTANCE)) if type_ is not ColumnType.UUID_ARRAY else bytes.decode
    return lambda text: _elements(text.decode(), element)


def written(value: object) -> bytes | None:
    """Return a value of the engine as text that the server reads."""
    if value is None:
        return None
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, float) and value.is_integer():
        return str(int(value)).encode()
    if isinstance(value, bytes | bytearray):
        return b"\\x" + value.hex().encode()
    if isinstance(value, list):
        return b"{" + b",".join(map(_written_element, cast("list[object]", value))) + b"}"
    return str(value).encode()


def _written_element(value: object) -> bytes:
    text = written(value)
    return b"NULL" if text is None else b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _elements(text: str, element: Callable[[bytes], Any]) -> list[Any]:
    return [
        element(re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL).encode())
        if found[2] is None
        else None
        if found[2] == "NULL"
        else element(found[2].encode())
        for found in _ELEMENT.finditer(text)
    ]


def _timestamp(text: bytes) -> str:
    # The session's time zone is UTC.
    return _OFFSET.sub("", text.decode().replace(" ", "T")) + "+00:00"


_READERS: Final[dict[ColumnType, Callable[[bytes], Any]]] = {
    ColumnType.INT32: int,
    ColumnType.FLOAT: float,
    ColumnType.DOUBLE: float,
    ColumnType.BOOLEAN: b"t".__eq__,
    ColumnType.DATETIME: _timestamp,
}
