"""Schemas for PostgreSQL as CockroachDB takes them.

No server of it runs here: PostgreSQL stands in, which speaks the same protocol.
"""

from __future__ import annotations

import re

_PROVIDER = re.compile(r'provider\s*=\s*"postgresql"')
# Only a BIGINT counts by itself.
_COUNTING = re.compile(r"(\bInt\s+@id\s+@default\()autoincrement\(\)")
_NATIVE_TYPE = re.compile(r"\s+@db\.(\w+)(?=\W)")
_NATIVE_TYPES = {"VarChar": "String", "Text": "String", "SmallInt": "Int2", "Integer": "Int4", "Real": "Float4"}
# Where JSON is kept as text on PostgreSQL, CockroachDB has its only type for it.
_LACKING = {"Json"}
_JSON_LIST = re.compile(r"^\s+\w+\s+Json\[\].*\n", re.MULTILINE)
_PREVIEWS = re.compile(r'"fullTextSearch"(,\s*)?')


def as_cockroachdb(schema: str) -> str:
    """Return a schema for PostgreSQL as one for CockroachDB, without its lists of JSON."""
    text, found = _PROVIDER.subn('provider = "cockroachdb"', schema)
    assert found <= 1
    text = _JSON_LIST.sub("", text)
    text = _COUNTING.sub(r"\1sequence()", text)
    text = _NATIVE_TYPE.sub(_native_type, text)
    return _PREVIEWS.sub("", text)


def _native_type(found: re.Match[str]) -> str:
    name = found[1]
    return "" if name in _LACKING else f" @db.{_NATIVE_TYPES.get(name, name)}"
