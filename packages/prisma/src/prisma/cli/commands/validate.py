"""`prisma validate` and `prisma format`."""

from __future__ import annotations

from pathlib import Path

import click

from prisma.cli.project.schema_files import read_schema


def validate_schema(given: Path | None) -> None:
    """Check the schema and say that it is valid. Raises SchemaError if it isn't."""
    from prisma.compiler import validate

    schema = read_schema(given)
    validate(schema.files)
    click.echo(f"The schema at {schema.path} is valid 🚀")


def format_schema(given: Path | None, check: bool) -> int:
    """Lay out the schema's files, or say which would change, and return the exit code.

    Raises SchemaError if the schema is wrong: half of a layout would hide the fault.
    """
    from prisma.compiler import format, validate

    schema = read_schema(given)
    formatted = format(schema.files)
    validate(formatted)
    changed = [
        (path, text) for (path, text), (_, before) in zip(formatted, schema.files, strict=True) if text != before
    ]
    if check:
        for path, _ in changed:
            click.echo(f"{path} is not formatted. Run `prisma format`.", err=True)
        return 1 if changed else 0
    for path, text in changed:
        Path(path).write_text(text, encoding="utf-8")
    click.echo(f"Formatted {schema.path} 🚀")
    return 0
