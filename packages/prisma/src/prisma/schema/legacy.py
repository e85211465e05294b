"""Legacy: what schemas hold that the module refuses, and that earlier releases of Prisma took.

Besides the URLs of the datasource that is the preview feature `metrics`; text that is no Base64 as the default of a
Bytes field, which stands for its own bytes; and the primary key of a view, which is a unique key now, and its indexes,
which never were any. Whatever is changed, the lines stay, so that line numbers are right.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from prisma.schema.urls import blank_urls, token_lines

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

METRICS = '"metrics"'


def accepted(text: str) -> str:
    """Return the schema in the form that the module accepts."""
    return blank_urls(_changed(text, [*_metrics_features(text), *_bytes_defaults(text), *_view_keys(text)]))


def accepted_by_cli(text: str) -> str:
    """Return the schema in the form that Prisma 6's command line accepts, which knows `metrics` and wants URLs."""
    return _changed(text, [*_bytes_defaults(text), *_view_keys(text)])


def asks_for_metrics(text: str) -> bool:
    """Return whether a generator block has the preview feature `metrics`."""
    return any(True for _ in _metrics_features(text))


def _changed(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    for start, end, replacement in sorted(changes, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _properties(text: str, block: str) -> Iterator[tuple[list[re.Match[str]], list[str]]]:
    """Yield the tokens of each line inside blocks of a kind, and their texts."""
    inside: str | None = None
    for _, tokens in token_lines(text):
        words = [token.group() for token in tokens]
        if inside is None:
            inside = words[0] if words[-1] == "{" else None
        elif words[0] == "}":
            inside = None
        elif inside == block:
            yield tokens, words


def _metrics_features(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where `"metrics"` stands among preview features, with the comma that belongs to it."""
    for tokens, words in _properties(text, "generator"):
        if words[0] == "previewFeatures" and METRICS in words:
            at = words.index(METRICS)
            before, after = words[at - 1] == ",", words[at + 1 : at + 2] == [","]
            yield tokens[at - before].start(), tokens[at + (after and not before)].end(), ""


def _bytes_defaults(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the defaults of Bytes fields that are no Base64, with the Base64 of their text."""
    for tokens, words in _properties(text, "model"):
        if words[1:2] != ["Bytes"] or "default" not in words:
            continue
        at = words.index("default")
        for token in tokens[at : words.index(")", at) if ")" in words[at:] else None]:
            if token.lastgroup == "string" and not _is_base64(token.group()[1:-1]):
                encoded = base64.b64encode(token.group()[1:-1].encode()).decode()
                yield token.start(), token.end(), f'"{encoded}"'


def _view_keys(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the primary keys of views, as unique keys, the names of their indexes and other indexes, as nothing."""
    for tokens, words in _properties(text, "view"):
        if words[:3] in (["@", "@", "index"], ["@", "@", "fulltext"]):
            yield tokens[0].start(), tokens[-1].end(), ""
            continue
        keys = [at for at in range(1, len(words)) if words[at - 1] == "@" and words[at] in {"id", "unique"}]
        for at in keys:
            end = _closing(words, at + 1)
            if words[at] == "id" and len(keys) > 1:
                yield tokens[at - 1].start(), tokens[end].end(), ""
                continue
            if words[at] == "id":
                yield tokens[at].start(), tokens[at].end(), "unique"
            yield from _index_name(tokens[at + 1 : end + 1])


def _closing(words: list[str], opening: int) -> int:
    """Return where the bracket at `opening` is closed; the place before it if there is no bracket."""
    depth = 0
    for at in range(opening, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if not depth:
            return at if words[opening] == "(" else opening - 1
    return opening - 1


def _index_name(tokens: list[re.Match[str]]) -> Iterator[tuple[int, int, str]]:
    """Yield the argument `map` among the arguments in brackets, with the comma that belongs to it."""
    words = [token.group() for token in tokens]
    at = words.index("map") if "map" in words else len(words)
    if words[at + 1 : at + 2] == [":"]:
        before, after = words[at - 1] == ",", words[at + 3] == ","
        alone = not before and not after
        yield tokens[at - (before or alone)].start(), tokens[at + 2 + (alone or (after and not before))].end(), ""


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
