"""The modules `models`, `bases` and `partials`."""

from __future__ import annotations

from typing import Final

from prisma.generator.model import DataModel, Field, Model
from prisma.generator.names import Names
from prisma.generator.writer import Writer, literal

_BUILTINS: Final = {"String": "str", "Boolean": "bool", "Int": "int", "BigInt": "int", "Float": "float"}


def render_models(data: DataModel, names: Names) -> str:
    """Return the text of `models.py`: a pydantic model for every model of the schema."""
    fields = frozenset(names.fields.values())
    classes = [names.classes[model.name] for model in data.models]
    writer = Writer("The models of the schema.", frozenset(classes) | fields)
    for model in data.models:
        _write_model(writer, names, model)
    writer.blank(2)
    for name in classes:
        if name in fields:
            # Inside a class, a field hides the model of the same name.
            writer.line(f"_{name} = {name}")
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
        with writer.indented(f"class Base{name}({writer.name('prisma.client.models', 'PrismaModel')}):"):
            writer.line(f"__prisma_model__ = {literal(model.name)}")
            writer.blank()
            writer.line("@classmethod")
            with writer.indented("def prisma("):
                writer.lines(f"cls: type[{model_type}],", f"client: {client} = None,")
            with writer.indented(f") -> {actions}[{model_type}]:"):
                writer.doc(f"Return the actions on {model.name} of `client`, or of the registered client.")
                writer.line(f"return {actions}(client or {writer.name('prisma.client', 'get_client')}(), cls)")
    return writer.render()


def render_partials() -> str:
    """Return the text of `partials.py`."""
    return Writer("Partial models.").render()


def _model_type(writer: Writer) -> str:
    type_var, bound = writer.name("typing", "TypeVar"), writer.name("pydantic", "BaseModel")
    writer.line(f'_PrismaModelT = {type_var}("_PrismaModelT", bound={bound})')
    return "_PrismaModelT"


def _write_model(writer: Writer, names: Names, model: Model) -> None:
    name = names.classes[model.name]
    renamed = {field.name for field in model.fields if names.fields[model.name, field.name] != field.name}
    writer.blank(2)
    with writer.indented(f"class {name}({writer.sibling('bases')}.Base{name}):"):
        if model.documentation:
            writer.doc(model.documentation)
            writer.blank()
        if renamed:
            config = writer.name("pydantic", "ConfigDict")
            # Names that Python or pydantic needs for itself: the schema's name is the alias, in both directions.
            writer.line(f"model_config = {config}(serialize_by_alias=True)")
            writer.blank()
        for field in model.fields:
            _write_field(writer, names, model, field)
        _write_list_validator(writer, names, model)
        if not (model.fields or model.documentation):
            writer.line("pass")


def _write_field(writer: Writer, names: Names, model: Model, field: Field) -> None:
    attribute = names.fields[model.name, field.name]
    annotation = _annotation(writer, names, field)
    optional = field.is_relation or not field.is_required
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


def _annotation(writer: Writer, names: Names, field: Field) -> str:
    item = _item(writer, names, field)
    return f"{writer.name('typing', 'List')}[{item}]" if field.is_list else item


def _item(writer: Writer, names: Names, field: Field) -> str:
    if field.is_relation:
        name = names.classes[field.type]
        return f"_{name}" if name in names.fields.values() else name
    if field.kind == "enum":
        return f"{writer.sibling('enums')}.{names.classes[field.type]}"
    if field.type in _BUILTINS:
        builtin = _BUILTINS[field.type]
        return writer.name("builtins", builtin) if builtin in writer.taken else builtin
    if field.type == "DateTime":
        return f"{writer.module('datetime')}.datetime"
    if field.type == "Decimal":
        return f"{writer.module('decimal')}.Decimal"
    return f"{writer.name('prisma', 'fields')}.{'Json' if field.type == 'Json' else 'Base64'}"


def _write_list_validator(writer: Writer, names: Names, model: Model) -> None:
    lists = [names.fields[model.name, field.name] for field in model.scalars if field.is_list]
    if lists:
        validator = f"_lists = {writer.name('pydantic', 'field_validator')}("
        arguments = [*(literal(name) for name in lists), 'mode="before"']
        writer.blank()
        writer.items(validator, arguments, f")({writer.name('prisma.client.models', 'empty_list')})")
