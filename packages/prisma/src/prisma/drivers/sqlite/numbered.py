"""Parameters that a statement of the caller's numbers: `$1` is the first value, wherever it stands.

To SQLite, such words are names, whose values it would count by where they stand first. Python 3.14 refuses that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What quotes and comments hold is no parameter. A name goes on behind its number: `$1::int`.
_WORDS: Final = re.compile(
    r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|\$(?P<name>(?P<number>\d+)(?:[\w$]|::)*)""", re.DOTALL
)


def by_number(sql: str, values: Sequence[object]) -> Sequence[object] | Mapping[str, object]:
    """Return the values of a statement by the names of its parameters, if it numbers them; else as they are.

    Raises:
        DriverFault: it numbers more values than there are.
    """
    if "$" not in sql or not values:
        return values
    numbers = {word["name"]: int(word["number"]) for word in _WORDS.finditer(sql) if word["name"]}
    if not numbers:
        return values
    highest = max(numbers.values())
    if highest > len(values) or 0 in numbers.values():
        message = f"The statement has the parameter ${highest}, and {len(values)} values were given; they start at $1."
        raise DriverFault(FaultKind.DATABASE_ERROR, {"message": message, "sqlstate": "SQLITE_RANGE"})
    return {name: values[number - 1] for name, number in numbers.items()}
