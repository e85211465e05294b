"""`prisma format`: format the schema's files."""

from __future__ import annotations

from pathlib import Path

import click

from prisma.schema.files import read_schema


def format_schema(given: Path | None, check: bool) -> int:
    """Format the schema's files, or say which would change, and return the exit code.

    Raises SchemaError if the schema is wrong: files that are formatted in part would hide the fault.
    """
    from prisma.schema.parser import format, validate

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
