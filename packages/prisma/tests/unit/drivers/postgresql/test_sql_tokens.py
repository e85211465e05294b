"""SQL as tokens, by PostgreSQL's lexical rules."""

from __future__ import annotations

import contextlib
import time

import pytest

from prisma.drivers.postgresql.sql_tokens import Kind, UnreadableSql, read_tokens

NAME, QUOTED, STRING, NUMBER = Kind.NAME, Kind.QUOTED, Kind.STRING, Kind.NUMBER
PARAMETER, OPERATOR, MARK = Kind.PARAMETER, Kind.OPERATOR, Kind.MARK

READ = [
    ("", []),
    (" \t\r\n\f\v-- a comment\n/* /* in */ 'it' */", []),
    ("Select É_1$ K\u212a", [(NAME, "select"), (NAME, "É_1$"), (NAME, "k\u212a")]),
    ('"a ""B"""', [(QUOTED, 'a "B"')]),
    ("'it''s' n'x' B'01' x'1F'", [(STRING, "'it''s'"), (STRING, "n'x'"), (STRING, "B'01'"), (STRING, "x'1F'")]),
    ("'a\\' 'b'", [(STRING, "'a\\'"), (STRING, "'b'")]),
    (r"E'a\'b\\' e''''", [(STRING, r"E'a\'b\\'"), (STRING, "e''''")]),
    ("'a'\n'b' 'c'", [(STRING, "'a'\n'b'"), (STRING, "'c'")]),
    ("E'a' -- 'not\n\n  '\\'' x", [(STRING, "E'a' -- 'not\n\n  '\\''"), (NAME, "x")]),
    ("'a' /* \n */ 'b'", [(STRING, "'a'"), (STRING, "'b'")]),
    ("U&'d\\0061' U&\"d\\0061t\\+000061\\\\\"", [(STRING, "U&'d\\0061'"), (QUOTED, "data\\")]),
    ("u&\"s!0065t\" /* /* */ */ UEscape '!' x", [(QUOTED, "set"), (NAME, "x")]),
    ('U&"\\D83D\\DE00" u & "x"', [(QUOTED, "😀"), (NAME, "u"), (OPERATOR, "&"), (QUOTED, "x")]),
    ("$$a'$b$$$x$ $$ $xx$ $x$", [(STRING, "$$a'$b$$"), (STRING, "$x$ $$ $xx$ $x$")]),
    ("a$b$ $1::int $12", [(NAME, "a$b$"), (PARAMETER, "$1"), (MARK, "::"), (NAME, "int"), (PARAMETER, "$12")]),
    ("1 1.5 .5e-3 2.E1 0xFf 1_000", [(NUMBER, each) for each in ("1", "1.5", ".5e-3", "2.E1", "0xFf", "1_000")]),
    ("1..2 1a", [(NUMBER, "1"), (MARK, ".."), (NUMBER, "2"), (NUMBER, "1"), (NAME, "a")]),
    ("@- =- *-+", [(OPERATOR, each) for each in ("@-", "=", "-", "*", "-", "+")]),
    ("a+--b\n-c", [(NAME, "a"), (OPERATOR, "+"), (OPERATOR, "-"), (NAME, "c")]),
    ("</**/> ->> =>", [(OPERATOR, each) for each in ("<", ">", "->>", "=>")]),
    ("f(a.b, c[1:2]);x:=1", [
        (NAME, "f"), (MARK, "("), (NAME, "a"), (MARK, "."), (NAME, "b"), (MARK, ","), (NAME, "c"), (MARK, "["),
        (NUMBER, "1"), (MARK, ":"), (NUMBER, "2"), (MARK, "]"), (MARK, ")"), (MARK, ";"), (NAME, "x"), (MARK, ":="),
        (NUMBER, "1"),
    ]),
]  # fmt: skip

REFUSED = [
    "'a",
    "E'a\\'",
    '"a',
    "$a$ $b$",
    "$a",
    "/* /* */",
    "a \\ b",
    "{}",
    "\x00",
    'U&"\\00g1"',
    'U&"\\D83D"',
    'U&"a" UESCAPE',
    "U&\"a\" UESCAPE E'!'",
]

# Each is repeated; where one piece made the reader start from the beginning, time would grow with the square.
PIECES = [
    "/**/",
    "/*",
    "+-",
    "+/**/",
    "@-",
    "'a'\n",
    "'a' ",
    "''",
    "E'\\''",
    "$a$x",
    "-- \n",
    '""',
    'U&"a"',
    "a ",
    "1.",
    "\n'",
    "$$",
]


@pytest.mark.parametrize(("sql", "expected"), READ)
def test_tokens(sql: str, expected: list[tuple[Kind, str]]) -> None:
    assert [token[:2] for token in read_tokens(sql)] == expected


def test_tokens_know_their_places() -> None:
    sql = "a /* b */ || U&\"c\" UESCAPE '!'\n$1 'd' --"
    assert [sql[token.start : token.end] for token in read_tokens(sql)] == [
        "a",
        "||",
        "U&\"c\" UESCAPE '!'",
        "$1",
        "'d'",
    ]


@pytest.mark.parametrize("sql", REFUSED)
def test_sql_that_the_server_would_refuse(sql: str) -> None:
    with pytest.raises(UnreadableSql):
        read_tokens(sql)


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length_only(piece: str) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        with contextlib.suppress(UnreadableSql):
            read_tokens(piece * times)
        return time.process_time() - began

    # Sixteen times the text: a reader of square time would take 256 times as long.
    # The least of several runs: garbage that other tests left is collected in some of them.
    short = min(seconds(500) for _ in range(3))
    assert min(seconds(8000) for _ in range(3)) < 80 * max(short, 0.0005)
