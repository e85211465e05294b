"""The steps of `prisma generate`: read the schema, decide names, render the files, write them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prisma.client.records.partial_types import PartialModel
from prisma.dialects import dialect_of
from prisma.errors import GeneratorError
from prisma.generator import types_file
from prisma.generator.concurrency import DRIVERS, INTERFACES
from prisma.generator.custom_process import run_generator
from prisma.generator.options import Options, other_generators, python_generators, read_options
from prisma.generator.output_folder import write_folder
from prisma.generator.partial_types import find_script, run_script
from prisma.generator.project_options import read_project
from prisma.generator.render.metadata import Origin
from prisma.generator.render.package import render
from prisma.schema.datamodel import DataModel
from prisma.schema.datasource import supported_datasource
from prisma.schema.dmmf import read_dmmf
from prisma.schema.files import SchemaFiles
from prisma.schema.legacy import accepted, asks_for_metrics
from prisma.schema.operations import operations_by_model
from prisma.schema.parser import get_datamodel
from prisma.schema.urls import datasource_urls

# Where a client without `output` goes: the runtime's own package re-exports it.
DEFAULT_OUTPUT: Final = Path(__file__).resolve().parent.parent / "_generated"

# From so many models on, generating takes long enough to say what is done.
MANY: Final = 100


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a run.

    Attributes:
        written: the files that are new or different, of all clients.
        outputs: the folder of each client.
        warnings: sentences for the user.
        others: the names of the generators of other things that ran.
    """

    written: tuple[Path, ...]
    outputs: tuple[Path, ...]
    warnings: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def output(self) -> Path:
        """The folder of the first client; most schemas have only one."""
        return self.outputs[0]


def generate(
    schema: Path | None = None,
    *,
    generators: Sequence[str] = (),
    root: Path | None = None,
    environment: Mapping[str, str] | None = None,
    on_step: Callable[[str], None] | None = None,
) -> Result:
    """Generate the client of a schema, and run the other generators in Python that it names.

    A schema without a generator block for a client has the options of `[tool.prisma.generator]` in pyproject.toml.

    Args:
        schema: a schema file or a folder of them; found as `find_schema` says if None.
        generators: names of generator blocks; all in Python if empty.
        root: the folder that relative paths start from, and of pyproject.toml; the working directory if None.
        environment: variables for `env()` and `PRISMA_PY_CONFIG_…`; the process's if None.
        on_step: is told what is done next, if the schema has many models.

    Raises:
        SchemaError: the schema is wrong.
        GeneratorError: no client can be made of it, its partial type generator fails, or it can't be written; every
            client is as it was. Or one of the other generators failed.
    """
    root = root or Path.cwd()
    environment = os.environ if environment is None else environment
    source, config = read_project(schema, root)
    others = other_generators(config, generators)
    ours = python_generators(config, generators, required=not others)
    blocks = [read_options(block, environment) for block in ours]
    datasource = supported_datasource(config)
    operations = operations_by_model(datasource["activeProvider"], source.text)
    data = read_dmmf(get_datamodel(source.files), operations, source.text)
    tell = on_step if on_step is not None and len(data.models) >= MANY else _nobody
    # Nothing is written before everything is rendered.
    clients: dict[Path, dict[str, str]] = {}
    warnings = [str(warning) for warning in config["warnings"]]
    for options in blocks:
        origin, output = _origin(options, source, datasource, root), output_folder(options, root)
        tell(f"Rendering the client of {len(data.models)} models for {output}")
        partials, said = _partials(data, origin, options, output, source, root)
        clients[output] = _render(data, origin, options, partials)
        warnings += said
    if len(clients) < len(blocks):
        names = ", ".join(options.name for options in blocks)
        raise GeneratorError(f"The generators {names} would write to one folder; give each its own `output`.")
    written: list[Path] = []
    for folder, files in clients.items():
        tell(f"Writing {len(files)} modules to {folder}")
        written += _write(folder, files)
    programs = tuple(run_generator(block, config, source, root) for block in others)
    return Result(tuple(written), tuple(clients), tuple(warnings), programs)


def _nobody(_: str) -> None:
    return


def _write(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    package = DEFAULT_OUTPUT.parent
    if folder != DEFAULT_OUTPUT or not types_file.is_installed(package):
        return write_folder(folder, files)
    files, types = types_file.move_types(files)
    changed = types_file.write_types(package, types)
    return (*write_folder(folder, files), *((package / types_file.NAME,) if changed else ()))


def _origin(options: Options, source: SchemaFiles, datasource: Mapping[str, Any], root: Path) -> Origin:
    url = datasource_urls(source.files).url
    path = source.path.resolve()
    return Origin(
        datamodel=accepted(source.text),
        provider=datasource["activeProvider"],
        datasource=datasource["name"],
        url_literal=url.literal if url else None,
        url_env=url.env if url else None,
        # Relative where that is possible, so that the same project gives the same files everywhere.
        path=str(path.relative_to(root.resolve()) if path.is_relative_to(root.resolve()) else path),
        preview_features=(*options.preview_features, *(("metrics",) if asks_for_metrics(source.text) else ())),
        root=_root(options, root.resolve()) if dialect_of(datasource["activeProvider"]).is_file else None,
    )


def _root(options: Options, root: Path) -> str | int:
    """Return how the client finds the project at run time, whose working directory may be another one."""
    output = output_folder(options, root).resolve()
    return len(output.relative_to(root).parts) if output.is_relative_to(root) else str(root)


def _partials(
    data: DataModel, origin: Origin, options: Options, output: Path, source: SchemaFiles, root: Path
) -> tuple[tuple[PartialModel, ...], list[str]]:
    """Return the partial models of the project, and what its partial type generator wrote on stderr."""
    path = source.path.resolve()
    script = find_script(options.partial_type_generator, root, path if path.is_dir() else path.parent)
    if script is None:
        return (), []
    partials, said = run_script(script, data, _render(data, origin, options), output, root)
    return partials, [said] if said else []


def _render(data: DataModel, origin: Origin, options: Options, partials: Sequence[PartialModel] = ()) -> dict[str, str]:
    driver = options.driver if options.driver != DRIVERS[options.interface][0] else None
    return render(data, origin, partials, interface=INTERFACES[options.interface], driver=driver)


def output_folder(options: Options, root: Path) -> Path:
    """Return the folder of the client that a generator block describes."""
    if options.output is None:
        return DEFAULT_OUTPUT
    return Path(os.path.normpath((root / options.output_base).resolve().parent / options.output))
