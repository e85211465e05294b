"""The sides of a comparison and the list of migrations, in the form of the engine's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prisma.schema_engine.engine import container

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EMPTY: Final[Mapping[str, Any]] = {"tag": "empty"}


def schema_files(files: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The models of a schema, as pairs of path and text."""
    return {"tag": "schemaDatamodel", **container(files)}


def live_database(files: Sequence[tuple[str, str]], folder: str) -> dict[str, Any]:
    """The engine's database; a schema's datasource says which schemas of it are meant."""
    return {"tag": "schemaDatasource", **container(files), "configDir": folder}


def migrations(listed: Mapping[str, Any]) -> dict[str, Any]:
    """What migrations lead to; they are applied in shadow databases."""
    return {"tag": "migrations", **listed}


def migration_list(
    folder: str, lock: tuple[str, str | None], scripts: Sequence[tuple[str, str, str | None]], init_script: str = ""
) -> dict[str, Any]:
    """Return a list of migrations.

    Args:
        folder: the folder of migrations.
        lock: the name of the lock file, and its text if there is one.
        scripts: name, name of the script's file, and text of each migration; None for a script that can't be read.
        init_script: SQL to run in a shadow database before the migrations.
    """
    return {
        "baseDir": folder,
        "lockfile": {"path": lock[0], "content": lock[1]},
        "shadowDbInitScript": init_script,
        "migrationDirectories": [
            {
                "path": name,
                "migrationFile": {
                    "path": file,
                    "content": {"tag": "error", "value": f"{name}/{file} can't be read"}
                    if text is None
                    else {"tag": "ok", "value": text},
                },
            }
            for name, file, text in scripts
        ],
    }
