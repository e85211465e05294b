"""Writes the inputs of writes for `types.py`: what is created or updated, with related records.

Example:

    class UserCreateInput(UserCreateWithoutRelationsInput, total=False):
        ...

    UserUpsertInput = TypedDict("UserUpsertInput", {"create": UserCreateInput, "update": UserUpdateInput})
"""

from __future__ import annotations

from dataclasses import replace

from prisma.dialects.dialect import Feature
from prisma.generator.render.typed_dicts import Entry, TypesWriter
from prisma.schema.datamodel import DataModel, Field, Model

_ATOMIC = frozenset({"Int", "BigInt", "Float", "Decimal"})


def write_creates(types: TypesWriter, model: Model) -> None:
    """Write the inputs that create records of a model, by themselves and from a related record."""
    names = types.names
    optional = names.of(model, "{}OptionalCreateWithoutRelationsInput")
    relations = [_create_entry(types, field) for field in model.relations]
    optional_entries = [_create_entry(types, field) for field in model.scalars if not field.is_required_on_create]
    required_entries = [_create_entry(types, field) for field in model.scalars if field.is_required_on_create]
    with_relations = names.of(model, "{}OptionalCreateInput")
    types.typed_dict(optional, optional_entries, total=False)
    types.typed_dict(names.of(model, "{}CreateWithoutRelationsInput"), required_entries, bases=(optional,))
    types.typed_dict(with_relations, relations, total=False, bases=(optional,))
    types.typed_dict(
        names.of(model, "{}CreateInput"),
        relations,
        total=False,
        doc=f"A {model.name} to create, with related records.",
        bases=(names.of(model, "{}CreateWithoutRelationsInput"),),
    )
    # The same with keys that are only read, so that mypy takes it for no kind of the one without relations: in a list
    # of both it would take all for the latter, and find that it has no relations.
    own = [replace(entry, type=f"_ReadOnly[{entry.type}]") for entry in required_entries or optional_entries]
    if required_entries:
        types.typed_dict(f"_{model.name}Nested", own, bases=(with_relations,))
    else:
        types.typed_dict(f"_{model.name}Nested", (*own, *relations), total=False)
    _write_nested_creates(types, model)


def write_updates(types: TypesWriter, data: DataModel, model: Model) -> None:
    """Write the inputs that update records of a model."""
    names = types.names
    many = names.of(model, "{}UpdateManyMutationInput")
    types.typed_dict(
        many,
        [_update_entry(types, field) for field in model.scalars],
        total=False,
    )
    types.typed_dict(
        names.of(model, "{}UpdateInput"),
        [_update_entry(types, field) for field in model.relations],
        total=False,
        doc=f"Changes to a {model.name}.",
        bases=(many,),
    )
    create, update = types.of(model, "{}CreateInput"), types.of(model, "{}UpdateInput")
    types.typed_dict(names.of(model, "{}UpsertInput"), (Entry("create", create), Entry("update", update)))
    _write_nested_updates(types, data, model)


def _create_entry(types: TypesWriter, field: Field) -> Entry:
    if types.is_far(field):
        return Entry(field.name, "_FarCreateMany" if field.is_list else "_FarCreate")
    if field.is_relation:
        pattern = "{}CreateManyNestedWithoutRelationsInput" if field.is_list else "{}CreateNestedWithoutRelationsInput"
        return Entry(field.name, types.related(types.of(field.type, pattern)))
    return Entry(field.name, types.optional(_value(types, field, types.value(field)), field.is_required))


def _update_entry(types: TypesWriter, field: Field) -> Entry:
    if types.is_far(field):
        return Entry(field.name, "_FarUpdateMany" if field.is_list else "_FarUpdate")
    if field.is_relation:
        pattern = "{}UpdateManyWithoutRelationsInput" if field.is_list else "{}UpdateOneWithoutRelationsInput"
        return Entry(field.name, types.of(field.type, pattern))
    if field.is_list:
        return Entry(field.name, types.ref(f"{field.type}ListUpdate"))
    value = _value(types, field, types.item(field.type))
    if field.type in _ATOMIC:
        value = types.union(types.ref(f"Atomic{field.type}Input"), value)
    return Entry(field.name, types.optional(value, field.is_required))


def _value(types: TypesWriter, field: Field, value: str) -> str:
    if field.type != "Json" or field.is_list:
        return value
    return types.union(value, types.ref("JsonNullValueInput" if field.is_required else "NullableJsonNullValueInput"))


def _write_nested_creates(types: TypesWriter, model: Model) -> None:
    names = types.names
    create, where = f"_{model.name}Create", types.of(model, "{}WhereUniqueInput")
    without_relations = types.of(model, "{}CreateWithoutRelationsInput")
    # Programs of 0.15.0 annotate nested records as the type without relations. The first type has relations, but no
    # base with relations: from such a base pyright would go on to the next model by calls that nest deeper, up to the
    # end of its stack.
    creates = (types.of(model, "{}CreateInput"), types.ref(f"_{model.name}Nested"), without_relations)
    types.union_alias(create, creates, is_related=True)
    types.typed_dict(
        names.of(model, "{}ConnectOrCreateWithoutRelationsInput"), (Entry("where", where), Entry("create", create))
    )
    connect_or_create = types.of(model, "{}ConnectOrCreateWithoutRelationsInput")
    verbs = (Entry("connect", where), Entry("create", create), Entry("connect_or_create", connect_or_create))
    types.typed_dict(names.of(model, "{}CreateNestedWithoutRelationsInput"), verbs, total=False)
    rows, skip = f"_{model.name}CreateMany", Entry("skip_duplicates", "bool", is_required=False)
    skips = (skip,) if Feature.SKIP_DUPLICATES in types.features else ()
    types.typed_dict(rows, (Entry("data", types.one_or_list(without_relations)), *skips))
    types.typed_dict(
        names.of(model, "{}CreateManyNestedWithoutRelationsInput"),
        (
            Entry("connect", types.one_or_list(where)),
            # With a List of either kind mypy could not tell of which one a literal is.
            Entry("create", types.union(create, f"{types.writer.name('typing', 'Sequence')}[{create}]")),
            Entry("connect_or_create", types.one_or_list(connect_or_create)),
            Entry("create_many", rows),
        ),
        total=False,
    )


def _write_nested_updates(types: TypesWriter, data: DataModel, model: Model) -> None:
    _write_update_parts(types, model)
    _write_update_of_many(types, model)
    _write_update_of_one(types, data, model)


def _write_update_parts(types: TypesWriter, model: Model) -> None:
    """Write the arguments of a nested `update`, `update_many` and `upsert`."""
    create, update = Entry("create", f"_{model.name}Create"), Entry("update", types.of(model, "{}UpdateInput"))
    unique = Entry("where", types.of(model, "{}WhereUniqueInput"))
    where = Entry("where", types.of(model, "{}WhereInput"))
    many = Entry("data", types.of(model, "{}UpdateManyMutationInput"))
    parts = {
        "{}UpdateWithWhere": (unique, Entry("data", update.type)),
        "{}UpdateManyWithWhere": (where, many),
        "{}UpsertWithWhere": (unique, create, update),
        "{}UpdateToOneWithWhere": (where, Entry("data", update.type)),
        "{}UpsertToOne": (Entry("where", where.type, is_required=False), create, update),
    }
    for pattern, entries in parts.items():
        types.typed_dict(types.names.of(model, pattern), entries)


def _write_update_of_many(types: TypesWriter, model: Model) -> None:
    """Write the changes that an update can make to a list of related records."""
    unique = types.of(model, "{}WhereUniqueInput")
    verbs = {
        "set": unique,
        "disconnect": unique,
        "delete": unique,
        "update": types.of(model, "{}UpdateWithWhere"),
        "upsert": types.of(model, "{}UpsertWithWhere"),
        "update_many": types.of(model, "{}UpdateManyWithWhere"),
        "delete_many": types.of(model, "{}WhereInput"),
    }
    types.typed_dict(
        types.names.of(model, "{}UpdateManyWithoutRelationsInput"),
        (Entry(verb, types.one_or_list(type)) for verb, type in verbs.items()),
        total=False,
        bases=(types.names.of(model, "{}CreateManyNestedWithoutRelationsInput"),),
    )


def _write_update_of_one(types: TypesWriter, data: DataModel, model: Model) -> None:
    """Write the changes that an update can make to a related record."""
    update, where = types.of(model, "{}UpdateInput"), types.of(model, "{}WhereInput")
    # Where many records refer to one, `disconnect` takes no condition. All relations to the model share the type.
    is_one_to_one = any(not field.is_list and not data.inverse(model, field).is_list for field in model.relations)
    types.typed_dict(
        types.names.of(model, "{}UpdateOneWithoutRelationsInput"),
        (
            Entry("disconnect", types.union("bool", where) if is_one_to_one else "bool"),
            Entry("delete", types.union("bool", where)),
            Entry("update", types.union(update, types.of(model, "{}UpdateToOneWithWhere"))),
            Entry("upsert", types.of(model, "{}UpsertToOne")),
        ),
        total=False,
        bases=(types.names.of(model, "{}CreateNestedWithoutRelationsInput"),),
    )
