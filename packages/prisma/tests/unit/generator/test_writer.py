"""The writer of Python source."""

from __future__ import annotations

import ast

import pytest

from prisma.generator.writer import HEADER, Writer, docstring, literal


def test_module() -> None:
    writer = Writer("A module.", frozenset({"datetime"}))
    with writer.indented(f"class A({writer.name('typing', 'Generic')}):"):
        writer.doc("Of two\nlines.")
        writer.line(f"at: {writer.module('datetime')}.datetime")
        writer.line(f"b: {writer.sibling('b', typing_only=True)}.B")
    assert writer.render() == (
        f'{HEADER}\n"""A module."""\n\nfrom __future__ import annotations\n\n'
        "import datetime as _datetime\nfrom typing import Generic, TYPE_CHECKING\n\n"
        "if TYPE_CHECKING:\n    from . import b\n\n\n"
        'class A(Generic):\n    """Of two\n    lines.\n    """\n    at: _datetime.datetime\n    b: b.B\n'
    )


def test_long_types_break_at_their_brackets() -> None:
    writer = Writer("")
    long = "A" * 50
    writer.annotated("x: ", f"Optional[Union[{long}, List[{long}], B]]", " = None,")
    assert writer.render().split("\n\n")[-1] == (
        f"x: Optional[\n    Union[\n        {long},\n        List[{long}],\n        B,\n    ]\n] = None,\n"
    )


@pytest.mark.parametrize("text", ["a", 'a"b', "a'b", "a'b\"c", "\\", "a\nb\t\r", "\x00é☃\u2028"])
def test_literals(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text


@pytest.mark.parametrize("text", ["a", '"a', 'a"', 'a"""b', "\\", '\\"', 'a\n"b"', "a\\n"])
def test_docstrings(text: str) -> None:
    assert ast.literal_eval("\n".join(docstring(text))).strip() == text
