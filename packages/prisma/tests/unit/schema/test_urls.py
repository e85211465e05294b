from __future__ import annotations

import pytest

from prisma.schema.errors import SchemaError, hide_passwords
from prisma.schema.urls import (
    DatasourceUrls,
    UrlExpression,
    blank_urls,
    datasource_urls,
)

SCHEMA = """// datasource db { url = "no" }
/* datasource db {
  url = "no"
*/
generator client {
  url = "no"
}
datasource db { // the {one}
  provider = "postgresql"
%s
}
model User {
  id  Int    @id
  url String @default("url = {")
}
"""
ENV = UrlExpression(env="X")
TEXT = UrlExpression(literal="postgresql://localhost/a")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", DatasourceUrls()),
        ('  url = env("X")', DatasourceUrls(url=ENV)),
        ('url=env( "X" )// comment', DatasourceUrls(url=ENV)),
        ('\turl\t=\t"postgresql://localhost/a" /* a */\r', DatasourceUrls(url=TEXT)),
        ('  url = env("X")\n  directUrl = "postgresql://localhost/a"', DatasourceUrls(url=ENV, direct_url=TEXT)),
        ('  shadowDatabaseUrl = env("X")', DatasourceUrls(shadow_database_url=ENV)),
        (r'  url = "a\"b\\c//d"', DatasourceUrls(url=UrlExpression(literal=r"a\"b\c//d".replace(r"\"", '"')))),
        ('  // url = "no"\n  /// url = "no"', DatasourceUrls()),
        ('  /*\n  url = "no"\n  */\n  directUrl = env("X")', DatasourceUrls(direct_url=ENV)),
        ('  schemas = ["url", "b"]', DatasourceUrls()),
        ("  url = 5", DatasourceUrls()),
        ('  url = "a" directUrl = "b"', DatasourceUrls()),
        ('  url = file("a")', DatasourceUrls()),
    ],
)
def test_urls(lines, expected):
    assert datasource_urls([("schema.prisma", SCHEMA % lines)]) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('  url = env("X") // why\n  directUrl = "b"', "   // why\n  "),
        ('  url = "a"\r\n  directUrl = "b"\r', "  \r\n  \r"),
        ('  url = "a" directUrl = "b"', '  url = "a" directUrl = "b"'),
        ("  url = 5", "  url = 5"),
    ],
)
def test_blanking_touches_nothing_else(lines, expected):
    assert blank_urls(SCHEMA % lines) == SCHEMA % expected


def test_urls_are_found_in_any_file():
    files = [("a.prisma", "model A {\n  id Int @id\n}\n"), ("b.prisma", SCHEMA % '  url = env("X")')]
    assert datasource_urls(files) == DatasourceUrls(url=ENV)


def test_a_second_url_is_refused_without_showing_the_password():
    with pytest.raises(SchemaError) as caught:
        datasource_urls([("schema.prisma", SCHEMA % '  url = env("X")\n  url = "postgresql://ann:s3cret@db/a"')])
    assert (caught.value.code, caught.value.message) == (
        "P1012",
        (
            'error: Property "url" is given twice in the datasource.\n'
            "  -->  schema.prisma:11\n"
            "   | \n"
            '11 |   url = "postgresql://ann:***@db/a"\n'
            "   | \n"
            "\n"
            "Validation Error Count: 1"
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"postgresql://u:p@h/d"', '"postgresql://u:***@h/d"'),
        ('"postgresql://u:p@:/p@h/d"', '"postgresql://u:***@h/d"'),
        ('"postgresql://u@h:5432/d"', '"postgresql://u@h:5432/d"'),
        ("see https://pris.ly/d/a and ann@b", "see https://pris.ly/d/a and ann@b"),
    ],
)
def test_passwords_are_hidden(text, expected):
    assert hide_passwords(text) == expected


def test_a_literal_url_is_not_printed():
    assert repr(DatasourceUrls(url=TEXT)) == (
        "DatasourceUrls(url=UrlExpression(literal=…), direct_url=None, shadow_database_url=None)"
    )
