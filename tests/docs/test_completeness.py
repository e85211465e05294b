"""What the documentation lists in full: codes, parameters, commands, options, actions, metrics."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from prisma import Prisma
from prisma.actions import UserActions
from prisma.cli.main import prisma
from prisma.client import AsyncModelActions

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "packages" / "prisma" / "src" / "prisma"


def _codes() -> set[str]:
    folders = ("client", "compiler", "drivers", "engine", "migrate")
    files = [SOURCE / "errors.py", *(file for folder in folders for file in (SOURCE / folder).rglob("*.py"))]
    return {code for file in files for code in re.findall(r"\bP\d{4}\b", file.read_text(encoding="utf-8"))}


def _url_parameters() -> set[str]:
    source = (SOURCE / "drivers" / "postgresql" / "url.py").read_text(encoding="utf-8")
    return set(re.findall(r'parameters\.(?:take|flag|integer|seconds|word)\("(\w+)"', source))


def _generator_options() -> set[str]:
    source = (SOURCE / "generator" / "options.py").read_text(encoding="utf-8")
    table = source.partition("_OPTIONS: Final = {")[2].partition("}")[0]
    return set(re.findall(r': "(\w+)"', table))


def _metrics() -> set[str]:
    return set(
        re.findall(r'"(prisma_\w+)"', (SOURCE / "client" / "telemetry" / "meter.py").read_text(encoding="utf-8"))
    )


def _public(cls: type) -> set[str]:
    # A client's models are attributes of its class, too.
    names = {name for name in dir(cls) if not name.startswith("_")}
    return {name for name in names if not isinstance(vars(cls).get(name), AsyncModelActions)}


def _commands() -> set[str]:
    def below(group: click.Group, name: str) -> Iterator[str]:
        for word, command in group.commands.items():
            yield from below(command, f"{name} {word}") if isinstance(command, click.Group) else [f"{name} {word}"]

    return set(below(prisma, "prisma"))


LISTS: dict[str, tuple[str, Callable[[], set[str]]]] = {
    "codes": ("reference/errors.md", _codes),
    "parameters of URLs": ("reference/connection-urls.md", _url_parameters),
    "commands": ("guides/command-line.md", _commands),
    "arguments of the client": ("reference/client.md", lambda: set(inspect.signature(Prisma).parameters)),
    "methods of the client": ("reference/client.md", lambda: _public(Prisma)),
    "actions": ("reference/index.md", lambda: _public(UserActions)),
    "options of the generator": ("guides/command-line.md", _generator_options),
    "metrics": ("guides/logging.md", _metrics),
}


@pytest.mark.parametrize("name", LISTS)
def test_page_names_all(name: str) -> None:
    page, find = LISTS[name]
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [word for word in sorted(find()) if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)] == []


def test_every_code_of_the_errors_page_can_come() -> None:
    text = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bP\d{4}\b", text)) - _codes() == set()


@pytest.mark.parametrize("word", ["alembic", "composite", "n+1", "pagination", "serverless", "vscode"])
def test_search_finds_what_people_look_for(word: str) -> None:
    """The search of the site knows the words of its pages, and no others."""
    assert [page for page in DOCS.rglob("*.md") if word in page.read_text(encoding="utf-8").lower()] != []
