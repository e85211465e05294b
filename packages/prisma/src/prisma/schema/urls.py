"""Reads the connection URLs of the datasource block, which the schema module refuses.

Schemas shared with Prisma 6 hold `url`, `directUrl` and `shadowDatabaseUrl`. They are read here and blanked before the
module sees the schema. The lines stay, so that the module's line numbers are right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prisma.frozen import Frozen
from prisma.schema.errors import SchemaError, hide_passwords
from prisma.schema.text import Change, Token, changed, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PROPERTIES: Final = {"url": "url", "directUrl": "direct_url", "shadowDatabaseUrl": "shadow_database_url"}


class UrlExpression(Frozen):
    """Where a URL comes from: `literal` is its text, `env` the name of an environment variable; one of them is set."""

    literal: str | None = None
    env: str | None = None

    def __repr__(self) -> str:
        # A literal may hold a password.
        return f"UrlExpression(env={self.env!r})" if self.env is not None else "UrlExpression(literal=…)"


class DatasourceUrls(Frozen):
    """The URLs of a schema's datasource; None where the schema has no such line."""

    url: UrlExpression | None = None
    direct_url: UrlExpression | None = None
    shadow_database_url: UrlExpression | None = None


DEFAULT_URL: Final = UrlExpression(env="DATABASE_URL")
DEFAULT_DIRECT_URL: Final = UrlExpression(env="DIRECT_DATABASE_URL")


class UrlLine(Frozen):
    """A line that gives a URL: its property and value, its number, and its place in the file's text."""

    property: str
    expression: UrlExpression
    number: int
    start: int
    end: int


def datasource_urls(files: Sequence[tuple[str, str]]) -> DatasourceUrls:
    """Return the URLs of the datasource in `files`, pairs of path and text.

    Raises SchemaError if a property is given twice.
    """
    urls = DatasourceUrls()
    for path, text in files:
        for line in url_lines(text):
            name = _PROPERTIES[line.property]
            if getattr(urls, name) is not None:
                raise SchemaError(_duplicate_message(path, text, line))
            urls = urls.__replace__(**{name: line.expression})
    return urls


def url_lines(text: str) -> Iterator[UrlLine]:
    """Yield the lines of datasource blocks that give a URL as a string or as `env("NAME")`."""
    for line in lines_of(text, "datasource"):
        property, *value = line.tokens
        expression = _expression(value) if property.text in _PROPERTIES else None
        if expression:
            yield UrlLine(property.text, expression, line.number, property.start, line.tokens[-1].end)


def blank_urls(text: str) -> str:
    """Return the schema without its URLs, every other line at its place."""
    return changed(text, (Change(line.start, line.end, "") for line in url_lines(text)))


def _expression(tokens: Sequence[Token]) -> UrlExpression | None:
    """Return the value behind a property's name; None for one of another form."""
    words = [token.text for token in tokens]
    strings = [token.value for token in tokens if token.is_string]
    if len(strings) != 1:
        return None
    if len(words) == 2 and words[0] == "=":
        return UrlExpression(literal=strings[0])
    if words[:3] == ["=", "env", "("] and words[4:] == [")"]:
        return UrlExpression(env=strings[0])
    return None


def _duplicate_message(path: str, text: str, line: UrlLine) -> str:
    excerpt = text.split("\n")[line.number - 1].rstrip()
    number = f"{line.number:2}"
    margin = " " * len(number)
    return hide_passwords(
        f'error: Property "{line.property}" is given twice in the datasource.\n'
        f"  -->  {path}:{line.number}\n{margin} | \n{number} | {excerpt}\n{margin} | \n\nValidation Error Count: 1"
    )


def provider_in(files: Sequence[tuple[str, str]]) -> str | None:
    """Return the word of `provider` in the datasource of a schema, whose files are pairs of path and text.

    None where the schema has none that could be read.
    """
    for _, text in files:
        for line in lines_of(text, "datasource"):
            if line.words[0] == "provider" and line.tokens[-1].is_string:
                return line.tokens[-1].value
    return None
