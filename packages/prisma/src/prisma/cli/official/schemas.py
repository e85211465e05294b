"""Schemas in the form that the official CLI accepts, and back from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.schema.files import read_files
from prisma.schema.legacy import accepted_by_cli
from prisma.schema.urls import datasource_urls, with_default_url, without_default_url

if TYPE_CHECKING:
    from prisma.schema.files import SchemaFiles


def files_for_cli(schema: SchemaFiles) -> list[tuple[str, str]]:
    """Return the files in the form that the CLI accepts, which wants a URL."""
    complete = str if datasource_urls(schema.files).url else with_default_url
    return [(path, complete(accepted_by_cli(text))) for path, text in schema.files]


def changed_for_cli(schema: SchemaFiles) -> dict[str, str]:
    """Return the texts of the files that differ in that form, by absolute path."""
    pairs = zip(schema.files, files_for_cli(schema), strict=True)
    return {os.path.realpath(path): text for (path, before), (_, text) in pairs if text != before}


def remove_default_url(schema: SchemaFiles) -> None:
    """Remove the URL that `db pull` copied into files that gave none from the form that it was given."""
    if schema.files and not datasource_urls(schema.files).url:
        for path, text in read_files(schema.path).files:
            Path(path).write_text(without_default_url(text), encoding="utf-8")
