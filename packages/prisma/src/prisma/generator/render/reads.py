"""Inputs of reads: where, unique where, order, include, and the names of fields."""

from __future__ import annotations

from prisma.generator.model import DataModel, Field, Model
from prisma.generator.render.typed_dicts import Entry, TypesWriter


def write_unique_where(types: TypesWriter, model: Model) -> None:
    """Write the ways to name one record: each id, unique field and compound key is a dictionary of its own."""
    members: list[str] = []
    for field in model.scalars:
        if field.is_id or field.is_unique:
            members.append(f"_{model.name}WhereUnique_{field.name}_Input")
            types.typed_dict(members[-1], (Entry(field.name, types.value(field)),))
    for key in model.compound_keys:
        stem = "PrimaryKey" if key is model.primary_key else f"{key.name}Key"
        name = f"_{model.name}Compound{stem}"
        types.typed_dict(f"{name}Inner", [Entry(part, types.value(model.field(part))) for part in key.fields])
        types.typed_dict(name, (Entry(key.name, types.ref(f"{name}Inner")),))
        members.append(name)
    name = types.names.of(model, "{}WhereUniqueInput")
    if members:
        types.union_alias(name, members)
    else:
        # A view may have no unique field.
        types.typed_dict(name, ())


def write_order(types: TypesWriter, model: Model) -> None:
    """Write the ways to order records: by one field, or by relevance of a search."""
    members: list[str] = []
    for field in model.scalars:
        members.append(f"_{model.name}_{field.name}_OrderByInput")
        types.typed_dict(members[-1], (Entry(field.name, types.ref("SortOrder")),))
    inner = f"_{model.name}_RelevanceInner"
    keys = types.list_of(types.of(model, "{}ScalarFieldKeys"))
    types.typed_dict(inner, (Entry("fields", keys), Entry("search", "str"), Entry("sort", types.ref("SortOrder"))))
    members.append(f"_{model.name}_RelevanceOrderByInput")
    types.typed_dict(members[-1], (Entry("_relevance", inner),))
    types.union_alias(types.names.of(model, "{}OrderByInput"), members)


def write_where(types: TypesWriter, model: Model) -> None:
    """Write the filter on a model, and the filters on relations to it."""
    names = types.names
    name = names.of(model, "{}WhereInput")
    itself = types.list_of(types.ref(name))
    types.typed_dict(
        name,
        [_where_entry(types, field) for field in model.fields]
        + [Entry(operator, itself) for operator in ("AND", "OR", "NOT")],
        total=False,
        doc=f"A filter on records of {model.name}.",
    )
    types.typed_dict(
        names.of(model, "{}RelationFilter"),
        (Entry("is", types.optional(types.ref(name))), Entry("is_not", types.optional(types.ref(name)))),
        total=False,
    )
    types.typed_dict(
        names.of(model, "{}ListRelationFilter"),
        [Entry(quantifier, types.ref(name)) for quantifier in ("some", "none", "every")],
        total=False,
    )


def write_include(types: TypesWriter, data: DataModel, model: Model) -> None:
    """Write which relations of a model can be loaded, and how.

    Names of the form `…From…` say from where a model is included. One definition serves all of them; they exist for
    the models that a relation joins.
    """
    name = model.name
    types.typed_dict(
        types.names.of(model, "{}Include"),
        [_include_entry(types, model, field) for field in model.relations],
        total=False,
        doc=f"Relations of {name} to load along.",
    )
    include = Entry("include", types.of(model, "{}Include"))
    types.typed_dict(f"{name}ArgsFrom{name}", (include,), total=False)
    order = types.of(model, "{}OrderByInput")
    types.typed_dict(
        f"FindMany{name}ArgsFrom{name}",
        (
            Entry("take", "int"),
            Entry("skip", "int"),
            Entry("order_by", types.one_or_list(order)),
            Entry("where", types.of(model, "{}WhereInput")),
            Entry("cursor", types.of(model, "{}WhereUniqueInput")),
            Entry("distinct", types.list_of(types.of(model, "{}ScalarFieldKeys"))),
            include,
        ),
        total=False,
    )
    types.alias(types.names.of(model, "FindMany{}Args"), f"FindMany{name}ArgsFrom{name}")
    types.alias(types.names.of(model, "FindFirst{}Args"), f"FindMany{name}ArgsFrom{name}")
    for origin in _related(data, model):
        types.alias(f"{name}IncludeFrom{origin}", types.of(model, "{}Include"))
        if origin != name:
            types.alias(f"{name}ArgsFrom{origin}", f"{name}ArgsFrom{name}")
            types.alias(f"FindMany{name}ArgsFrom{origin}", f"FindMany{name}ArgsFrom{name}")


def write_keys(types: TypesWriter, model: Model) -> None:
    """Write the choices of field names."""
    names = types.names
    scalar_keys = names.of(model, "{}ScalarFieldKeys")
    types.literal_alias(names.of(model, "{}Keys"), (field.name for field in model.fields))
    types.literal_alias(scalar_keys, (field.name for field in model.scalars))
    type_var = types.writer.name("typing", "TypeVar")
    variable = names.of(model, "{}ScalarFieldKeysT")
    types.alias(variable, f'{type_var}("{variable}", bound={scalar_keys})')
    types.literal_alias(names.of(model, "{}RelationalFieldKeys"), (field.name for field in model.relations))


def _where_entry(types: TypesWriter, field: Field) -> Entry:
    if field.is_relation:
        pattern = "{}ListRelationFilter" if field.is_list else "{}RelationFilter"
        return Entry(field.name, types.of(field.type, pattern))
    if field.is_list:
        return Entry(field.name, types.ref(f"{field.type}ListFilter"))
    members = (types.item(field.type), types.ref(f"{field.type}Filter"))
    return Entry(field.name, types.union(*members) if field.is_required else types.union("None", *members))


def _include_entry(types: TypesWriter, model: Model, field: Field) -> Entry:
    target = field.type
    arguments = f"FindMany{target}ArgsFrom{target}" if field.is_list else f"{target}ArgsFrom{target}"
    return Entry(field.name, types.union("bool", types.ref(arguments)))


def _related(data: DataModel, model: Model) -> list[str]:
    """Return the models with a relation to this one, and itself."""
    related = {field.type for field in model.relations} | {model.name}
    return [other.name for other in data.models if other.name in related]
