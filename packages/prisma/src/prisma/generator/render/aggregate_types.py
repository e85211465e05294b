"""Writes the inputs and outputs of `count`, `aggregate` and `group_by` for `types.py`.

Example:

    class UserGroupByOutput(UserScalarAggregateOutput, total=False):
        ...
        _avg: UserAvgAggregateOutput
"""

from __future__ import annotations

from prisma.generator.render.typed_dicts import Entry, TypesWriter
from prisma.schema.datamodel import Field, Model

_AGGREGATES = ("_count", "_avg", "_sum", "_min", "_max")
_NUMBERS = frozenset({"Int", "BigInt", "Float", "Decimal"})


def write_aggregate_output(types: TypesWriter) -> None:
    """Write the result of `aggregate` for any model; its parameters are the fields, the averages and the sums."""
    keys, dictionary = "_AggregatedKeysT", types.writer.name("typing", "Dict")
    type_var = types.writer.name("typing", "TypeVar")
    for name in (keys, "_OrderT", "_AveragesT", "_SumsT"):
        types.alias(name, f'{type_var}("{name}")')
    types.literal_alias("CountAll", ("_all",))
    types.literal_alias("AggregateKeys", _AGGREGATES)
    types.typed_dict("NoNumbers", ())
    order = f"{types.writer.name('typing', 'Mapping')}[{keys}, {types.ref('SortOrder')}]"
    types.typed_dict(
        "AggregateOrder",
        (Entry(key, order) for key in _AGGREGATES),
        total=False,
        doc="An order of groups by what was aggregated in them.",
        parameters=(keys,),
    )
    directions = types.union(types.ref("SortOrder"), types.ref("SortOrderInput"))
    by_field = f"{types.writer.name('typing', 'Mapping')}[{keys}, {directions}]"
    # What `group_by` takes: the parameters are the fields that it groups by, and the model's orders by aggregates.
    types.alias("GroupOrders", types.union(by_field, "_OrderT", types.list_of(types.union(by_field, "_OrderT"))))
    counts = f"{dictionary}[{types.union(keys, types.ref('CountAll'))}, int]"
    extremes = f"{dictionary}[{keys}, {types.writer.name('typing', 'Any')}]"
    values = (counts, "_AveragesT", "_SumsT", extremes, extremes)
    types.typed_dict(
        "AggregateOutput",
        map(Entry, _AGGREGATES, values),
        doc="What `aggregate` answers with. Only the keys that were asked for are there.",
        parameters=(keys, "_AveragesT", "_SumsT"),
    )


def write_aggregates(types: TypesWriter, model: Model) -> None:
    """Write the types of count and group_by for a model."""
    _write_having(types, model)
    _write_outputs(types, model)
    _write_inputs(types, model)


def _write_having(types: TypesWriter, model: Model) -> None:
    name = types.names.of(model, "{}ScalarWhereWithAggregatesInput")
    itself = types.list_of(types.ref(name))
    types.typed_dict(
        name,
        [Entry(field.name, _having(types, field)) for field in model.scalars]
        + [Entry("AND", types.union(types.ref(name), itself)), Entry("OR", itself)]
        + [Entry("NOT", types.union(types.ref(name), itself))],
        total=False,
    )


def _having(types: TypesWriter, field: Field) -> str:
    if field.kind == "enum" and field.is_list:
        return types.value(field)
    return types.union(types.item(field.type), types.ref(f"{field.type}WithAggregatesFilter"))


def _write_outputs(types: TypesWriter, model: Model) -> None:
    names, numbers = types.names, _numbers(model)
    averages = [Entry(field.name, types.item(_average(field))) for field in numbers]
    types.typed_dict(names.of(model, "{}AvgAggregateOutput"), averages, total=False)
    sums = [Entry(field.name, types.value(field)) for field in numbers]
    types.typed_dict(names.of(model, "{}SumAggregateOutput"), sums, total=False)
    scalars = [Entry(field.name, types.value(field)) for field in model.scalars]
    scalar_output = names.of(model, "{}ScalarAggregateOutput")
    types.typed_dict(scalar_output, scalars, total=False, is_packed=True)
    types.alias(names.of(model, "{}MinAggregateOutput"), scalar_output)
    types.alias(names.of(model, "{}MaxAggregateOutput"), scalar_output)
    counted = [*(field.name for field in model.scalars), "_all"]
    types.uniform_dict(names.of(model, "{}CountAggregateOutput"), counted, "int")
    types.typed_dict(
        names.of(model, "{}GroupByOutput"),
        (
            Entry("_sum", types.of(model, "{}SumAggregateOutput")),
            Entry("_avg", types.of(model, "{}AvgAggregateOutput")),
            Entry("_min", types.of(model, "{}MinAggregateOutput")),
            Entry("_max", types.of(model, "{}MaxAggregateOutput")),
            Entry("_count", types.of(model, "{}CountAggregateOutput")),
        ),
        total=False,
        bases=(scalar_output,),
    )
    _write_aggregate_output(types, model)


def _write_aggregate_output(types: TypesWriter, model: Model) -> None:
    """Write the result of `aggregate`: its type has every key, because the call decides which of them exist."""
    names, name = types.names, f"_{model.name}Aggregate"
    keys = types.of(model, "{}ScalarFieldKeys")
    averages = [Entry(field.name, types.optional(types.item(_average(field)))) for field in _numbers(model)]
    sums = [Entry(field.name, types.optional(types.value(field))) for field in _numbers(model)]
    numbers = ("NoNumbers", "NoNumbers")
    if averages:
        numbers = (f"{name}Avg", f"{name}Sum")
        types.typed_dict(numbers[0], averages)
        types.typed_dict(numbers[1], sums)
    types.generic_alias(names.of(model, "{}AggregateOutput"), "AggregateOutput", (keys, *numbers))


def _write_inputs(types: TypesWriter, model: Model) -> None:
    names = types.names
    numbers, flags = names.of(model, "{}NumberAggregateInput"), types.of(model, "{}Omit")
    types.alias(names.of(model, "{}MaxAggregateInput"), flags)
    types.alias(names.of(model, "{}MinAggregateInput"), flags)
    types.uniform_dict(numbers, (field.name for field in _numbers(model)), "bool")
    types.alias(names.of(model, "{}AvgAggregateInput"), numbers)
    types.alias(names.of(model, "{}SumAggregateInput"), numbers)
    count = names.of(model, "{}CountAggregateInput")
    types.typed_dict(count, (Entry("_all", "bool"),), total=False, bases=(names.of(model, "{}Omit"),))
    _write_group_order(types, model)


def _write_group_order(types: TypesWriter, model: Model) -> None:
    """Write the ways to order groups by their aggregates."""
    keys = types.of(model, "{}ScalarFieldKeys")
    types.generic_alias(types.names.of(model, "{}AggregateOrderByInput"), "AggregateOrder", (keys,))


def _numbers(model: Model) -> list[Field]:
    return [field for field in model.scalars if field.type in _NUMBERS]


def _average(field: Field) -> str:
    return "Decimal" if field.type == "Decimal" else "Float"
