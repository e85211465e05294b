"""The cases: folders with a schema, an edited schema, and SQL for what schemas can't say.

schema.prisma or schema/    what is there first
edited.prisma or edited/    what it becomes: columns lost, required, renamed
objects.sql                 made after the first schema was pushed: views, comments, what was changed by hand
rows.sql                    what makes the edit lose data
database.sql                a database that no schema has made; then the case is about `db pull` alone
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "cases"
# These are about what migrations do, too, which takes the official CLI the longest.
WITH_MIGRATIONS: Final = frozenset(
    {"blog", "enums", "legacy_features", "multi_file", "multi_schema", "non_ascii", "type_changes", "url_absent"}
)
# The usual run has no time for what other cases hold, too, and for all these migrations.
COVERED_BY_OTHERS: Final = frozenset(
    {"many_to_many", "mapped_keys", "one_to_one", "reserved_words", "self_relations", "uuids"}
)
USUALLY_WITH_MIGRATIONS: Final = frozenset({"enums", "multi_file", "multi_schema"})
WITH_EXTENSIONS: Final = frozenset({"extensions", "from_sql_extensions"})
WITH_VIEWS: Final = frozenset({"from_sql_advanced", "from_sql_schemas", "legacy_features", "views"})


@dataclass(frozen=True, slots=True)
class Case:
    """A case by the name of its folder."""

    name: str

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def schema(self) -> str:
        """The first schema, a file or a folder."""
        return self._either("schema")

    @property
    def edited(self) -> str:
        """The second schema."""
        return self._either("edited")

    @property
    def starts_from_sql(self) -> bool:
        return (self.folder / "database.sql").exists()

    def sql(self, name: str) -> str:
        """Return a script of the case, or nothing if it has none of that name."""
        path = self.folder / f"{name}.sql"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def provide(self, place: Path, schema: str, as_: str | None = None) -> None:
        """Copy a schema into a project, in place of the one that is there."""
        target = place / (as_ or schema)
        if (self.folder / schema).is_dir():
            for path in target.rglob("*.prisma"):
                path.unlink()
            shutil.copytree(self.folder / schema, target, dirs_exist_ok=True)
        else:
            shutil.copy(self.folder / schema, target)

    def _either(self, name: str) -> str:
        return f"{name}.prisma" if (self.folder / f"{name}.prisma").exists() else name


def all_cases() -> list[Case]:
    """Return the cases, by name."""
    return [Case(path.name) for path in sorted(FOLDER.iterdir()) if path.is_dir()]
