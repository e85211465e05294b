"""Finds the database that migrations work on.

It is the schema's `directUrl`, else its `url`; if neither is set, the database that `[tool.prisma]` names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from prisma.cli.project.errors import CommandError
from prisma.cli.project.own_database import project_database
from prisma.drivers.sqlite.file_url import absolute_file_url, is_file_url
from prisma.errors import GeneratorError
from prisma.frozen import Frozen
from prisma.migrate.faults import translated
from prisma.migrate.kinds import DEFAULT, EXAMPLE, KINDS, DatabaseKind, kind_of_provider, kind_of_url
from prisma.schema.files import read_schema
from prisma.schema.text import blocks
from prisma.schema.urls import (
    DEFAULT_DIRECT_URL,
    DEFAULT_URL,
    DatasourceUrls,
    UrlExpression,
    datasource_urls,
    provider_in,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.schema.files import SchemaFiles
    from prisma.schema.text import Block


class Database(Frozen):
    """Where migrations connect to.

    Attributes:
        url: the database; that of a file has the whole path.
        shown_url: the URL as it is written; only that of a file may be shown.
        shadow_url: a database to try migrations in, instead of a temporary one.
    """

    _hidden: ClassVar = frozenset({"url", "shown_url", "shadow_url"})

    url: str
    shown_url: str
    shadow_url: str | None = None


def migration_database(schema: SchemaFiles) -> Database:
    """Return the database of a schema: its `directUrl` if that says something, else its `url`, else the project's.

    Raises CommandError if none says something, or if it is no URL of the schema's kind of database.
    """
    urls = _urls(schema.files)
    url = _url(urls)
    if not url:
        raise CommandError(*_nothing_set(urls, schema))
    check_kind(schema, url)
    if not is_file_url(url):
        check_url(url)
        return Database(url, url, _value(urls.shadow_database_url))
    with translated(connecting=True):
        return Database(absolute_file_url(url, datasource(schema)[0].parent.resolve()), url)


def check_kind(schema: SchemaFiles, url: str) -> None:
    """Raise CommandError if a URL is not of the kind of database that a schema is for; the message never quotes it."""
    kind, found = kind_of_schema(schema), kind_of_url(url)
    # Of what is no URL, or not one of ours, `check_url` says more.
    if (found or DEFAULT).protocols == kind.protocols:
        return
    block = datasource(schema)[1]
    raise CommandError(
        f"P1012\n\nError validating datasource `{block.name if block else 'db'}`: "
        f"the URL must start with the protocol `{kind.protocols[0]}`.",
        f"Its form: {kind.example}",
    )


def kind_of_schema(schema: SchemaFiles) -> DatabaseKind:
    """Return the kind of database that a schema is for."""
    return kind_of_provider(provider_in(schema.files))


def datasource(schema: SchemaFiles) -> tuple[Path, Block | None]:
    """Return the file that holds the datasource, and its block; the first file if there is none."""
    for path, text in schema.files:
        for block in blocks(text):
            if block.kind == "datasource":
                return Path(path), block
    return Path(schema.files[0][0]), None


def provide_database() -> None:
    """Let programs that are started from here find the project's database if the environment names none."""
    try:
        files = read_schema().files
    except GeneratorError:
        files = ()  # A seed may do without a schema.
    _url(_urls(files))


def check_url(url: str) -> None:
    """Raise CommandError if the text can't be a URL of a database that commands know; the message never quotes it."""
    if is_file_url(url):
        return
    protocol, separator, rest = url.partition("://")
    if not separator:
        raise CommandError("The database URL is not a URL.", f"Its form: {EXAMPLE}")
    if kind_of_url(url) is None:
        *others, last = (kind.product for kind in KINDS)
        raise CommandError(
            f"The database URL starts with {protocol}://, and this program knows {', '.join(others)} and {last}.",
            f"Give a URL of the form {EXAMPLE}",
        )
    # A list of hosts is checked where it is read.
    if "," in rest.partition("/")[0].rpartition("@")[2]:
        return
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise CommandError(
            "The database URL has a part that can't be read, probably its port.",
            "In the password, write # as %23, / as %2F, : as %3A, ? as %3F and @ as %40.",
        ) from None


def _urls(files: Sequence[tuple[str, str]]) -> DatasourceUrls:
    """Return the URLs of a schema. One without URLs, as in Prisma 7, means the usual variables."""
    urls = datasource_urls(files)
    if urls.url is not None:
        return urls
    return urls.__replace__(url=DEFAULT_URL, direct_url=urls.direct_url or DEFAULT_DIRECT_URL)


def _url(urls: DatasourceUrls) -> str | None:
    url = _value(urls.direct_url) or _value(urls.url)
    variable = urls.url and urls.url.env
    return url or (project_database(variable) if variable else None)


def _value(expression: UrlExpression | None) -> str | None:
    if expression is None:
        return None
    return os.environ.get(expression.env) if expression.env else expression.literal


def _nothing_set(urls: DatasourceUrls, schema: SchemaFiles) -> tuple[str, str]:
    names = [expression.env for expression in (urls.url, urls.direct_url) if expression and expression.env]
    if not names:
        return f"The datasource in {schema.path} has no `url`.", 'Add the line: url = env("DATABASE_URL")'
    return (
        f"Environment variable not found: {names[0]}.",
        f"Set it in the environment, in .env or in .env.local, e.g. {names[0]}={EXAMPLE}",
    )
