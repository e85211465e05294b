"""Gives a schema back what the schema engine must not see, and takes out what it adds unasked.

The engine gets a schema in the form that `prisma.schema.legacy` makes of it, and answers with the same schema, changed.
Who has written URLs, the preview feature `metrics` and defaults of Bytes fields as text finds them there again. To a
database with partial indexes the engine adds the preview feature `partialIndexes`, which Prisma 6 does not know; they
stay out of a schema that does not ask for them, as in Prisma 6.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prisma.schema.legacy import METRICS, bytes_as_text
from prisma.schema.text import Block, Change, Line, blocks, changed, closing_bracket
from prisma.schema.urls import url_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Files = Sequence[tuple[str, str]]

PARTIAL_INDEXES: Final = '"partialIndexes"'
_FEATURES: Final = "previewFeatures"
_INDENT: Final = "  "
# What is left of a block whose last attributes are gone.
_SPACE_BEFORE_END: Final = re.compile(r"\n\s*\n\}")


def restored(given: Files, answered: Files) -> list[tuple[str, str]]:
    """Return the answered files with what the given ones had, in lines that the formatter has yet to align."""
    before = "\n".join(text for _, text in given)
    features = {block.name: _features(block) for block in blocks(before) if block.kind == "generator"}
    partial = any(PARTIAL_INDEXES in each for each in features.values())
    urls = [before[line.start : line.end] for line in url_lines(before)]
    texts = bytes_as_text(before)
    files: list[tuple[str, str]] = []
    for path, text in answered:
        changes = [*_of_configuration(text, urls, features), *_of_defaults(text, texts)]
        text = changed(text, changes)
        files.append((path, text if partial else _without_partial_indexes(text)))
    return files


def _of_configuration(text: str, urls: Sequence[str], given: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    for block in blocks(text):
        if block.kind == "datasource" and urls:
            yield _inserted_behind(text, block, ["provider"], urls)
        elif block.kind == "generator":
            yield from _of_features(text, block, given.get(block.name, ()))


def _of_features(text: str, block: Block, given: Sequence[str]) -> Iterator[Change]:
    """Add `metrics` to a generator's features and remove `partialIndexes`, as it was given."""
    answered = _features(block)
    wanted = {feature for feature in answered if feature != PARTIAL_INDEXES or feature in given}
    # The engine sorts them.
    features = sorted(wanted | ({METRICS} & set(given)))
    if features == answered:
        return
    line = next((line for line in block.lines if line.words[0] == _FEATURES), None)
    property = f"{_FEATURES} = [{', '.join(features)}]"
    if line is None:
        yield _inserted_behind(text, block, ["output", "provider"], [property])
    elif features:
        yield Change(line.tokens[0].start, line.tokens[-1].end, property)
    else:
        yield Change(text.rindex("\n", 0, line.tokens[0].start), line.tokens[-1].end, "")


def _inserted_behind(text: str, block: Block, properties: Sequence[str], lines: Sequence[str]) -> Change:
    """Insert lines behind the first of these properties that the block has."""
    there = {line.words[0]: line for line in block.lines}
    line = next(there[name] for name in properties if name in there)
    end = text.find("\n", line.tokens[-1].end)
    return Change(end, end, "".join(f"\n{_INDENT}{each}" for each in lines))


def _of_defaults(text: str, texts: Mapping[tuple[str, str], Mapping[str, str]]) -> Iterator[Change]:
    for block in blocks(text):
        for line in block.lines:
            known = texts.get((block.name, line.words[0]), {})
            yield from (
                Change(token.start, token.end, known[token.text]) for token in line.tokens if token.text in known
            )


def _without_partial_indexes(text: str) -> str:
    changes = [
        change
        for block in blocks(text)
        if block.kind == "model"
        for line in block.lines
        for change in _of_partial_indexes(text, line)
    ]
    return _SPACE_BEFORE_END.sub("\n}", changed(text, changes)) if changes else text


def _of_partial_indexes(text: str, line: Line) -> Iterator[Change]:
    """Remove a line, or attributes of a field, that have the argument `where`."""
    words, tokens = line.words, line.tokens
    if words[:2] == ["@", "@"]:
        if _has_where(words, 3):
            yield Change(text.rindex("\n", 0, tokens[0].start), tokens[-1].end, "")
        return
    for at in range(2, len(words)):
        if words[at - 1 : at + 1] == ["@", "unique"] and _has_where(words, at + 1):
            end = closing_bracket(words, at + 1)
            yield Change(tokens[at - 2].end, tokens[end].end, "")


def _has_where(words: Sequence[str], opening: int) -> bool:
    inside = words[opening : closing_bracket(words, opening)]
    return any(inside[at : at + 2] == ["where", ":"] for at in range(len(inside)))


def _features(block: Block) -> list[str]:
    return [
        token.text for line in block.lines if line.words[0] == _FEATURES for token in line.tokens if token.is_string
    ]
