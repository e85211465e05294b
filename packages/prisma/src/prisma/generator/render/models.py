"""Renders `models.py`, `bases.py` and `partials.py`: the classes of records.

Example:

    class User(bases.BaseUser):
        id: str
        email: str
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from prisma.client.records.partial_types import PartialModel
from prisma.generator.names import Names
from prisma.generator.render.python_types import builtin, item_type
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel, Field, Model


@dataclass(frozen=True, slots=True)
class Record:
    """A class to write: its name, its fields, those that may be None, and the types of its relations by field."""

    name: str
    model: Model
    fields: tuple[Field, ...]
    optional: frozenset[str]
    relations: Mapping[str, str]


def render_models(data: DataModel, names: Names) -> str:
    """Return the text of `models.py`: a pydantic model for every model of the schema."""
    fields = frozenset(names.fields.values())
    classes = [names.classes[model.name] for model in data.models]
    writer = Writer("The models of the schema.", frozenset(classes) | fields)
    for model in data.models:
        record = Record(
            name=names.classes[model.name],
            model=model,
            fields=model.fields,
            optional=frozenset(field.name for field in model.fields if field.is_relation or not field.is_required),
            relations={field.name: _visible(names.classes[field.type], fields) for field in model.relations},
        )
        with _record(writer, names, record, model.documentation):
            _write_create_partial(writer, names, model)
    _write_visible_names(writer, classes, fields)
    return writer.render()


def render_bases(data: DataModel, names: Names) -> str:
    """Return the text of `bases.py`: for every model a class without fields, to derive one's own selections from."""
    writer = Writer("Bases of the models: derive from one to read only the fields that you declare.")
    model_type = _model_type(writer)
    for model in data.models:
        name = names.classes[model.name]
        client = f"{writer.name('typing', 'Optional')}[{writer.name('.client', 'Prisma', typing_only=True)}]"
        actions = f"{writer.sibling('actions')}.{name}Actions"
        writer.blank(2)
        with writer.indented(f"class Base{name}({writer.name('prisma.client', 'PrismaModel')}):"):
            writer.line(f"__prisma_model__ = {literal(model.name)}")
            writer.blank()
            writer.line("@classmethod")
            with writer.indented("def prisma("):
                writer.lines(f"cls: type[{model_type}],", f"client: {client} = None,")
            with writer.indented(f") -> {actions}[{model_type}]:"):
                writer.doc(f"Return the actions on {model.name} of `client`, or of the registered client.")
                writer.line(f"return {actions}(client or {writer.name('prisma.client', 'get_client')}(), cls)")
    return writer.render()


def render_partials(data: DataModel, names: Names, partials: Sequence[PartialModel]) -> str:
    """Return the text of `partials.py`: the models that the project's partial type generator asked for."""
    fields = frozenset(names.fields.values())
    classes = [partial.name for partial in partials]
    writer = Writer("Partial models.", frozenset(classes) | fields)
    for partial in partials:
        model = data.model(partial.model)
        own = tuple(model.field(choice.name) for choice in partial.fields)
        chosen = {choice.name: choice.partial for choice in partial.fields}
        record = Record(
            name=partial.name,
            model=model,
            fields=own,
            optional=frozenset(choice.name for choice in partial.fields if choice.is_optional),
            relations={
                field.name: _visible(partial_name, fields)
                if (partial_name := chosen[field.name])
                else f"{writer.sibling('models')}.{names.classes[field.type]}"
                for field in own
                if field.is_relation
            },
        )
        with _record(writer, names, record, ""):
            pass
    _write_visible_names(writer, classes, fields)
    return writer.render()


def _model_type(writer: Writer) -> str:
    type_var, bound = writer.name("typing", "TypeVar"), writer.name("pydantic", "BaseModel")
    writer.line(f'_PrismaModelT = {type_var}("_PrismaModelT", bound={bound})')
    return "_PrismaModelT"


@contextmanager
def _record(writer: Writer, names: Names, record: Record, documentation: str) -> Generator[None]:
    """Write a class, and at its end what the block writes."""
    base = f"{writer.sibling('bases')}.Base{names.classes[record.model.name]}"
    writer.blank(2)
    with writer.indented(f"class {record.name}({base}):"):
        if documentation:
            writer.doc(documentation)
            writer.blank()
        if any(names.fields[record.model.name, field.name] != field.name for field in record.fields):
            config = writer.name("pydantic", "ConfigDict")
            # Names that Python or pydantic needs for itself: the schema's name is the alias, in both directions.
            writer.line(f"model_config = {config}(serialize_by_alias=True)")
            writer.blank()
        for field in record.fields:
            _write_field(writer, names, record, field)
        _write_list_validator(writer, names, record)
        if not record.fields and not documentation:
            writer.line("pass")
        yield


def _write_field(writer: Writer, names: Names, record: Record, field: Field) -> None:
    attribute = names.fields[record.model.name, field.name]
    item = record.relations[field.name] if field.is_relation else item_type(writer, names, field.type)
    annotation = f"{writer.name('typing', 'List')}[{item}]" if field.is_list else item
    optional = field.name in record.optional
    if optional:
        annotation = f"{writer.name('typing', 'Optional')}[{annotation}]"
    if attribute != field.name:
        default = "default=None, " if optional else ""
        value = f" = {writer.name('pydantic', 'Field')}({default}alias={literal(field.name)})"
    else:
        value = " = None" if optional else ""
    writer.line(f"{attribute}: {annotation}{value}")
    if field.documentation:
        writer.doc(field.documentation)


def _write_list_validator(writer: Writer, names: Names, record: Record) -> None:
    lists = [
        names.fields[record.model.name, field.name]
        for field in record.fields
        if field.is_list and not field.is_relation and field.name not in record.optional
    ]
    if lists:
        validator = f"_lists = {writer.name('pydantic', 'field_validator')}("
        arguments = [*(literal(name) for name in lists), 'mode="wrap"']
        writer.blank()
        writer.items(validator, arguments, f")({writer.name('prisma.client', 'database_list')})")


def _write_create_partial(writer: Writer, names: Names, model: Model) -> None:
    optional, types = writer.name("typing", "Optional"), writer.sibling("types", typing_only=True)
    text = builtin(writer, "str")
    keys = f"{optional}[{writer.name('typing', 'Iterable')}[{types}.{names.of(model, '{}Keys')}]] = None,"
    relations = f"{writer.name('typing', 'Mapping')}[{types}.{names.of(model, '{}RelationalFieldKeys')}, {text}]"
    writer.blank()
    writer.line(f"@{builtin(writer, 'staticmethod')}")
    with writer.indented("def create_partial("):
        writer.line(f"name: {text},")
        writer.lines(*(f"{parameter}: {keys}" for parameter in ("include", "exclude", "required", "optional")))
        writer.line(f"relations: {optional}[{relations}] = None,")
        writer.line(f"exclude_relational_fields: {builtin(writer, 'bool')} = False,")
    with writer.indented(") -> None:"):
        writer.doc(
            f"Make a partial model of {model.name} in `prisma.partials`.\n\n"
            "Only the file that the generator block calls `partial_type_generator` can do it."
        )
        with writer.indented(f"{writer.name('prisma.client', 'create_partial')}(", ")"):
            writer.lines(f"{literal(model.name)},", "name,", "include,", "exclude,", "required,", "optional,")
            writer.lines("relations,", "exclude_relational_fields,")


def _visible(name: str, fields: frozenset[str]) -> str:
    """Return the name of a class inside class bodies of its module, where a field may hide it."""
    return f"_{name}" if name in fields else name


def _write_visible_names(writer: Writer, classes: Iterable[str], fields: frozenset[str]) -> None:
    writer.blank(2)
    for name in classes:
        if name in fields:
            writer.line(f"_{name} = {name}")
