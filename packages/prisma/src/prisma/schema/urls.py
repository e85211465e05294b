"""The datasource block, read without the schema module.

The module refuses `url`, `directUrl` and `shadowDatabaseUrl`, which schemas shared with Prisma 6 hold. They are read
here, blanked before the module sees the schema (the lines stay, so that its line numbers are right), and put back into
the excerpts of its messages.

The language is one of lines: a block opens with `datasource name {` on one line and closes with a line that starts with
`}`; a property is one line. What does not fit is left to the module to complain about.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prisma.schema.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

URL_PROPERTIES = {"url": "url", "directUrl": "direct_url", "shadowDatabaseUrl": "shadow_database_url"}

_TOKEN = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?(?:\*/|\Z) )
  | (?P<string> "(?:[^"\\\n]|\\[^\n])*" )
  | (?P<word> [\w-]+ )
  | (?P<newline> \n )
  | (?P<mark> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_ARROW = re.compile(r"^ +-->  (?P<path>.*):\d+$")
_EXCERPT = re.compile(r"^(?P<number> *\d+) \| (?P<text>.*)$")
_PASSWORD = re.compile(r"""(://[^:/?#@\s"']*):[^\s"']*@""")


@dataclass(frozen=True, slots=True)
class UrlExpression:
    """Where a URL comes from: `literal` is its text, `env` the name of an environment variable; one of them is set."""

    literal: str | None = None
    env: str | None = None

    def __repr__(self) -> str:
        # A literal may hold a password.
        return f"UrlExpression(env={self.env!r})" if self.env is not None else "UrlExpression(literal=…)"


@dataclass(frozen=True, slots=True)
class DatasourceUrls:
    """The URLs of a schema's datasource; None where the schema has no such line."""

    url: UrlExpression | None = None
    direct_url: UrlExpression | None = None
    shadow_database_url: UrlExpression | None = None


DEFAULT_URL = UrlExpression(env="DATABASE_URL")
DEFAULT_DIRECT_URL = UrlExpression(env="DIRECT_DATABASE_URL")


@dataclass(frozen=True, slots=True)
class UrlLine:
    """A line that gives a URL: what it says and where it stands in its file."""

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
            name = URL_PROPERTIES[line.property]
            if getattr(urls, name) is not None:
                raise SchemaError(_duplicate_message(path, text, line))
            urls = replace(urls, **{name: line.expression})
    return urls


def url_lines(text: str) -> Iterator[UrlLine]:
    """Yield the lines of datasource blocks that give a URL as a string or as `env("NAME")`."""
    inside: str | None = None
    for number, tokens in token_lines(text):
        words = [token.group() for token in tokens]
        if inside is None:
            inside = words[0] if words[-1] == "{" else None
        elif words[0] == "}":
            inside = None
        elif inside == "datasource" and words[0] in URL_PROPERTIES:
            expression = _expression(tokens[1:])
            if expression:
                yield UrlLine(words[0], expression, number, tokens[0].start(), tokens[-1].end())


def blank_urls(text: str) -> str:
    """Return the schema without its URLs, every other line at its place."""
    for line in reversed(list(url_lines(text))):
        text = text[: line.start] + text[line.end :]
    return text


def with_default_url(text: str) -> str:
    """Return the schema with the line that its datasource, which gives no URL, stands for."""
    opened = False
    for _, tokens in token_lines(text):
        if tokens[0].group() == "datasource" and tokens[-1].group() == "{":
            opened = True
        elif opened and tokens[0].group() == "}":
            end = tokens[0].start()
            return f'{text[:end]}url = env("{DEFAULT_URL.env}")\n{text[end:]}'
    return text


def without_default_url(text: str) -> str:
    """Return the schema without that line."""
    for line in url_lines(text):
        if line.expression == DEFAULT_URL and line.property == "url":
            return text[: text.rindex("\n", 0, line.start)] + text[line.end :]
    return text


def restore_excerpts(message: str, files: Sequence[tuple[str, str]]) -> str:
    """Put blanked lines back into the excerpts of a message about `files`, and hide passwords."""
    originals = {
        (path, line.number): text.split("\n")[line.number - 1] for path, text in files for line in url_lines(text)
    }
    path = ""
    restored: list[str] = []
    for line in message.split("\n"):
        arrow, excerpt = _ARROW.match(line), _EXCERPT.match(line)
        if arrow:
            path = arrow["path"]
        if excerpt:
            original = originals.get((path, int(excerpt["number"])))
            line = line if original is None else f"{excerpt['number']} | {original.rstrip()}"
        restored.append(line)
    return hide_passwords("\n".join(restored))


def hide_passwords(message: str) -> str:
    """Return the text with the password of every URL in it replaced."""
    return _PASSWORD.sub(r"\1:***@", message)


def token_lines(text: str) -> Iterator[tuple[int, list[re.Match[str]]]]:
    """Yield the number and the tokens of each line that holds more than space and comments."""
    number, first, line = 1, 1, list[re.Match[str]]()
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "newline" and line:
            yield first, line
            line = []
        elif token.lastgroup not in {"newline", "comment"}:
            first = first if line else number
            line.append(token)
        number += token.group().count("\n")
    if line:
        yield first, line


def _expression(tokens: Sequence[re.Match[str]]) -> UrlExpression | None:
    words = [token.group() for token in tokens]
    strings = [_unquote(token.group()) for token in tokens if token.lastgroup == "string"]
    if len(strings) != 1:
        return None
    if len(words) == 2 and words[0] == "=":
        return UrlExpression(literal=strings[0])
    if words[:3] == ["=", "env", "("] and words[4:] == [")"]:
        return UrlExpression(env=strings[0])
    return None


def _unquote(literal: str) -> str:
    try:
        return json.loads(literal)
    except ValueError:
        return literal[1:-1]


def _duplicate_message(path: str, text: str, line: UrlLine) -> str:
    excerpt = text.split("\n")[line.number - 1].rstrip()
    number = f"{line.number:2}"
    margin = " " * len(number)
    return hide_passwords(
        f'error: Property "{line.property}" is given twice in the datasource.\n'
        f"  -->  {path}:{line.number}\n{margin} | \n{number} | {excerpt}\n{margin} | \n\nValidation Error Count: 1"
    )
