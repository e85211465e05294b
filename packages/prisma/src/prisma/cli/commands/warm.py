"""`prisma py warm`: compile plans into the cache before the first query, for example when an image is built."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import click

from prisma.cli.project.errors import CommandError
from prisma.schema.datasource import supported_datasource
from prisma.wasm.cache_files import cache_folder

if TYPE_CHECKING:
    from prisma.compiler import PlanStore
    from prisma.schema.files import SchemaFiles

Shape: TypeAlias = tuple[str, tuple[str, ...]]
"""The database schema that a shape's tables are in, and its requests."""

FORMAT: Final = 1


def warm(schema: Path | None, recorded: Sequence[Path], target: Path | None) -> None:
    """Put the plans of recorded shapes into the cache, and record the shapes of all cached plans.

    Args:
        schema: a schema file or folder; found if None.
        recorded: files of shapes, whose plans are compiled for this schema.
        target: the file that gets the shapes that the cache holds for this schema.

    Raises:
        SchemaError: the schema is wrong.
        CommandError: a file of shapes can't be read, or there is no cache folder.
        OSError: the cache or the target can't be written.
    """
    from prisma.generator.project_options import read_project
    from prisma.schema.parser import validate

    files, _ = read_project(schema, Path())
    validate(files.files)
    if cache_folder() is None:
        raise CommandError("There is no folder for the cache.", "Name one by PRISMA_CACHE_DIR.")
    shapes = [shape for path in recorded for shape in _read(path)]
    stores = _Stores(files)
    refused = [fault for shape in shapes if (fault := stores.renew(shape)) is not None]
    for fault in dict.fromkeys(refused):
        click.echo(click.style("Warning: ", fg="yellow") + f"a shape does not fit the schema: {fault}", err=True)
    kept = sorted((each.schema_name, each.requests) for each in stores.of("public").kept())
    click.echo(f"✔ {_count(len(kept), 'plan is', 'plans are')} in the cache for this schema")
    if target is not None:
        _record(target, kept)
        click.echo(f"✔ Recorded {_count(len(kept), 'shape', 'shapes')} in {target}")


class _Stores:
    """The stores of one schema, one for each database schema that shapes name."""

    def __init__(self, schema: SchemaFiles) -> None:
        from prisma.compiler.relation_joins import with_joins
        from prisma.schema.legacy import accepted
        from prisma.schema.parser import get_config

        # The text that the generated client holds: it is part of the key of a cached plan.
        self._provider: str = supported_datasource(get_config(schema.files))["activeProvider"]
        self._datamodel = with_joins(accepted(schema.text), self._provider)
        self._stores: dict[str, PlanStore] = {}

    def of(self, schema_name: str) -> PlanStore:
        from prisma.compiler import PlanStore, QueryCompiler

        if schema_name not in self._stores:
            compiler = QueryCompiler(self._datamodel, provider=self._provider, schema_name=schema_name)
            self._stores[schema_name] = PlanStore(compiler)
        return self._stores[schema_name]

    def renew(self, shape: Shape) -> str | None:
        """Compile a shape and keep it; return why the compiler refuses it, if it does."""
        from prisma.compiler import CompilerError, CompilerPanic

        schema_name, requests = shape
        try:
            self.of(schema_name).renew(*requests)
        except (CompilerError, CompilerPanic) as error:
            return str(error)
        return None


def _read(path: Path) -> list[Shape]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        if facts["format"] != FORMAT:
            raise ValueError("another format")
        return [_shape(item) for item in facts["shapes"]]
    except (ValueError, KeyError, TypeError) as error:
        fix = "Write it again with `prisma py warm --record`, where the program has run."
        raise CommandError(f"{path} is no file of recorded shapes.", fix) from error


def _shape(item: Any) -> Shape:
    schema_name, requests = item["schemaName"], tuple(cast("Iterable[object]", item["requests"]))
    if not isinstance(schema_name, str) or not requests or not all(isinstance(request, str) for request in requests):
        raise ValueError("no shape")
    return schema_name, cast("tuple[str, ...]", requests)


def _record(target: Path, shapes: Iterable[Shape]) -> None:
    items = [{"schemaName": name, "requests": requests} for name, requests in shapes]
    text = json.dumps({"format": FORMAT, "shapes": items}, indent=2, ensure_ascii=False)
    target.write_text(f"{text}\n", encoding="utf-8")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
