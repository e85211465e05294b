"""The cases for SQLite: those for PostgreSQL that SQLite can have, without what it lacks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from servers.sqlite import as_sqlite

from .cases import Case

# Foreign keys of SQLite have no names.
_KEY_NAME: Final = re.compile(r'(?<=references: \[)([^\]]*\][^)\n]*?),\s*map:\s*"[^"]*"')
NAMES: Final = (
    "blog",
    "comments",
    "composite_keys",
    "many_to_many",
    "non_ascii",
    "one_to_one",
    "reserved_words",
    "self_relations",
    "uuids",
)


class FileCase(Case):
    """A case whose schemas are for a file."""

    __slots__ = ()

    def sql(self, name: str) -> str:
        # Views, comments and functions are not SQLite's.
        return "" if name == "objects" else super().sql(name)

    def provide(self, place: Path, schema: str, as_: str | None = None) -> None:
        super().provide(place, schema, as_)
        target = place / (as_ or schema)
        for path in target.rglob("*.prisma") if target.is_dir() else [target]:
            text = as_sqlite(path.read_text(encoding="utf-8")).replace("BigInt", "Int")
            path.write_text(_KEY_NAME.sub(r"\1", text), encoding="utf-8")


def file_cases() -> list[FileCase]:
    """Return the cases, by name."""
    return [FileCase(name) for name in NAMES]
