"""Legacy messages: the sentence of 0.15.0 is added to an error's message, because programs search messages for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prisma.errors import UnknownRelationalFieldError

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNT: Final = re.compile(r"Expected [^\[\]]*? to be present, got \d+")
_POSITION: Final = re.compile(r"\[\d+\]")


def with_legacy_message(sentence: str, objection: Mapping[str, Any], message: str) -> str:
    """Return the sentence about an objection of the compiler with what 0.15.0 said; `message` is the compiler's own."""
    words = _legacy_message(sentence, objection, message)
    return f"{sentence} ({words}.)" if words else sentence


def _legacy_message(sentence: str, objection: Mapping[str, Any], message: str) -> str | None:
    path = ".".join(map(str, objection.get("argumentPath", ())))
    kind = objection["kind"]
    if kind in {"UnknownInputField", "UnknownArgument"}:
        return f"Could not find field at `{'.'.join(objection['selectionPath'])}.{path}`"
    if kind == "UnknownSelectionField":
        unknown = UnknownRelationalFieldError(objection["outputType"]["name"], objection["selectionPath"][-1])
        return str(unknown) if sentence.startswith("The relation ") else message
    if kind in {"TooManyFieldsGiven", "SomeFieldsMissing"}:
        count = _COUNT.search(message)
        return count and count.group()
    if path and path not in _POSITION.sub("", sentence):
        return f"`{path}` in Prisma's words"
    return None
