"""The check of JSON, on bytes."""

from __future__ import annotations

import pytest

from app.http.problems import ProblemError
from app.http.request_checks.json import MAX_DEPTH, MAX_DIGITS, parse_json

MIB = 1024 * 1024
GOOD = {
    "an object": b'{"a": [1, -2.5, "x", null, true, {}]}',
    "no object": b'"text"',
    "every character": '"Zoë 🦊 \u2028"'.encode(),
    "a pair of surrogates": b'"\\ud83e\\udd8a"',
    "backslashes before what looks like an escape": b'"\\\\u0000 \\\\ud800"',
    "brackets in a text": b'"' + b"[" * 1000 + b'\\"' + b"[" * 1000 + b'"',
    "many small arrays": b"[" + b"[]," * 1000 + b"[]]",
    "as deep as may be": b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
    "a long number": b"1" * MAX_DIGITS,
    "a large number": b"1e308",
    "SQL": b'{"name": "\'); DROP TABLE users; --"}',
}
BAD = {
    "zero_byte": [b'"a\x00"', b'"a\\u0000"', b'{"\\u0000": 1}', b'"\\\\\\u0000"'],
    "not_utf8": [b'"\xff"', b'"\xed\xa0\x80"', b'"\xc0\xaf"'],
    "too_deep": [
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
        b'[{"a":' * 33 + b"1" + b"}]" * 33,
        b"[" * MIB,
        b'{"a":[' * (MIB // 6),
    ],
    "lone_surrogate": [b'"\\ud800"', b'["\\udc00"]', b'{"\\uD83E": 1}', b'{"a": {"b": ["\\ud83e\\ud83e\\udd8a"]}}'],
    "number_out_of_range": [b"1e309", b"[-1e999]", b"1" * (MAX_DIGITS + 1), b"0." + b"1" * MAX_DIGITS],
    "duplicate_name": [b'{"a": 1, "a": 1}', b'[{"b": {"a": 1, "a": 2}}]', b'{"a": 1, "\\u0061": 2}'],
    "invalid_json": [b"", b"{", b"[1,]", b"NaN", b"[Infinity]", b"-Infinity", b"'a'", b'"\x01"', b"[" * MAX_DEPTH,
                     b"]]]]", b"\xef\xbb\xbf{}", b'"' + b'\\"' * (MIB // 2)],
}  # fmt: skip


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_passes(body: bytes):
    parse_json(body)


@pytest.mark.parametrize(
    ("code", "body"),
    [(code, body) for code, bodies in BAD.items() for body in bodies],
    ids=lambda value: str(value)[:24],
)
def test_refuses(code: str, body: bytes):
    with pytest.raises(ProblemError) as caught:
        parse_json(body)
    assert (caught.value.status, caught.value.code) == (400, code)
