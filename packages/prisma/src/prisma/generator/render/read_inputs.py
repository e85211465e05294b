"""Writes the inputs of reads for `types.py`: `where`, `order`, and the names of fields.

Example:

    class UserWhereInput(_UserWhereCommon, total=False):
        ...

    UserWhereUniqueInput = _Related[Union[_UserWhereUnique_id_Input, _UserWhereUnique_email_Input]]
    UserOrderByInput = _Related[Union[_OrderBy_id, _OrderBy_email, _User_RelevanceOrderByInput]]
"""

from __future__ import annotations

from collections.abc import Sequence

from prisma.dialects.dialect import Feature
from prisma.generator.render.far_inputs import FAR
from prisma.generator.render.typed_dicts import Entry, TypesWriter
from prisma.schema.datamodel import Field, Model


class Orders:
    """Orders by one key; models share them for fields of the same name and the same kind of order."""

    def __init__(self, types: TypesWriter) -> None:
        self._types = types
        self._written: set[str] = set()

    def of(self, field: Field) -> str:
        """Return the name of the order by a field: by its value, by a related record or by their number."""
        name, type = self._name_and_type(field)
        if name not in self._written:
            self._written.add(name)
            self._types.typed_dict(name, (Entry(field.name, type),))
        return name

    def _name_and_type(self, field: Field) -> tuple[str, str]:
        types = self._types
        if not field.is_relation:
            if field.is_required or field.is_list:
                return f"_OrderBy_{field.name}", types.ref("SortOrder")
            return f"_OrderByNullable_{field.name}", types.union(types.ref("SortOrder"), types.ref("SortOrderInput"))
        if field.is_list:
            return f"_OrderByCount_{field.name}", types.ref("OrderByRelationAggregateInput")
        if types.is_far(field):
            return f"_OrderByFar_{field.name}", FAR
        return f"_OrderBy{field.type}_{field.name}", types.related(types.of(field.type, "{}OrderByInput"))


def write_related(types: TypesWriter) -> None:
    """Write the marks of types that lead from a model to another. They are for type checkers only."""
    types.alias("_RelatedT", f'{types.writer.name("typing", "TypeVar")}("_RelatedT")')
    with types.writer.indented(f"if {types.writer.name('typing', 'TYPE_CHECKING')}:"):
        types.writer.line("from typing_extensions import ReadOnly as _ReadOnly")
        types.writer.blank()
        types.alias("_Related", f'{types.writer.name("typing_extensions", "Annotated")}[_RelatedT, "related"]')
    with types.writer.indented("else:"):
        types.writer.blank()
        # What a name stands for is the type itself. pydantic, which validates by these types too, warns of keys that
        # are only read.
        with types.writer.indented("class _Related:"), types.writer.indented("def __class_getitem__(cls, item):"):
            types.writer.line("return item")
        types.writer.blank()
        types.alias("_ReadOnly", "_Related")
        types.writer.blank()


def write_mark(types: TypesWriter) -> None:
    """Write the mark of types that mypy reads in another way: it assumes that every variable of this name is true."""
    types.writer.line("MYPY = False")


def write_keys(types: TypesWriter, model: Model) -> None:
    """Write the choices of field names."""
    names = types.names
    scalar_keys, relation_keys = names.of(model, "{}ScalarFieldKeys"), names.of(model, "{}RelationalFieldKeys")
    types.literal_alias(scalar_keys, (field.name for field in model.scalars))
    types.literal_alias(relation_keys, (field.name for field in model.relations))
    both = [keys for keys, fields in ((scalar_keys, model.scalars), (relation_keys, model.relations)) if fields]
    types.joined_literals(names.of(model, "{}Keys"), both)


def write_keys_variables(types: TypesWriter, models: Sequence[Model]) -> None:
    """Write the variables for those field names that a call gives.

    mypy infers str for literals in a list, which no bound of literals allows: for mypy it is any of the names. They
    stand in one statement, because pyright gives up on a module with a hundred branches.
    """
    variables = [
        tuple(types.names.of(model, key) for key in ("{}ScalarFieldKeysT", "{}ScalarFieldKeys")) for model in models
    ]
    if not variables:
        return
    with types.writer.indented("if MYPY:"):
        for name, keys in variables:
            types.alias(name, keys)
    with types.writer.indented("else:"):
        type_var = types.writer.name("typing", "TypeVar")
        for name, keys in variables:
            types.writer.hugged(f"{name} = {type_var}(", f'"{name}", bound={keys}', ")")


def write_order(types: TypesWriter, model: Model, orders: Orders) -> None:
    """Write the ways to order records: by a field, by related records, or by relevance of a search."""
    members: list[str] = []
    for field in model.fields:
        members.append(orders.of(field))
        if not field.is_relation:
            types.alias(f"_{model.name}_{field.name}_OrderByInput", members[-1])
    if Feature.FULL_TEXT in types.features:
        inner = f"_{model.name}_RelevanceInner"
        keys = types.list_of(types.of(model, "{}ScalarFieldKeys"))
        types.typed_dict(inner, (Entry("fields", keys), Entry("search", "str"), Entry("sort", types.ref("SortOrder"))))
        members.append(f"_{model.name}_RelevanceOrderByInput")
        types.typed_dict(members[-1], (Entry("_relevance", inner),))
    types.union_alias(types.names.of(model, "{}OrderByInput"), members, is_related=True)


def write_where(types: TypesWriter, model: Model) -> None:
    """Write the filters on a model, the ways to name one record, and the filters on relations to the model.

    The fields that do not name a record by themselves are in a dictionary that both kinds of filter share. A filter
    that names a record takes conditions on related records inside `AND` only: with them in every such dictionary, mypy
    takes three times as long.
    """
    names = types.names
    name, common = names.of(model, "{}WhereInput"), f"_{model.name}WhereCommon"
    uniques = [field for field in model.scalars if field.is_id or field.is_unique]
    itself, several = (
        types.related(each) for each in (types.one_or_list(types.ref(name)), types.list_of(types.ref(name)))
    )
    types.typed_dict(
        common,
        [_where_entry(types, field) for field in model.scalars if field not in uniques]
        + [Entry("AND", itself), Entry("OR", several), Entry("NOT", itself)],
        total=False,
    )
    types.typed_dict(
        name,
        [_where_entry(types, field) for field in (*uniques, *model.relations)],
        total=False,
        bases=(common,),
        doc=f"A filter on records of {model.name}.",
    )
    _write_unique_where(types, model, uniques, common)
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


def _write_unique_where(types: TypesWriter, model: Model, uniques: list[Field], common: str) -> None:
    """Write the ways to name one record: by id, unique field or compound key, and further conditions on fields."""
    members: list[str] = []
    others = [Entry(field.name, types.value(field), is_required=False) for field in uniques]
    for field in uniques:
        members.append(f"_{model.name}WhereUnique_{field.name}_Input")
        beside = [entry for entry in others if entry.key != field.name]
        types.typed_dict(members[-1], (Entry(field.name, types.value(field)), *beside), bases=(common,))
    for key in model.compound_keys:
        stem = "PrimaryKey" if key is model.primary_key else f"{key.name}Key"
        name = f"_{model.name}Compound{stem}"
        types.typed_dict(f"{name}Inner", [Entry(part, types.value(model.field(part))) for part in key.fields])
        types.typed_dict(name, (Entry(key.name, types.ref(f"{name}Inner")), *others), bases=(common,))
        members.append(name)
    name = types.names.of(model, "{}WhereUniqueInput")
    if members:
        types.union_alias(name, members, is_related=True)
    else:
        # A view may have no unique field.
        types.typed_dict(name, ())


def _where_entry(types: TypesWriter, field: Field) -> Entry:
    none = () if field.is_required else ("None",)
    if types.is_far(field):
        return Entry(field.name, "_FarListFilter" if field.is_list else types.union(*none, FAR))
    if field.is_relation:
        if field.is_list:
            return Entry(field.name, types.related(types.of(field.type, "{}ListRelationFilter")))
        filters = (types.of(field.type, "{}WhereInput"), types.of(field.type, "{}RelationFilter"))
        return Entry(field.name, types.related(types.union(*none, *filters)))
    if field.is_list:
        return Entry(field.name, types.ref(f"{field.type}ListFilter"))
    members = [*none, types.item(field.type)]
    if field.type == "Json":
        members.append(types.ref("JsonNullValueFilter"))
    elif none:
        members.append(types.ref(f"{field.type}NullableFilter"))
    members.append(types.ref(f"{field.type}Filter"))
    return Entry(field.name, types.union(*members))
