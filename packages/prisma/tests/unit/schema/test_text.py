"""The reader of schema text."""

from __future__ import annotations

import pytest

from prisma.schema.text import Change, blocks, changed, closing_bracket, lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\r\n", []),
        ("a b", [(1, ["a", "b"])]),
        ("a\n\n b-c\n", [(1, ["a"]), (3, ["b-c"])]),
        ("id Int @id @default(1)", [(1, ["id", "Int", "@", "id", "@", "default", "(", "1", ")"])]),
        ("a // b\n/// c\nd", [(1, ["a"]), (3, ["d"])]),
        ("a /* b\n c */ d\ne", [(1, ["a", "d"]), (3, ["e"])]),
        ("a\n/* b\n c", [(1, ["a"])]),
        ('a "b // c" d', [(1, ["a", '"b // c"', "d"])]),
        (r'a "b\"c" d', [(1, ["a", r'"b\"c"', "d"])]),
        # A string ends with its line.
        ('a "b\nc" d', [(1, ["a", '"', "b"]), (2, ["c", '"', "d"])]),
        ("größe Int", [(1, ["größe", "Int"])]),
    ],
)
def test_lines(text: str, expected: list[tuple[int, list[str]]]) -> None:
    assert [(line.number, line.words) for line in lines(text)] == expected


def test_tokens_know_their_places_and_values() -> None:
    (line,) = lines(r'a = "b\\\n\"ä"')
    assert [(token.text, token.start, token.end, token.is_string) for token in line.tokens] == [
        ("a", 0, 1, False),
        ("=", 2, 3, False),
        (r'"b\\\n\"ä"', 4, 14, True),
    ]
    assert line.tokens[2].value == 'b\\\n"ä'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("model A {\n}", [("model", "A", [], 2)]),
        ("enum A { // {\n  B // }\n  C\n }", [("enum", "A", [["B"], ["C"]], 4)]),
        (
            'model A {\n  b String @default("}")\n}',
            [("model", "A", [["b", "String", "@", "default", "(", '"}"', ")"]], 3)],
        ),
        ("model A {\n} model B {\n  c\n}\n", [("model", "A", [], 2), ("model", "B", [["c"]], 4)]),
        ("model A {\n  b", [("model", "A", [["b"]], None)]),
        # The schema module refuses both.
        ("model A\n{\n  b\n}", [("{", "", [["b"]], 4)]),
        ("model A { b }", []),
    ],
)
def test_blocks(text: str, expected: list[tuple[str, str, list[list[str]], int | None]]) -> None:
    assert [
        (block.kind, block.name, [line.words for line in block.lines], block.closing and block.closing.number)
        for block in blocks(text)
    ] == expected


@pytest.mark.parametrize(
    ("text", "opening", "expected"),
    [("@id()", 2, 3), ("@id(a(b), c) d", 2, 9), ("@id @map", 2, 1), ("@id", 2, 1), ("@id(a", 2, 1)],
)
def test_closing_bracket(text: str, opening: int, expected: int) -> None:
    (line,) = lines(text)
    assert closing_bracket(line.words, opening) == expected


def test_changes_are_made_from_the_end() -> None:
    assert changed("one two three", [Change(0, 3, "1"), Change(8, 13, ""), Change(4, 7, "second")]) == "1 second "
