"""Renders `types.py`: a typed dictionary for every argument.

Example:

    SortOrder = Literal["asc", "desc"]
    OrderByRelationAggregateInput = TypedDict("OrderByRelationAggregateInput", {"_count": SortOrder})
"""

from __future__ import annotations

from typing import Final

from prisma.generator.names import Names
from prisma.generator.render.aggregate_types import write_aggregate_output, write_aggregates
from prisma.generator.render.read_inputs import (
    Orders,
    write_keys,
    write_keys_variables,
    write_order,
    write_related,
    write_where,
)
from prisma.generator.render.scalar_filters import write_filters
from prisma.generator.render.selections import write_selections
from prisma.generator.render.typed_dicts import Entry, TypesWriter
from prisma.generator.render.write_inputs import write_creates, write_updates
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel

_HTTP_OPTIONS: Final = ("app", "http1", "http2", "limits", "timeout", "trust_env", "max_redirects")


def render_types(data: DataModel, names: Names) -> str:
    """Return the text of `types.py`."""
    writer = Writer("The shapes of arguments and of plain results.", evaluates_annotations=True)
    types = TypesWriter(names, writer)
    _write_options(types)
    write_related(types)
    write_filters(types, data.enums)
    write_aggregate_output(types)
    orders = Orders(types)
    for model in data.models:
        write_keys(types, model)
        write_where(types, model)
        write_order(types, model, orders)
        write_creates(types, model)
        write_updates(types, data, model)
        write_selections(types, data, model)
        write_aggregates(types, model)
    write_keys_variables(types, data.models)
    _write_client_omit(types, data)
    return writer.render()


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
