"""Turns schemas for earlier releases of Prisma into the form that the schema module accepts.

The module refuses these, which earlier releases took:

- URLs in the datasource, which `prisma.schema.urls` reads;
- the preview feature `metrics`;
- text that is not Base64 as the default of a Bytes field, where it means its own bytes;
- the primary key of a view, which is a unique key now, and indexes of views, which had no effect.

No change moves a line, so that line numbers in messages are right.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from prisma.schema.text import Change, Line, Token, blocks, changed, closing_bracket, lines_of
from prisma.schema.urls import blank_urls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

METRICS: Final = '"metrics"'


@lru_cache(maxsize=64)
def accepted(text: str) -> str:
    """Return the schema in the form that the module accepts."""
    return blank_urls(changed(text, [*_metrics_features(text), *_bytes_defaults(text), *_view_keys(text)]))


def asks_for_metrics(text: str) -> bool:
    """Return whether a generator block has the preview feature `metrics`."""
    return any(True for _ in _metrics_features(text))


def _metrics_features(text: str) -> Iterator[Change]:
    """Remove `"metrics"` from preview features, with the comma that belongs to it."""
    for line in lines_of(text, "generator"):
        words = line.words
        if words[0] == "previewFeatures" and METRICS in words:
            at = words.index(METRICS)
            before, after = words[at - 1] == ",", words[at + 1 : at + 2] == [","]
            yield Change(line.tokens[at - before].start, line.tokens[at + (after and not before)].end, "")


def bytes_as_text(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return the defaults of Bytes fields that are no Base64, by model and field: Base64 → text, both in quotes."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for block in blocks(text):
        for line in block.lines if block.kind == "model" else ():
            for token in _bytes_texts(line):
                found.setdefault((block.name, line.words[0]), {})[_as_base64(token)] = token.text
    return found


def _bytes_defaults(text: str) -> Iterator[Change]:
    """Replace the default of a Bytes field that is not Base64 by the Base64 of its text."""
    for line in lines_of(text, "model"):
        for token in _bytes_texts(line):
            yield Change(token.start, token.end, _as_base64(token))


def _bytes_texts(line: Line) -> Iterator[Token]:
    words = line.words
    if words[1:2] != ["Bytes"] or "default" not in words:
        return
    at = words.index("default")
    for token in line.tokens[at : words.index(")", at) if ")" in words[at:] else None]:
        if token.is_string and not _is_base64(token.text[1:-1]):
            yield token


def _as_base64(token: Token) -> str:
    return f'"{base64.b64encode(token.text[1:-1].encode()).decode()}"'


def _view_keys(text: str) -> Iterator[Change]:
    """Turn the primary key of a view into a unique key, and remove the names of its keys and its other indexes."""
    for line in lines_of(text, "view"):
        tokens, words = line.tokens, line.words
        if words[:3] in (["@", "@", "index"], ["@", "@", "fulltext"]):
            yield Change(tokens[0].start, tokens[-1].end, "")
            continue
        keys = [at for at in range(1, len(words)) if words[at - 1] == "@" and words[at] in {"id", "unique"}]
        for at in keys:
            end = closing_bracket(words, at + 1)
            if words[at] == "id" and len(keys) > 1:
                yield Change(tokens[at - 1].start, tokens[end].end, "")
                continue
            if words[at] == "id":
                yield Change(tokens[at].start, tokens[at].end, "unique")
            yield from _index_name(tokens[at + 1 : end + 1])


def _index_name(tokens: Sequence[Token]) -> Iterator[Change]:
    """Remove the argument `map` from arguments in brackets, with the comma that belongs to it."""
    words = [token.text for token in tokens]
    at = words.index("map") if "map" in words else len(words)
    if words[at + 1 : at + 2] == [":"]:
        before, after = words[at - 1] == ",", words[at + 3] == ","
        alone = not before and not after
        end = at + 2 + (alone or (after and not before))
        yield Change(tokens[at - (before or alone)].start, tokens[end].end, "")


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
