"""The generated client has the names, keys and signatures that programs written for 0.15.0 use.

`surface.json` was read off the client that 0.15.0 makes of `cases/everything.prisma`: for a typed dictionary its keys
and whether they are required, for a choice its strings, for a method its parameters. Ours may have more: keys that are
not required, choices, keyword-only parameters with a default.

Left out on purpose are the `…From…` names between models that no relation joins: their number grows with the square of
the models', and no argument has such a type.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

SURFACE: dict[str, Any] = json.loads(Path(__file__).with_name("surface.json").read_text(encoding="utf-8"))


def test_types(client_package: Callable[[str], ModuleType]) -> None:
    types = import_module(f"{client_package('everything').__name__}.types")
    lost = {name: _lost(getattr(types, name, None), expected) for name, expected in SURFACE["types"].items()}
    assert {name: words for name, words in lost.items() if words} == {}


@pytest.mark.parametrize("owner", SURFACE["methods"])
def test_methods(owner: str, client_package: Callable[[str], ModuleType]) -> None:
    module, _, name = owner.partition(".")
    cls = getattr(import_module(f"{client_package('everything').__name__}.{module}"), name)
    expected: dict[str, str] = SURFACE["methods"][owner]
    assert {method: _parameters(getattr(cls, method), text) for method, text in expected.items()} == expected


def _lost(found: Any, expected: Any) -> list[str]:
    """Return the expected entries that `found` lacks."""
    if found is None:
        return ["all of it"]
    if isinstance(expected, list):
        return [choice for choice in expected if choice not in get_args(found)]
    if expected is None:
        return []
    required: frozenset[str] = found.__required_keys__
    missing = [key for key in expected if key not in found.__annotations__]
    return missing + [key for key in found.__annotations__ if (key in required) != expected.get(key, False)]


def _parameters(method: Callable[..., object], expected: str) -> str:
    """Write the parameters as the expectation does, without those that it does not know and that have a default."""
    words: list[str] = []
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name == "self":
            continue
        has_default = parameter.default is not parameter.empty
        star = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        word = f"{star}{parameter.name}{'=' if has_default else ''}"
        is_keyword_only = parameter.kind is parameter.KEYWORD_ONLY
        if has_default and (word not in expected.split(", ")):
            # New parameters may not take the positions of old ones.
            assert is_keyword_only, word
            continue
        if is_keyword_only and not any(word.startswith("*") for word in words):
            words.append("*")
        words.append(word)
    return ", ".join(words)
