"""The datasource block: which databases this release supports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prisma.errors import GeneratorError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVIDERS: Final = ("postgresql", "postgres", "sqlite", "mysql", "cockroachdb")
"""The words of `provider` for supported databases; the first is the one that new schemas get."""


def supported_datasource(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the datasource of a configuration, as `prisma.schema.parser.get_config` returns it.

    Raises:
        GeneratorError: there is none, or its database is not supported.
    """
    if not config["datasources"]:
        raise GeneratorError(f'The schema has no datasource. Add: datasource db {{ provider = "{PROVIDERS[0]}" }}')
    datasource = config["datasources"][0]
    if datasource["activeProvider"] not in PROVIDERS:
        raise GeneratorError(
            f"The datasource {datasource['name']} has the provider {datasource['provider']}, which this release does "
            f"not support; it supports {PROVIDERS[0]}, {', '.join(PROVIDERS[2:-1])} and {PROVIDERS[-1]}."
        )
    return datasource
