"""What earlier releases took in a schema is still taken."""

from __future__ import annotations

import pytest

from prisma.compiler.legacy import accepted, asks_for_metrics

GENERATOR = 'generator client {\n  provider = "prisma-client-py"\n  previewFeatures = [%s]\n}\n'
MODEL = "model File {\n  id Int @id\n  data Bytes%s\n  text String @default(%s)\n}\n"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('"metrics"', ""),
        ('"metrics", "views"', ' "views"'),
        ('"views", "metrics"', '"views"'),
        ('"views", "metrics", "relationJoins"', '"views", "relationJoins"'),
        ('"views"', '"views"'),
    ],
)
def test_the_preview_feature_metrics(given: str, kept: str) -> None:
    assert accepted(GENERATOR % given) == GENERATOR % kept
    assert asks_for_metrics(GENERATOR % given) == ("metrics" in given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (' @default("foo")', ' @default("Zm9v")'),
        ('[] @default(["foo", "aGk="])', '[] @default(["Zm9v", "aGk="])'),
        ('? @default("") @map("x y")', '? @default("") @map("x y")'),
        ('[] @map("foo")', '[] @map("foo")'),
    ],
)
def test_defaults_of_bytes(given: str, expected: str) -> None:
    assert accepted(MODEL % (given, '"foo"')) == MODEL % (expected, '"foo"')


def test_urls_go_and_lines_stay() -> None:
    text = 'datasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n' + MODEL % (' @default("foo")', '"x"')
    assert accepted(text).count("\n") == text.count("\n")
    assert "URL" not in accepted(text)
