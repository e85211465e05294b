"""Renders the generated package as a whole: the text of each file, by name."""

from __future__ import annotations

from collections.abc import Sequence

from prisma.client.records.partial_types import PartialModel
from prisma.compiler.relation_joins import FEATURE
from prisma.dialects import dialect_of
from prisma.generator.concurrency import ASYNCIO, Interface
from prisma.generator.names import decide_names
from prisma.generator.render.actions import render_actions
from prisma.generator.render.batch import render_batch
from prisma.generator.render.client import render_client, render_package
from prisma.generator.render.enums import render_enums
from prisma.generator.render.metadata import Origin, render_metadata
from prisma.generator.render.models import render_bases, render_models, render_partials
from prisma.generator.render.types import render_types
from prisma.schema.datamodel import DataModel


def render(
    data: DataModel,
    origin: Origin,
    partials: Sequence[PartialModel] = (),
    *,
    interface: Interface = ASYNCIO,
    driver: str | None = None,
) -> dict[str, str]:
    """Return the text of every file of the package, by file name; `driver` is one that is not the default.

    Raises:
        GeneratorError: names clash.
    """
    dialect = dialect_of(origin.provider)
    names = decide_names(data, interface, dialect)
    loads_relations = dialect.chooses_joins or FEATURE in origin.preview_features
    return {
        "__init__.py": render_package(),
        "actions.py": render_actions(data, names, loads_relations=loads_relations),
        "bases.py": render_bases(data, names),
        "batch.py": render_batch(data, names),
        "client.py": render_client(data, names, driver),
        "enums.py": render_enums(data, names),
        "metadata.py": render_metadata(data, origin),
        "models.py": render_models(data, names),
        "partials.py": render_partials(data, names, partials),
        **render_types(data, names),
    }
