"""Generated source: Python functions that are written and compiled at run time, and the constants that they name.

Decoders and binders are called for each row or each call. As source that is made for one plan, they have no loop over
fields and no call that is not needed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from types import CodeType
from typing import Any, Final
from weakref import WeakValueDictionary


class Source:
    """Collects functions.

    Only `repr` of plan texts and names made here may get into the source: values travel as constants.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._namespace: dict[str, Any] = {"Decimal": Decimal, "datetime": datetime, "UTC": UTC}
        self._names: dict[int, str] = {}
        self._functions = 0

    def constant(self, value: Any, word: str) -> str:
        """Return the name under which functions see a value."""
        name = self._names.get(id(value))
        if name is None:
            # The namespace keeps the value alive, so its id stays its own.
            name = self._names[id(value)] = f"{word}_{len(self._names)}"
            self._namespace[name] = value
        return name

    def function(self, word: str, parameters: tuple[str, ...], *statements: str) -> str:
        """Add a function and return its name."""
        # The number keeps names apart; the word is for readers of tracebacks.
        name = f"{word}_{self._functions}"
        self._functions += 1
        self._lines.append(f"def {name}({', '.join(parameters)}):")
        self._lines.extend(f"    {statement}" for statement in statements)
        return name

    def compile(self, name: str) -> Callable[..., Any]:
        """Return one of the functions."""
        code = _code("\n".join(self._lines))
        # What the functions keep alive keeps their code alive, for others with the same text.
        self._namespace["code"] = code
        exec(code, self._namespace)  # noqa: S102 - see the class
        return self._namespace[name]


_codes: Final[WeakValueDictionary[str, CodeType]] = WeakValueDictionary()


def _code(text: str) -> CodeType:
    """Return the code of a text; plans that differ in their SQL alone have the same texts, and share it."""
    code = _codes.get(text)
    if code is None:
        code = _codes[text] = compile(text, "<query plan>", "exec")
    return code
