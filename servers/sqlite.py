"""Files of SQLite for tests, and schemas for PostgreSQL as SQLite takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from prisma.drivers.sqlite.file_url import FileOptions
from prisma.drivers.sqlite.schema_engine import FileDatabase
from prisma.schema_engine import SchemaEngine

_PROVIDER = re.compile(r'provider\s*=\s*"postgresql"')
# What SQLite lacks: columns with lists, native types, methods and operators of indexes.
_LIST = r"^\s+\w+\s+(?:{})\[\].*\n"
_SCALARS = ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes")
_ENUM = re.compile(r"^enum (\w+)", re.MULTILINE)
_NATIVE_TYPE = re.compile(r"\s+@db\.(\w+)(\([^)]*\))?")
_GENERATED = re.compile(r"dbgenerated\(\"gen_random_uuid\(\)\"\)")
# Only an INTEGER counts by itself.
_COUNTING = re.compile(r"BigInt(?=\s+@id\s+@default\(autoincrement)")
_EXTENSIONS = re.compile(r"^\s+extensions\s*=.*\n", re.MULTILINE)
_PREVIEWS = re.compile(r"^\s+previewFeatures\s*=.*\n", re.MULTILINE)
_UNSUPPORTED = re.compile(r"^\s+\w+\s+Unsupported\(.*\n", re.MULTILINE)
_INDEX_METHOD = re.compile(r",\s*type:\s*\w+")


def as_sqlite(schema: str) -> str:
    """Return a schema for PostgreSQL as one for SQLite, without what SQLite lacks."""
    return adapted(schema, "sqlite", {})


def adapted(schema: str, provider: str, native_types: Mapping[str, str]) -> str:
    """Return a schema for PostgreSQL as one for another provider, with no more than SQLite has.

    Native types are left out, but for those that `native_types` gives the other provider's name of.
    """

    def native_type(found: re.Match[str]) -> str:
        name = native_types.get(found[1])
        return "" if name is None else f" @db.{name}{found[2] or ''}"

    text, found = _PROVIDER.subn(f'provider = "{provider}"', schema)
    assert found <= 1
    lists = "|".join((*_SCALARS, *_ENUM.findall(text)))
    text = re.sub(_LIST.format(lists), "", text, flags=re.MULTILINE)
    text = _GENERATED.sub("uuid()", text)
    text = _NATIVE_TYPE.sub(native_type, text)
    for lacking in (_INDEX_METHOD, _EXTENSIONS, _PREVIEWS, _UNSUPPORTED):
        text = lacking.sub("", text)
    return _COUNTING.sub("Int", text)


def make_file(path: Path, files: list[tuple[str, str]]) -> None:
    """Make a file with the tables of a schema, whose files are given by name and text."""
    with (
        FileDatabase(FileOptions(path=str(path), connection_limit=1)) as database,
        SchemaEngine(database, files) as engine,
    ):
        assert engine.schema_push(files, force=False).executed_steps > 0
