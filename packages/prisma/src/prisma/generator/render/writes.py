"""Inputs of writes: create, update, upsert, and what can be done to related records meanwhile."""

from __future__ import annotations

from prisma.generator.model import Field, Model
from prisma.generator.render.typed_dicts import Entry, TypesWriter

_ATOMIC = frozenset({"Int", "BigInt", "Float"})


def write_creates(types: TypesWriter, model: Model) -> None:
    """Write the inputs that create records of a model, by themselves and from a related record."""
    names = types.names
    _write_create(types, model, "{}OptionalCreateInput", "{}CreateInput", model.fields)
    _write_create(types, model, "{}OptionalCreateWithoutRelationsInput", "{}CreateWithoutRelationsInput", model.scalars)
    create, where = types.of(model, "{}CreateWithoutRelationsInput"), types.of(model, "{}WhereUniqueInput")
    types.typed_dict(
        names.of(model, "{}ConnectOrCreateWithoutRelationsInput"), (Entry("create", create), Entry("where", where))
    )
    connect_or_create = types.of(model, "{}ConnectOrCreateWithoutRelationsInput")
    verbs = (Entry("create", create), Entry("connect", where), Entry("connect_or_create", connect_or_create))
    types.typed_dict(names.of(model, "{}CreateNestedWithoutRelationsInput"), verbs, total=False)
    types.typed_dict(
        names.of(model, "{}CreateManyNestedWithoutRelationsInput"),
        (Entry(verb.key, types.one_or_list(verb.type)) for verb in verbs),
        total=False,
    )


def write_updates(types: TypesWriter, model: Model) -> None:
    """Write the inputs that update records of a model."""
    names = types.names
    writable = [field for field in model.fields if not field.is_read_only]
    types.typed_dict(
        names.of(model, "{}UpdateInput"),
        [_update_entry(types, field) for field in writable],
        total=False,
        doc=f"Changes to a {model.name}.",
    )
    types.typed_dict(
        names.of(model, "{}UpdateManyMutationInput"),
        [_update_entry(types, field) for field in writable if not field.is_relation],
        total=False,
        doc=f"Changes to several records of {model.name}.",
    )
    types.typed_dict(
        names.of(model, "{}UpsertInput"),
        (
            Entry("create", types.of(model, "{}CreateInput")),
            Entry("update", types.of(model, "{}UpdateInput")),
        ),
    )
    _write_nested_updates(types, model)


def _write_create(types: TypesWriter, model: Model, optional: str, required: str, fields: tuple[Field, ...]) -> None:
    optional_entries = [_create_entry(types, field) for field in fields if not field.is_required_on_create]
    types.typed_dict(
        types.names.of(model, optional),
        optional_entries,
        total=False,
        doc=f"What may be given when a {model.name} is created.",
    )
    types.typed_dict(
        types.names.of(model, required),
        [_create_entry(types, field) for field in fields if field.is_required_on_create],
        doc=f"What must be given when a {model.name} is created.",
        base=types.of(model, optional),
        base_entries=optional_entries,
    )


def _create_entry(types: TypesWriter, field: Field) -> Entry:
    if field.is_relation:
        pattern = "{}CreateManyNestedWithoutRelationsInput" if field.is_list else "{}CreateNestedWithoutRelationsInput"
        return Entry(field.name, types.of(field.type, pattern))
    value = types.value(field)
    return Entry(field.name, value if field.is_required else types.optional(value))


def _update_entry(types: TypesWriter, field: Field) -> Entry:
    if field.is_relation:
        pattern = "{}UpdateManyWithoutRelationsInput" if field.is_list else "{}UpdateOneWithoutRelationsInput"
        return Entry(field.name, types.of(field.type, pattern))
    if field.is_list:
        return Entry(field.name, types.ref(f"{field.type}ListUpdate"))
    value = types.item(field.type)
    if field.type in _ATOMIC:
        value = types.union(types.ref(f"Atomic{field.type}Input"), value)
    return Entry(field.name, value if field.is_required else types.optional(value))


def _write_nested_updates(types: TypesWriter, model: Model) -> None:
    names = types.names
    create, update = types.of(model, "{}CreateWithoutRelationsInput"), types.of(model, "{}UpdateInput")
    unique, where = types.of(model, "{}WhereUniqueInput"), types.of(model, "{}WhereInput")
    many = types.of(model, "{}UpdateManyMutationInput")
    connect_or_create = types.of(model, "{}ConnectOrCreateWithoutRelationsInput")
    parts = {
        "{}UpdateWithWhereUniqueWithoutRelationsInput": (Entry("where", unique), Entry("data", update)),
        "{}UpdateManyWithWhereWithoutRelationsInput": (Entry("where", where), Entry("data", many)),
        "{}UpsertWithWhereUniqueWithoutRelationsInput": (
            Entry("where", unique),
            Entry("create", create),
            Entry("update", update),
        ),
        "{}UpsertWithoutRelationsInput": (Entry("create", create), Entry("update", update)),
    }
    for pattern, entries in parts.items():
        types.typed_dict(names.of(model, pattern), entries)
    lists = (
        Entry("create", create),
        Entry("connect", unique),
        Entry("connect_or_create", connect_or_create),
        Entry("set", unique),
        Entry("disconnect", unique),
        Entry("delete", unique),
        Entry("update", types.of(model, "{}UpdateWithWhereUniqueWithoutRelationsInput")),
        Entry("upsert", types.of(model, "{}UpsertWithWhereUniqueWithoutRelationsInput")),
        Entry("update_many", types.of(model, "{}UpdateManyWithWhereWithoutRelationsInput")),
        Entry("delete_many", where),
    )
    types.typed_dict(
        names.of(model, "{}UpdateManyWithoutRelationsInput"),
        (Entry(verb.key, types.one_or_list(verb.type)) for verb in lists),
        total=False,
    )
    types.typed_dict(
        names.of(model, "{}UpdateOneWithoutRelationsInput"),
        (
            Entry("create", create),
            Entry("connect", unique),
            Entry("connect_or_create", connect_or_create),
            Entry("disconnect", "bool"),
            Entry("delete", "bool"),
            Entry("update", update),
            Entry("upsert", types.of(model, "{}UpsertWithoutRelationsInput")),
        ),
        total=False,
    )
