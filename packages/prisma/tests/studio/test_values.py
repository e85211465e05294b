"""Values of all types: what the page gets, and that it can write the same value back."""

from __future__ import annotations

from typing import Any

import pytest

Studio = Any

# Type → the value in SQL, and what the page gets. Each value is then sent as a parameter and must be found equal.
TYPES: dict[str, tuple[str, Any]] = {
    "int2": ("-5", -5),
    "int4": ("2147483647", 2147483647),
    "int8": ("9007199254740993", "9007199254740993"),
    "numeric": ("12345678901234567890.10", "12345678901234567890.10"),
    "float4": ("0.1", 0.1),
    "float8": ("1e300", 1e300),
    "money": ("12.5", "$12.50"),
    "bool": ("true", True),
    "text": ("'a\"b\\c Ünïcode 🚀\n'", 'a"b\\c Ünïcode 🚀\n'),
    "varchar(3)": ("'abc'", "abc"),
    "char(3)": ("'a'", "a  "),
    '"char"': ("'x'", "x"),
    "name": ("'n'", "n"),
    "bytea": (r"'\x00ff'", r"\x00ff"),
    "uuid": ("'f47ac10b-58cc-4372-a567-0e02b2c3d479'", "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
    "json": ("""'{"a": [1, null, "x"]}'""", {"a": [1, None, "x"]}),
    "jsonb": ("'\"text\"'", "text"),
    "jsonb ": ("'[1.5, {}]'", [1.5, {}]),
    "date": ("'2026-02-28'", "2026-02-28"),
    "date ": ("'0044-03-15 BC'", "0044-03-15 BC"),
    "time": ("'23:59:59.123456'", "23:59:59.123456"),
    "timetz": ("'12:00+02'", "12:00:00+02"),
    "timestamp": ("'2026-02-28 13:14:15.5'", "2026-02-28T13:14:15.500Z"),
    "timestamp ": ("'2026-02-28 13:14:15.123456'", "2026-02-28T13:14:15.123456Z"),
    "timestamp  ": ("'infinity'", "infinity"),
    "timestamptz": ("'2026-02-28 23:30:00-05:30'", "2026-03-01T05:00:00.000Z"),
    "timestamptz ": ("'10000-01-01 00:00:00+00'", "10000-01-01 00:00:00+00"),
    "interval": ("'1 day 02:03:04'", "1 day 02:03:04"),
    "int4[]": ("'{1,NULL,3}'", [1, None, 3]),
    "int8[]": ("'{7,8}'", ["7", "8"]),
    "text[]": (r"""'{"a,b","NULL",NULL,"q\"b\\\\","{}",""}'""", ["a,b", "NULL", None, 'q"b\\\\', "{}", ""]),
    "text[] ": ("'{{a,b},{c,d}}'", [["a", "b"], ["c", "d"]]),
    "bool[]": ("'{t,f}'", [True, False]),
    "jsonb[]": ("""'{"{\\"a\\": 1}","[2]"}'""", [{"a": 1}, [2]]),
    "timestamp[]": ("'{2026-02-28 13:14:15}'", ["2026-02-28T13:14:15.000Z"]),
    "bytea[]": (r"""'{"\\x00ff"}'""", [r"\x00ff"]),
    "box[]": ("'{(1,1),(0,0);(2,2),(0,0)}'", ["(1,1),(0,0)", "(2,2),(0,0)"]),
    "inet": ("'10.0.0.1/8'", "10.0.0.1/8"),
    "int4range": ("'[1,5)'", "[1,5)"),
    "int4multirange": ("'{[1,2),[5,6)}'", "{[1,2),[5,6)}"),
    "point": ("'(1,2)'", "(1,2)"),
    "bit(3)": ("'101'", "101"),
    "tsvector": ("'a b'", "'a' 'b'"),
    "oid": ("'4294967295'", 4294967295),
    "mood": ("'happy'", "happy"),
    "mood[]": ("'{sad,happy}'", ["sad", "happy"]),
    "positive": ("7", 7),
    "pair": ("'(1,x)'", "(1,x)"),
    "pair[]": ("""'{"(1,\\"x y\\")"}'""", ['(1,"x y")']),
}
# They have no operator for equality.
UNCOMPARABLE = {"json", "point", "box[]"}
PREPARATION = """DO $$ BEGIN
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE DOMAIN positive AS int4 CHECK (value > 0);
    CREATE TYPE pair AS (a int, b text);
END $$"""


def test_every_type_is_shown_and_taken_back(studio: Studio) -> None:
    assert studio.query(PREPARATION) == [None, []]
    shown: dict[str, Any] = {}
    same: dict[str, Any] = {}
    for type_, (literal, _) in TYPES.items():
        error, *answer = studio.query(f"SELECT ({literal})::{type_} AS value")
        shown[type_] = answer[0][0]["value"] if error is None else error
        compared = f"{literal}::{type_} = $1::{type_}"
        if type_ in UNCOMPARABLE:
            compared = f"{literal}::{type_}::text = $1::{type_}::text"
        error, *answer = studio.query(f"SELECT {compared} AS same", shown[type_])
        same[type_] = answer[0][0]["same"] if error is None else error
    assert (shown, same) == ({type_: value for type_, (_, value) in TYPES.items()}, dict.fromkeys(TYPES, True))


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("'NaN'::float8", "NaN"),
        ("'-Infinity'::float4", "-Infinity"),
        ("'{NaN,1.5}'::float8[]", ["NaN", 1.5]),
        ("'-0'::float8", 0),
        ("'[0:1]={7,8}'::int8[]", ["7", "8"]),
        ("NULL::int", None),
        ("ROW(1, NULL)", "(1,)"),
        ("'1 2'::int2vector", "1 2"),
        ("current_setting('search_path')", '"$user", public'),
        (r"""'{"\u0000": 1}'::json""", {"\0": 1}),
        ("'[1e400]'::json", [float("inf")]),
    ],
)
def test_values_that_can_only_be_shown(studio: Studio, expression: str, shown: Any) -> None:
    assert studio.query(f"SELECT {expression} AS value") == [None, [{"value": shown}]]


def test_times_do_not_depend_on_the_settings_of_the_role(studio: Studio) -> None:
    studio.query("SELECT 1")
    sql = "SELECT timestamptz '2026-07-01 12:00:00+00' AS value FROM set_config('timezone', 'Asia/Kolkata', false)"
    assert studio.query(sql) == [None, [{"value": "2026-07-01T12:00:00.000Z"}]]
    german = "SELECT timestamp '2026-07-01 12:00:00' AS value FROM set_config('datestyle', 'German', false)"
    # As the server writes it, rather than a guess; the setting is gone afterwards.
    assert studio.query(german) == [None, [{"value": "01.07.2026 12:00:00"}]]
    assert studio.query("SHOW datestyle") == [None, [{"DateStyle": "ISO, MDY"}]]


def test_values_that_the_page_sends(studio: Studio) -> None:
    found = studio.query(
        "SELECT $1::int4 AS number, $2::bool AS truth, $3::text AS text, $4::jsonb AS object, $5::jsonb AS default, "
        "$6::text AS word, $7::numeric AS exact, $8::int4 AS nothing",
        5,
        True,
        "x",
        {"a": None},
        "{}",
        False,
        0.1,
        None,
    )
    assert found == [
        None,
        [
            {
                "number": 5, "truth": True, "text": "x", "object": {"a": None}, "default": {}, "word": "false",
                "exact": "0.1", "nothing": None,
            }
        ],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "parameters", "code"),
    [
        ("SELECT $1::text", ["a\0b"], "22021"),
        ("SELECT $1::jsonb", ["a\0b"], "22P05"),
        ("SELECT $1::int4", ["x"], "22P02"),
        ("SELECT $1::text", ["\ud800"], "22021"),
        ("SELECT '\0'", [], "22021"),
        ("SELECT $1::int4", [1, 2], "08P01"),
        ("SELECT 1; SELECT 2", [], "42601"),
        ("COPY (SELECT 1) TO STDOUT", [], "0A000"),
        ("", [], None),
    ],
)
def test_what_the_server_refuses_is_an_error_with_its_code(
    studio: Studio, sql: str, parameters: list[Any], code: str | None
) -> None:
    answer = studio.query(sql, *parameters)
    assert answer[0] and answer[0]["code"] == code if code else answer == [None, []], answer
    assert studio.query("SELECT 1 AS one") == [None, [{"one": 1}]]
