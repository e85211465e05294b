"""Inputs and outputs of count and group_by."""

from __future__ import annotations

from prisma.generator.model import Field, Model
from prisma.generator.render.typed_dicts import Entry, TypesWriter

_NUMBERS = frozenset({"Int", "BigInt", "Float", "Decimal"})


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
        + [Entry(operator, itself) for operator in ("AND", "OR", "NOT")],
        total=False,
        doc=f"A filter on groups of {model.name}.",
    )


def _having(types: TypesWriter, field: Field) -> str:
    if field.kind == "enum":
        return types.value(field) if field.is_list else types.union(types.value(field), f"{field.type}Filter")
    return types.union(types.item(field.type), types.ref(f"{field.type}WithAggregatesFilter"))


def _write_outputs(types: TypesWriter, model: Model) -> None:
    names, numbers = types.names, _numbers(model)
    averages = [Entry(field.name, types.item(_average(field))) for field in numbers]
    types.typed_dict(names.of(model, "{}AvgAggregateOutput"), averages, total=False, doc=f"Averages of {model.name}.")
    sums = [Entry(field.name, types.value(field)) for field in numbers]
    types.typed_dict(names.of(model, "{}SumAggregateOutput"), sums, total=False, doc=f"Sums of {model.name}.")
    scalars = [Entry(field.name, types.value(field)) for field in model.scalars]
    scalar_output = names.of(model, "{}ScalarAggregateOutput")
    types.typed_dict(scalar_output, scalars, total=False, doc=f"Scalar fields of {model.name}.")
    types.alias(names.of(model, "{}MinAggregateOutput"), scalar_output)
    types.alias(names.of(model, "{}MaxAggregateOutput"), scalar_output)
    counts = [Entry(field.name, "int") for field in model.scalars]
    types.typed_dict(names.of(model, "{}CountAggregateOutput"), [*counts, Entry("_all", "int")], total=False)
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
        base=scalar_output,
    )


def _write_inputs(types: TypesWriter, model: Model) -> None:
    names = types.names
    largest, numbers = names.of(model, "{}MaxAggregateInput"), names.of(model, "{}NumberAggregateInput")
    scalars = [Entry(field.name, "bool") for field in model.scalars]
    types.typed_dict(largest, scalars, total=False, doc=f"Fields of {model.name} to aggregate.")
    types.alias(names.of(model, "{}MinAggregateInput"), largest)
    types.typed_dict(
        numbers,
        [Entry(field.name, "bool") for field in _numbers(model)],
        total=False,
        doc=f"Numbers of {model.name} to aggregate.",
    )
    types.alias(names.of(model, "{}AvgAggregateInput"), numbers)
    types.alias(names.of(model, "{}SumAggregateInput"), numbers)
    types.typed_dict(
        names.of(model, "{}CountAggregateInput"),
        (Entry("_all", "bool"),),
        total=False,
        base=largest,
    )


def _numbers(model: Model) -> list[Field]:
    return [field for field in model.scalars if field.type in _NUMBERS]


def _average(field: Field) -> str:
    return "Decimal" if field.type == "Decimal" else "Float"
