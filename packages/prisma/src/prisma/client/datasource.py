"""The datasource: the URL that a client connects to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from prisma.errors import UnsupportedDatabaseError, data_error
from prisma.schema.datasource import PROVIDERS
from prisma.schema.metadata import Schema


class DatasourceOverride(TypedDict):
    """Another URL than the schema's; `name` is the datasource's name in the schema."""

    url: str
    name: NotRequired[str]
    env: NotRequired[str]


def load_env(*, override: bool = False, **options: Any) -> None:
    """Load `.env`, then `prisma/.env`, into the environment; variables that are set stay, unless `override`."""
    for path in (Path(".env"), Path("prisma/.env")):
        if not options and not path.exists():
            continue
        # Imported where there is a file to read.
        from dotenv import load_dotenv

        load_dotenv(path, override=override, **options)


def connection_url(schema: Schema, override: DatasourceOverride | None) -> str:
    """Return the URL to connect to.

    Raises:
        UnsupportedDatabaseError: the runtime has no driver for the schema's provider.
        DataError: P1012, the schema's environment variable is not set.
    """
    if schema.provider not in PROVIDERS:
        raise UnsupportedDatabaseError(schema.provider, "Connecting")
    if override is not None:
        return override["url"]
    if schema.url.literal is not None:
        return schema.url.literal
    variable = schema.url.env or "DATABASE_URL"
    url = os.environ.get(variable)
    if not url:
        raise data_error(
            "P1012",
            f"Environment variable not found: {variable}. Set it, or pass `datasource={{'url': …}}` to the client.",
            {"variable": variable},
        )
    return url
