"""The examples in the docstrings of rendering modules are lines of generated files."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from prisma.generator import render

FOLDER = Path(__file__).parent / "expected"
# These describe no text of their own, or one that only large schemas have.
WITHOUT_EXAMPLE = frozenset({"package", "far_inputs"})
MODULES = [module.name for module in iter_modules(render.__path__) if module.name not in WITHOUT_EXAMPLE]


@pytest.fixture(scope="module")
def generated() -> frozenset[str]:
    return frozenset(line.strip() for file in FOLDER.rglob("*.py") for line in file.read_text("utf-8").splitlines())


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, generated: frozenset[str]) -> None:
    docstring = import_module(f"{render.__name__}.{name}").__doc__ or ""
    example = [line.strip() for line in re.findall(r"^ {4}.*\S$", docstring, re.MULTILINE)]
    assert example
    assert [line for line in example if line != "..." and line not in generated] == []
