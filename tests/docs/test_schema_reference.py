"""The page about the schema: the SQL behind each block of Prisma's language is what migrations would have."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from prisma.migrate.comparison import Empty, Models, compare
from tests.docs.fences import Fence, read_fences

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reference" / "schema.md"
FENCES = read_fences(PAGE)
EXAMPLES = [(schema, sql) for schema, sql in pairwise(FENCES) if sql.language == "sql"]
DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
NOTHING = "-- nothing"


@pytest.mark.parametrize(("schema", "sql"), EXAMPLES, ids=lambda fence: f"line {fence.line}")
def test_sql_of_schema(schema: Fence, sql: Fence) -> None:
    assert sql.source == sql_of(schema.source)


def sql_of(schema: str) -> str:
    """Return the SQL that makes a schema, as the page shows it: without comments and the default schema."""
    text = schema if "datasource" in schema else DATASOURCE + schema
    script = compare(Empty(), Models((("schema.prisma", text),)), script=True).text
    lines = [line.replace("    ", "  ") for line in script.splitlines() if line and not line.startswith("--")]
    return "\n".join(lines[text is not schema :]) or NOTHING
