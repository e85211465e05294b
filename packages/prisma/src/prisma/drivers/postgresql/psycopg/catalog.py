"""The types of one database: their names and elements, and the loaders of their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import psycopg
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.types import TypeInfo
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.numeric import IntLoader
from psycopg.types.string import TextLoader

from prisma.drivers.postgresql.text_types import TEXT_TYPES
from prisma.drivers.postgresql.unreadable_dates import UNREADABLE
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from typing import TypeAlias

    from psycopg.pq.abc import PGresult

    Buffer: TypeAlias = bytes | bytearray | memoryview

DESCRIBE_TYPES: Final = """
    SELECT t.oid::int8, typname, nspname, typtype, typbasetype::int8, typdelim,
        CASE WHEN typsubscript = 'pg_catalog.array_subscript_handler'::regproc THEN typelem::int8 ELSE 0 END
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace WHERE t.oid = ANY($1::oid[])
"""
# Types that are built in have the same oid in every database.
OID_ARRAY: Final = 1028
_JSON: Final = (114, 3802)  # json and jsonb
# psycopg would load these as texts.
_NUMBERS: Final = ("xid", "cid", "xid8")


class KnownType(Frozen):
    """A type of the database; an array's name is that of its element followed by `[]`."""

    oid: int
    name: str
    kind: str
    delimiter: str
    schema: str = "pg_catalog"


class _Context(Frozen):
    """What psycopg wants to know where it loads values: without a connection, times with a zone come in UTC."""

    adapters: AdaptersMap
    connection: None = None


class RowLoader(Protocol):
    """The part of psycopg's Transformer that is used here."""

    def set_pgresult(self, result: PGresult | None) -> None: ...

    def load_rows(self, row0: int, row1: int, make_row: Any) -> list[Any]: ...


class Catalog:
    """The types of one database, filled as statements need them; shared by the connections of a pool."""

    def __init__(self) -> None:
        self._adapters = AdaptersMap(psycopg.adapters)
        for oid in (*_JSON, *TEXT_TYPES.values()):
            self._adapters.register_loader(oid, TextLoader)
        for name in _NUMBERS:
            self._adapters.register_loader(name, IntLoader)
        self._types: dict[int, KnownType] = {}
        # psycopg knows the types that are built in; only others are ever asked for.
        for info in self._adapters.types:
            self._add(info.oid, info.name, info.array_oid, info.delimiter)

    def unknown(self, oids: Iterable[int]) -> list[int]:
        """Return the oids of types that are to be described first."""
        return [oid for oid in oids if oid not in self._types]

    def learn(self, rows: Iterable[tuple[Any, ...]]) -> list[int]:
        """Take rows of DESCRIBE_TYPES; return the oids of types that these are made of and that are unknown yet."""
        known = self._types
        missing: list[int] = []
        for oid, name, schema, kind, base, delimiter, element in rows:
            part = base if kind == "d" else element
            if part and part not in known:
                missing.append(part)
            elif kind == "d":
                # A domain is read and written like its base type.
                known[oid] = known[base].__replace__(oid=oid)
                loader = self._adapters.get_loader(base, psycopg.pq.Format.TEXT)
                if loader is not None:
                    self._adapters.register_loader(oid, loader)
            elif element:
                # The delimiter is the element's property.
                self._add(element, known[element].name, oid, known[element].delimiter, known[element].schema)
                TypeInfo(known[element].name, element, oid, delimiter=known[element].delimiter).register(
                    _Context(self._adapters)  # pyright: ignore[reportArgumentType]
                )
            else:
                known[oid] = KnownType(oid, name, "scalar", delimiter, schema)
        return missing

    def type_of(self, oid: int) -> KnownType:
        """Return a known type; one that vanished meanwhile counts as text."""
        return self._types.get(oid) or KnownType(oid, "unknown", "scalar", ",")

    def loader(self) -> RowLoader:
        """Return what loads the rows of a session."""
        return _transformer(self._adapters)

    def lenient_loader(self) -> RowLoader:
        """Return a slower one: `datetime.max` and `datetime.min`, as asyncpg gives them, for infinite times, and
        UNREADABLE for others that Python can't hold.
        """
        adapters = AdaptersMap(self._adapters)
        for name, loader in _LENIENT.items():
            adapters.register_loader(name, loader)
        return _transformer(adapters)

    def _add(self, oid: int, name: str, array_oid: int, delimiter: str, schema: str = "pg_catalog") -> None:
        self._types[oid] = KnownType(oid, name, "scalar", delimiter, schema)
        if array_oid:
            self._types[array_oid] = KnownType(array_oid, f"{name}[]", "array", delimiter, schema)


def _transformer(adapters: AdaptersMap) -> RowLoader:
    return cast("Any", Transformer)(_Context(adapters))


class _DateLoader(DateLoader):
    def load(self, data: Buffer) -> Any:
        return _lenient(super().load, data, _DATES)


class _TimestampLoader(TimestampLoader):
    def load(self, data: Buffer) -> Any:
        return _lenient(super().load, data, _MOMENTS)


class _TimestamptzLoader(TimestamptzLoader):
    def load(self, data: Buffer) -> Any:
        return _lenient(super().load, data, _MOMENTS)


def _lenient(load: Callable[[Buffer], object], data: Buffer, infinite: Mapping[bytes, object]) -> object:
    text = bytes(data)
    try:
        return infinite[text] if text in infinite else load(data)
    except psycopg.DataError:
        return UNREADABLE


_DATES: Final = {b"infinity": date.max, b"-infinity": date.min}
_MOMENTS: Final = {b"infinity": datetime.max, b"-infinity": datetime.min}
_LENIENT: Final = {"date": _DateLoader, "timestamp": _TimestampLoader, "timestamptz": _TimestamptzLoader}
