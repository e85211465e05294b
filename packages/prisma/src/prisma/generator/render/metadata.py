"""Renders `metadata.py`: the schema in the form that the runtime needs.

Example:

    SCHEMA = Schema(
        datamodel=DATAMODEL,
        provider="postgresql",
        ...
        models={
            "User": Model(
                ...
                fields={
                    "email": Field("email", "scalar", "String", "email", is_unique=True),
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel, Field, Model

# How many digits of a second a DateTime column keeps: Prisma's default column is timestamp(3); without a number,
# PostgreSQL keeps six.
_DEFAULT_PRECISION: Final = 3
_FULL_PRECISION: Final = 6


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a schema comes from, and its connection.

    `url_literal` and `url_env`: at most one is set. `root` is the folder where `path` starts: a whole path, or the
    number of folders that the client is below it. None if the client needs no path.
    """

    datamodel: str
    provider: str
    datasource: str
    url_literal: str | None
    url_env: str | None
    path: str
    preview_features: tuple[str, ...]
    root: str | int | None = None


def render_metadata(data: DataModel, origin: Origin) -> str:
    """Return the text of `metadata.py`."""
    writer = Writer("The schema.")
    schema = writer.name("prisma.client", "Schema")
    url = writer.name("prisma.client", "Url")
    writer.line(f"DATAMODEL = {_block(origin.datamodel)}")
    writer.blank()
    with writer.indented(f"SCHEMA = {schema}(", ")"):
        writer.lines(
            "datamodel=DATAMODEL,",
            f"provider={literal(origin.provider)},",
            f"datasource={literal(origin.datasource)},",
            f"url={url}({_url(origin)}),",
            f"path={literal(origin.path)},",
            f"preview_features={_tuple(origin.preview_features)},",
        )
        with _dictionary(writer, "models", data.models):
            for model in data.models:
                _write_model(writer, data, model)
        with _dictionary(writer, "enums", data.enums):
            for enum in data.enums:
                _write_enum(writer, enum.name, {value.name: value.db_name for value in enum.values})
        if isinstance(origin.root, int):
            path = writer.name("pathlib", "Path")
            writer.line(f"root=str({path}(__file__).resolve().parents[{origin.root}]),")
        elif origin.root is not None:
            writer.line(f"root={literal(origin.root)},")
    return writer.render()


@contextmanager
def _dictionary(writer: Writer, name: str, content: Sequence[object]) -> Generator[None]:
    if content:
        with writer.indented(f"{name}={{", "},"):
            yield
    else:
        writer.line(f"{name}={{}},")
        yield


def _url(origin: Origin) -> str:
    if origin.url_literal is not None:
        return f"literal={literal(origin.url_literal)}"
    return f"env={literal(origin.url_env)}" if origin.url_env is not None else ""


def _block(text: str) -> str:
    """Return a multi-line string literal."""
    body = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace("\r", "\\r")
    return f'"""\\\n{body.rstrip()}\n"""'


def _tuple(items: tuple[str | int, ...]) -> str:
    inner = ", ".join(literal(item) if isinstance(item, str) else str(item) for item in items)
    return f"({inner},)" if len(items) == 1 else f"({inner})"


def _write_model(writer: Writer, data: DataModel, model: Model) -> None:
    keys = {name for key in model.compound_keys for name in key.fields}
    foreign = {name for field in model.fields for name in field.relation_from}
    with writer.indented(f"{literal(model.name)}: {writer.name('prisma.client', 'Model')}(", "),"):
        writer.lines(
            f"name={literal(model.name)},",
            f"table={literal(model.table)},",
            f"db_schema={literal(model.db_schema) if model.db_schema else None},",
        )
        with writer.indented("fields={", "},"):
            for field in model.fields:
                is_unique = field.is_id or field.is_unique or field.name in keys
                call = f"{literal(field.name)}: {writer.name('prisma.client', 'Field')}("
                inverse = data.inverse(model, field).name if field.is_relation else ""
                writer.parameters(call, _field(field, is_unique, inverse, field.name in foreign), "),")
        _write_tuples(writer, "uniques", {key.name: key.fields for key in model.compound_keys})
        _write_tuples(writer, "constraints", model.constraints)
        indexes = [_tuple(index) for index in dict.fromkeys(model.relation_indexes)]
        if len(indexes) == 1:
            writer.line(f"indexes=({indexes[0]},),")
        elif indexes:
            writer.items("indexes=(", indexes, "),")


def _field(field: Field, is_unique: bool, inverse: str, is_foreign: bool) -> list[str]:
    arguments: dict[str, str] = {}
    if field.is_list:
        arguments["is_list"] = "True"
    if not field.is_required:
        arguments["is_required"] = "False"
    if field.has_default:
        arguments["has_default"] = "True"
    if field.is_updated_at:
        arguments["is_updated_at"] = "True"
    if is_unique:
        arguments["is_unique"] = "True"
    precision = _precision(field)
    if precision != _DEFAULT_PRECISION:
        arguments["precision"] = str(precision)
    if field.relation_from:
        arguments["keys"] = _tuple(field.relation_from)
    if inverse:
        arguments["inverse"] = literal(inverse)
    if field.generator and field.is_required and is_foreign:
        arguments["generator"] = _tuple(field.generator)
    if _is_changed_by_json(field):
        arguments["is_exact_in_json"] = "False"
    names = (field.name, field.kind, field.type, field.db_name)
    return [*map(literal, names), *(f"{name}={value}" for name, value in arguments.items())]


def _is_changed_by_json(field: Field) -> bool:
    """Say whether a value may be another one when it has been JSON.

    How the server writes bytes is a setting, an infinite date looks like an infinite moment, and a list of money can't
    be written.
    """
    native = field.native_type[0] if field.native_type else None
    return field.type == "Bytes" or native == "Date" or (native == "Money" and field.is_list)


def _precision(field: Field) -> int:
    if field.type != "DateTime" or not field.native_type or field.native_type[0] == "Date":
        return _DEFAULT_PRECISION
    return int(field.native_type[1]) if len(field.native_type) > 1 else _FULL_PRECISION


def _write_tuples(writer: Writer, name: str, tuples: Mapping[str, tuple[str, ...]]) -> None:
    if tuples:
        items = [f"{literal(key)}: {_tuple(fields)}" for key, fields in tuples.items()]
        with writer.indented(f"{name}={{", "},"):
            for item in items:
                writer.line(f"{item},")


def _write_enum(writer: Writer, name: str, values: Mapping[str, str]) -> None:
    opening = f"{literal(name)}: {writer.name('prisma.client', 'Enum')}("
    with writer.indented(opening, "),"):
        writer.line(f"name={literal(name)},")
        writer.items("values={", (f"{literal(key)}: {literal(value)}" for key, value in values.items()), "},")
