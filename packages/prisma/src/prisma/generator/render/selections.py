"""Writes the inputs that choose what is read of a record for `types.py`, and the dictionaries that hold the choice.

Example:

    class CustomerSelect(CustomerOmit, CustomerInclude, total=False):
        ...
"""

from __future__ import annotations

from collections.abc import Iterable

from prisma.generator.render.far_inputs import FAR
from prisma.generator.render.typed_dicts import Entry, TypesWriter
from prisma.schema.datamodel import DataModel, Field, Model


def write_selections(types: TypesWriter, data: DataModel, model: Model) -> None:
    """Write include, select and omit of a model, with their arguments, and the rows that they give.

    Names of the form `…From…` say from where a model is included. One definition serves all of them; they exist for
    the models that a relation joins.
    """
    names = types.names
    counts = _write_counts(types, data, model)
    include, flags = names.of(model, "{}Include"), names.of(model, "{}Omit")
    relations = [_relation_entry(types, field) for field in model.relations]
    types.typed_dict(include, [*relations, *counts], total=False, doc=f"Relations of {model.name} to load along.")
    types.uniform_dict(flags, (field.name for field in model.scalars), "bool")
    types.typed_dict(
        names.of(model, "{}Select"), (), total=False, bases=(flags, include), doc=f"Fields of {model.name} to read."
    )
    _write_arguments(types, data, model)
    _write_row(types, model)


def _write_counts(types: TypesWriter, data: DataModel, model: Model) -> list[Entry]:
    """Write how related records are counted; return the key for it."""
    if any(field.is_list and field.type == model.name for other in data.models for field in other.relations):
        types.typed_dict(f"_{model.name}Counted", (Entry("where", types.of(model, "{}WhereInput")),), total=False)
    lists = [field for field in model.relations if field.is_list]
    if not lists:
        return []
    select, arguments = types.names.of(model, "{}CountSelect"), f"_{model.name}CountArgs"
    types.typed_dict(
        select,
        [Entry(field.name, _counted(types, field)) for field in lists],
        total=False,
    )
    types.typed_dict(arguments, (Entry("select", select),))
    return [Entry("_count", types.union("bool", arguments))]


def _counted(types: TypesWriter, field: Field) -> str:
    if types.is_far(field):
        return types.union("bool", FAR)
    return types.related(types.union("bool", types.ref(f"_{field.type}Counted")))


def _write_arguments(types: TypesWriter, data: DataModel, model: Model) -> None:
    """Write the arguments of a relation to the model.

    Relations to one record have the type of those to many, although they take fewer arguments: a type of their
    own would make for more to generate, import and check with every model, and the others are refused when the program
    runs, before any SQL.
    """
    name, order = model.name, types.of(model, "{}OrderByInput")
    arguments = f"FindMany{name}ArgsFrom{name}"
    types.typed_dict(
        arguments,
        (
            Entry("take", "int"),
            Entry("skip", "int"),
            Entry("order_by", types.related(types.one_or_list(order))),
            Entry("where", types.related(types.of(model, "{}WhereInput"))),
            Entry("cursor", types.of(model, "{}WhereUniqueInput")),
            Entry("distinct", types.list_of(types.of(model, "{}ScalarFieldKeys"))),
            Entry("include", types.related(types.of(model, "{}Include"))),
            Entry("select", types.related(types.of(model, "{}Select"))),
            Entry("omit", types.of(model, "{}Omit")),
        ),
        total=False,
    )
    related, include = types.related(arguments), types.related(types.of(model, "{}Include"))
    types.alias(types.names.of(model, "FindMany{}Args"), related)
    types.alias(types.names.of(model, "FindFirst{}Args"), related)
    for origin in _related(data, model):
        types.alias(f"{name}IncludeFrom{origin}", include)
        types.alias(f"{name}ArgsFrom{origin}", related)
        if origin != name:
            types.alias(f"FindMany{name}ArgsFrom{origin}", related)


def _write_row(types: TypesWriter, model: Model) -> None:
    """Write the dictionary that a record is when fields were selected or omitted."""
    counts: Iterable[Entry] = ()
    if any(field.is_list for field in model.relations):
        counts = (Entry("_count", f"{types.writer.name('typing', 'Dict')}[str, int]"),)
    types.typed_dict(
        types.names.of(model, "{}Row"),
        [*(_row_entry(types, field) for field in model.fields), *counts],
        doc=f"A {model.name} as a dictionary. Only the keys that were selected are there.",
    )


def _row_entry(types: TypesWriter, field: Field) -> Entry:
    if types.is_far(field):
        row = f"{types.writer.name('typing', 'Dict')}[str, {types.writer.name('typing', 'Any')}]"
        return Entry(field.name, types.list_of(row) if field.is_list else types.optional(row, field.is_required))
    if field.is_relation:
        row = types.of(field.type, "{}Row")
        return Entry(field.name, types.list_of(row) if field.is_list else types.optional(row, field.is_required))
    item = types.writer.name("typing", "Any") if field.type == "Json" else types.item(field.type)
    return Entry(field.name, types.list_of(item) if field.is_list else types.optional(item, field.is_required))


def _relation_entry(types: TypesWriter, field: Field) -> Entry:
    if types.is_far(field):
        return Entry(field.name, types.union("bool", "_FarArguments"))
    arguments = types.ref(f"FindMany{field.type}ArgsFrom{field.type}")
    return Entry(field.name, types.related(types.union("bool", arguments)))


def _related(data: DataModel, model: Model) -> list[str]:
    """Return the models with a relation to this one, and itself."""
    related = {field.type for field in model.relations} | {model.name}
    return [other.name for other in data.models if other.name in related]
