"""The schema's files: found and read as `prisma generate` does, with paths as messages shall show them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SchemaFiles:
    """A schema: the file or folder that was named or found, and its files as pairs of path and text.

    The paths are relative to the working directory unless an absolute one was named.
    """

    path: Path
    files: list[tuple[str, str]]

    def for_cli(self) -> list[tuple[str, str]]:
        """Return the files in the form that the official CLI accepts."""
        from prisma.schema.legacy import accepted_by_cli
        from prisma.schema.urls import datasource_urls, with_default_url

        complete = str if datasource_urls(self.files).url else with_default_url
        return [(path, complete(accepted_by_cli(text))) for path, text in self.files]

    def take_default_url_out(self) -> None:
        """Take out what `db pull` wrote into files that gave no URL, which it got as `for_cli` says."""
        from prisma.schema.urls import datasource_urls, without_default_url

        if self.files and not datasource_urls(self.files).url:
            for path, text in read_schema(self.path).files:
                Path(path).write_text(without_default_url(text), encoding="utf-8")

    def changed_for_cli(self) -> dict[str, str]:
        """Return the texts of those that differ in that form, by absolute path."""
        pairs = zip(self.files, self.for_cli(), strict=True)
        return {os.path.realpath(path): text for (path, before), (_, text) in pairs if text != before}


def read_schema(given: Path | None = None) -> SchemaFiles:
    """Find the schema below the working directory and read its files.

    Raises:
        GeneratorError: there is none, or it can't be read.
    """
    from prisma.schema.files import find_schema, read_source

    source = read_source(find_schema(Path(), given))
    return SchemaFiles(source.path, list(source.files))
