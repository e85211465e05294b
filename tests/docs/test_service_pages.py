"""What the pages on the service list in full: its messages, metrics and settings; and `.env.example` with them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from app.errors import _FIXES  # pyright: ignore[reportPrivateUsage]
from app.telemetry import metrics

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "app"
MESSAGES = ROOT / "docs" / "service" / "troubleshooting.md"
OPERATION = ROOT / "docs" / "service" / "operation.md"
SERVICE = ROOT / "docs" / "service.md"
EXAMPLE = ROOT / ".env.example"

# Made from an error that has its own list: the codes.
FROM_ERRORS = {"fatal.message", "f'{error} ({code})' if code else str(error)"}
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def _messages() -> set[str]:
    """Return the messages of fatal errors in the code, with `…` for what is filled in."""
    found: set[str] = set()
    for path in APP.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "FatalError":
                message = node.args[0]
                found.add(_text(names.get(message.id, message) if isinstance(message, ast.Name) else message))
    return found - FROM_ERRORS


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return "…" if isinstance(node, ast.FormattedValue) else ast.unparse(node)


def test_every_message_has_its_section_and_no_other():
    headings = re.findall(r"^### (.+)$", MESSAGES.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(_messages())


def test_every_code_with_a_fix_is_explained():
    text = MESSAGES.read_text(encoding="utf-8")
    assert [code for code in sorted(_FIXES) if code not in text] == []


def test_every_metric_is_listed_and_no_other():
    named = {
        name.removesuffix("_created")
        for name, value in vars(metrics).items()
        if name.isupper()
        for name in REGISTRY._get_names(value)  # pyright: ignore[reportPrivateUsage]
    }
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in named}
    # A counter's family is called as its samples are.
    families = {name for name in families if f"{name}_total" not in families}
    table = re.findall(r"^\| (`.+?`) \|", OPERATION.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name for cell in table for name in re.findall(r"`(\w+)`", cell) if name.islower()}
    assert listed == families
    assert len(families) >= 13


def _read() -> set[str]:
    """Return the names of the variables that the service reads."""
    found: set[str] = set()
    for path in APP.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "load_settings(" in text or "os.environ" in text or "values: Mapping[str, str]" in text:
            found |= set(_variables(ast.parse(text)))
    return found


def _variables(tree: ast.AST) -> Iterator[str]:
    """Yield words that are variables by their form, where they are looked up or named for it."""
    for node in ast.walk(tree):
        words: list[ast.expr] = []
        if isinstance(node, ast.Call):
            words = node.args
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            words = node.value.elts
        elif isinstance(node, ast.Assign):
            words = [node.value]
        elif isinstance(node, ast.Subscript):
            words = [node.slice]
        for word in words:
            if isinstance(word, ast.Constant) and isinstance(word.value, str) and VARIABLE.fullmatch(word.value):
                yield word.value


def test_the_example_names_every_variable_and_no_other():
    named = re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(set(named)), "one of them stands there twice"
    assert set(named) == _read()
    assert len(named) >= 16


@pytest.mark.parametrize("page", [SERVICE], ids=["service.md"])
def test_the_settings_are_all_explained(page: Path):
    text = page.read_text(encoding="utf-8")
    settings = text.partition("## Settings")[2].partition("\n## ")[0]
    assert [name for name in sorted(_read()) if f"`{name}`" not in settings] == []
