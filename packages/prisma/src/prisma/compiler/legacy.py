"""Legacy: what schemas hold that the module refuses, and that earlier releases of Prisma took.

Besides the URLs of the datasource that is the preview feature `metrics`, and text that is no Base64 as the default of a
Bytes field, which stands for its own bytes. Whatever is changed, the lines stay, so that line numbers are right.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from .datasource import blank_urls, token_lines

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

METRICS = '"metrics"'


def accepted(text: str) -> str:
    """Return the schema in the form that the module accepts."""
    changes = [(start, end, "") for start, end in _metrics_features(text)] + list(_bytes_defaults(text))
    for start, end, replacement in sorted(changes, reverse=True):
        text = text[:start] + replacement + text[end:]
    return blank_urls(text)


def asks_for_metrics(text: str) -> bool:
    """Return whether a generator block has the preview feature `metrics`."""
    return any(True for _ in _metrics_features(text))


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


def _metrics_features(text: str) -> Iterator[tuple[int, int]]:
    """Yield where `"metrics"` stands among preview features, with the comma that belongs to it."""
    for tokens, words in _properties(text, "generator"):
        if words[0] == "previewFeatures" and METRICS in words:
            at = words.index(METRICS)
            before, after = words[at - 1] == ",", words[at + 1 : at + 2] == [","]
            yield tokens[at - before].start(), tokens[at + (after and not before)].end()


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


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
