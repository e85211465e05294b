"""`prisma init`: write a first schema, `.env`, and a `.gitignore` with `.env` in it.

Prisma's own `init` needs the network and sets up a TypeScript project.
"""

from __future__ import annotations

from pathlib import Path

import click

from prisma.cli.project.errors import CommandError
from prisma.frozen import Frozen
from prisma.migrate.database import FILE_PROVIDERS
from prisma.migrate.kinds import DEFAULT, KINDS, DatabaseKind, kind_for, kind_of_provider, kind_of_url

SCHEMA = Path("prisma") / "schema.prisma"
ENVIRONMENT = Path(".env")
IGNORED = Path(".gitignore")
VARIABLE = "DATABASE_URL"
SAMPLE_MODEL = """
model User {{
  id    {:<7} @id @default(autoincrement())
  email String  @unique
  name  String?
}}
"""


class NewProject(Frozen):
    """The contents of a new schema."""

    provider: str
    generator: str = "prisma-client-py"
    output: str | None = None
    preview_features: tuple[str, ...] = ()
    url: str | None = None
    with_model: bool = False


def initialise(project: NewProject) -> None:
    """Write the files of a new project into the working directory; a schema that exists is left alone.

    Raises CommandError if there is a schema already.
    """
    for place in (Path("schema.prisma"), SCHEMA):
        if place.exists():
            raise CommandError(f"There is a schema already: {place}.", "Remove it first to start over.")
    SCHEMA.parent.mkdir(exist_ok=True)
    SCHEMA.write_text(_schema(project), encoding="utf-8")
    _add_line(ENVIRONMENT, f'{VARIABLE}="{project.url or kind_of_provider(project.provider).example}"', VARIABLE)
    _add_line(IGNORED, ".env", ".env")
    kind = kind_of_provider(project.provider)
    click.echo(
        f"Your schema is {SCHEMA}, your database URL is in {ENVIRONMENT}.\n\nNext:\n"
        f"  1. Set {VARIABLE} in {ENVIRONMENT} to your database.\n"
        f"{_tables(kind)}"
        "  3. Run `prisma generate`, and `from prisma import Prisma` in your program."
    )


def provider_of(word: str | None, url: str | None) -> str:
    """Return the provider of a new schema: the word that was given, else that of the URL's kind.

    Raises CommandError if they contradict each other, or commands know no such URLs.
    """
    kind = None if url is None else kind_of_url(url)
    if url is not None and kind is None:
        forms = " or ".join(each.example for each in KINDS)
        raise CommandError("The URL is of no database that this program knows.", f"Its form: {forms}")
    if word is None:
        return (kind or DEFAULT).providers[0]
    if url is not None and kind is not None and word not in kind_for(url, word).providers:
        raise CommandError(f"The URL is of {kind.product}, and the provider is {word}.", "Give one of the two.")
    return word


def _tables(kind: DatabaseKind) -> str:
    """Return how a project of this kind comes to its tables."""
    if not kind.has_engine:
        return (
            "  2. Write models into the schema. Write a migration that creates their tables into prisma/migrations by\n"
            "     hand, or with Prisma's own command on Node.js (`npx prisma migrate dev`), and run\n"
            "     `prisma migrate deploy`.\n"
        )
    create = "db push" if kind.providers == FILE_PROVIDERS else "migrate dev"
    return (
        "  2. Run `prisma db pull` to read the models of a database that exists, or write models into the schema and\n"
        f"     run `prisma {create}` to create their tables.\n"
    )


def _schema(project: NewProject) -> str:
    features = ", ".join(f'"{feature}"' for feature in project.preview_features)
    lines = [
        ("provider", f'"{project.generator}"'),
        ("output", f'"{project.output}"' if project.output else None),
        ("previewFeatures", f"[{features}]" if features else None),
        ("interface", '"asyncio"' if project.generator == "prisma-client-py" else None),
    ]
    said = [(name, value) for name, value in lines if value]
    width = max(len(name) for name, _ in said)
    generator = "\n".join(f"  {name:<{width}} = {value}" for name, value in said)
    datasource = f'  provider = "{project.provider}"\n  url      = env("{VARIABLE}")'
    text = f"datasource db {{\n{datasource}\n}}\n\ngenerator client {{\n{generator}\n}}\n"
    counting = kind_of_provider(project.provider).counting_type
    return text + (SAMPLE_MODEL.format(counting) if project.with_model else "")


def _add_line(path: Path, line: str, name: str) -> None:
    """Add a line to a file unless the file has a line for that name."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if any(present.split("=")[0].strip() == name for present in text.splitlines()):
        return
    separator = "" if not text or text.endswith("\n") else "\n"
    path.write_text(f"{text}{separator}{line}\n", encoding="utf-8")
