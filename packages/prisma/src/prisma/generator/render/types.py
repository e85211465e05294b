"""Renders `types.py`: a typed dictionary for every argument; of a large schema as modules by groups of models.

Example:

    SortOrder = Literal["asc", "desc"]
    OrderByRelationAggregateInput = TypedDict("OrderByRelationAggregateInput", {"_count": SortOrder})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from prisma.generator.model_groups import model_groups
from prisma.generator.names import Names
from prisma.generator.render.aggregate_types import write_aggregate_output, write_aggregates
from prisma.generator.render.far_inputs import write_far
from prisma.generator.render.read_inputs import (
    Orders,
    write_keys,
    write_keys_variables,
    write_mark,
    write_order,
    write_related,
    write_where,
)
from prisma.generator.render.scalar_filters import write_filters
from prisma.generator.render.selections import write_selections
from prisma.generator.render.typed_dicts import Entry, TypesWriter
from prisma.generator.render.write_inputs import write_creates, write_updates
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel, Model

_HTTP_OPTIONS: Final = ("app", "http1", "http2", "limits", "timeout", "trust_env", "max_redirects")


def render_types(data: DataModel, names: Names) -> dict[str, str]:
    """Return the texts of `types.py` and, for a large schema, of the modules whose types it exports, by file name."""
    groups = model_groups(data.models)
    if len(groups) == 1:
        types = _module(names, "The shapes of arguments and of plain results.", data.models)
        _write_shared(types, data)
        write_related(types)
        _write_models(types, data, data.models)
        _write_client_omit(types, data)
        return {"types.py": types.writer.render()}
    shared = _module(names, "The shapes of arguments and of plain results that all models share.")
    _write_shared(shared, data)
    parts = [_part(names, shared, data, group) for group in groups]
    omit = _module(names, "Fields that a client leaves out.")
    for number, part in enumerate(parts, 1):
        omit.writer.name(f".types_{number}", "*")
        omit.take(part)
    _write_client_omit(omit, data)
    modules = {f"types_{number}": part for number, part in enumerate((shared, *parts, omit))}
    return {
        "types.py": _render_exports({name: sorted(part.models) for name, part in modules.items()}),
        **{f"{name}.py": part.writer.render() for name, part in modules.items()},
    }


def _render_exports(models: Mapping[str, Sequence[str]]) -> str:
    """Return the text of `types.py` of a large schema: its names are in other modules, of which a program needs few."""
    writer = Writer("The shapes of arguments and of plain results, from the modules that define them.")
    with writer.indented(f"if {writer.name('typing', 'TYPE_CHECKING')}:"):
        writer.lines(*(f"from .{module} import *" for module in models))
    with writer.indented("else:"):
        writer.line("from prisma.generated import Parts")
        writer.blank()
        with writer.indented("_parts = Parts(", ")"):
            writer.line('__name__.rpartition(".")[0],')
            with writer.indented("{", "},"):
                for module, names in models.items():
                    writer.items(f"{literal(module)}: [", map(literal, names), "],")
        writer.blank()
        with writer.indented("def __getattr__(name):"):
            writer.lines("found = globals()[name] = _parts.find(name)", "return found")
        writer.blank()
        with writer.indented("def __dir__():"):
            writer.line("return _parts.names()")
    return writer.render()


def _module(names: Names, docstring: str, models: Sequence[Model] = ()) -> TypesWriter:
    writer = Writer(docstring, evaluates_annotations=True)
    return TypesWriter(names, writer, frozenset(model.name for model in models))


def _part(names: Names, shared: TypesWriter, data: DataModel, models: Sequence[Model]) -> TypesWriter:
    """Return the module of the types of some models."""
    types = _module(names, "The shapes of arguments and of plain results of some of the models.", models)
    types.writer.name(".types_0", "*")
    types.take(shared)
    write_related(types)
    write_far(types)
    _write_models(types, data, models)
    return types


def _write_shared(types: TypesWriter, data: DataModel) -> None:
    """Write what the types of all models need."""
    write_mark(types)
    _write_options(types)
    write_filters(types, data.enums)
    write_aggregate_output(types)


def _write_models(types: TypesWriter, data: DataModel, models: Sequence[Model]) -> None:
    orders = Orders(types)
    for model in models:
        write_keys(types, model)
        write_where(types, model)
        write_order(types, model, orders)
        write_creates(types, model)
        write_updates(types, data, model)
        write_selections(types, data, model)
        write_aggregates(types, model)
    write_keys_variables(types, models)


def _write_options(types: TypesWriter) -> None:
    any_type = types.writer.name("typing", "Any")
    types.literal_alias("SortMode", ("default", "insensitive"))
    types.literal_alias("SortOrder", ("asc", "desc"))
    types.literal_alias("NullsOrder", ("first", "last"))
    order = types.ref("SortOrder")
    types.typed_dict(
        "SortOrderInput", (Entry("sort", order), Entry("nulls", types.ref("NullsOrder"), is_required=False))
    )
    types.typed_dict("OrderByRelationAggregateInput", (Entry("_count", order),))
    types.literal_alias("RelationLoadStrategy", ("join", "query"))
    types.literal_alias("IsolationLevel", tuple(types.names.dialect.isolation_levels))
    types.literal_alias("MetricsFormat", ("json", "prometheus"))
    date = f"{types.writer.module('datetime')}.datetime"
    itself = literal("Serializable")
    dictionary = f"{types.writer.name('typing', 'Dict')}[str, {itself}]"
    types.union_alias("Serializable", ["None", "bool", "float", "int", "str", date, types.list_of(itself), dictionary])
    types.alias("DatasourceOverride", f"{types.writer.name('prisma', 'client')}.DatasourceOverride")
    types.typed_dict(
        "HttpConfig",
        [Entry(option, any_type) for option in _HTTP_OPTIONS],
        total=False,
        doc="Options of the HTTP client that earlier releases had; only `timeout` still means something.",
    )


def _write_client_omit(types: TypesWriter, data: DataModel) -> None:
    omitted = [Entry(types.names.instances[model.name], types.of(model, "{}Omit")) for model in data.models]
    types.typed_dict("GlobalOmitConfig", omitted, total=False, doc="Fields that a client leaves out of every record.")
