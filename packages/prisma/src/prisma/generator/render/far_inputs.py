"""Writes the inputs of relations to models whose types are in another module: they know the form, but not the fields.

Example:

    _Far = Mapping[str, Any]
    _FarListFilter = TypedDict("_FarListFilter", {"some": _Far, "none": _Far, "every": _Far}, total=False)
"""

from __future__ import annotations

from typing import Final

from prisma.generator.render.typed_dicts import Entry, TypesWriter

FAR: Final = "_Far"
_QUANTIFIERS: Final = ("some", "none", "every")
_CREATES: Final = ("connect", "create", "connect_or_create")
_CHANGES_OF_MANY: Final = ("set", "disconnect", "delete", "update", "upsert", "update_many", "delete_many")


def write_far(types: TypesWriter) -> None:
    """Write the inputs of relations to models of other modules."""
    any_type = types.writer.name("typing", "Any")
    types.alias(FAR, f"{types.writer.name('typing', 'Mapping')}[str, {any_type}]")
    types.alias("_FarOrMany", types.union(FAR, f"{types.writer.name('typing', 'Sequence')}[{FAR}]"))
    one, flag = [Entry(verb, FAR) for verb in _CREATES], types.union("bool", FAR)
    many = [*(Entry(verb, "_FarOrMany") for verb in _CREATES), Entry("create_many", FAR)]
    shapes = {
        "_FarListFilter": [Entry(quantifier, FAR) for quantifier in _QUANTIFIERS],
        "_FarCreate": one,
        "_FarCreateMany": many,
        "_FarUpdate": [
            *one,
            *(Entry(verb, flag) for verb in ("disconnect", "delete")),
            *(Entry(verb, FAR) for verb in ("update", "upsert")),
        ],
        "_FarUpdateMany": [*many, *(Entry(verb, "_FarOrMany") for verb in _CHANGES_OF_MANY)],
        "_FarArguments": [
            Entry("take", "int"),
            Entry("skip", "int"),
            Entry("order_by", "_FarOrMany"),
            Entry("where", FAR),
            Entry("cursor", FAR),
            Entry("distinct", types.list_of("str")),
            *(Entry(choice, FAR) for choice in ("include", "select", "omit")),
        ],
    }
    for name, entries in shapes.items():
        types.typed_dict(name, entries, total=False)
