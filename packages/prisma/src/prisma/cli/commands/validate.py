"""`prisma validate`: check the schema."""

from __future__ import annotations

from pathlib import Path

import click

from prisma.schema.files import read_schema


def validate_schema(given: Path | None) -> None:
    """Check the schema and say that it is valid. Raises SchemaError if it isn't."""
    from prisma.schema.parser import validate

    schema = read_schema(given)
    validate(schema.files)
    click.echo(f"The schema at {schema.path} is valid 🚀")
