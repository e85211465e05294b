"""The parameters of database URLs, which follow the question mark: each is taken out once and checked."""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum
    from typing import TypeVar

    _Word = TypeVar("_Word", bound=StrEnum)

log = logging.getLogger(__name__)


def cpu_count() -> int:
    """Return the number of cores that this process may use."""
    process_cpu_count: Callable[[], int | None] | None = getattr(os, "process_cpu_count", None)  # Python 3.13+
    if process_cpu_count is not None:
        return process_cpu_count() or 1
    affinity: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


class UrlParameters:
    """The part of a URL behind `?`: each parameter is taken out once; the rest was not understood."""

    def __init__(self, query: str) -> None:
        # The last of equal names counts, as with libpq. A plus sign is a plus sign here, unlike in web forms.
        self._values = dict(parse_qsl(query.replace("+", "%2B"), keep_blank_values=True))

    def take(self, name: str) -> str | None:
        """Return a parameter, None where it is absent or empty."""
        return self._values.pop(name, None) or None

    def rest(self) -> list[str]:
        """Return the names that nobody has taken."""
        return sorted(self._values)

    def report_rest(self) -> None:
        """Log the names that nobody has taken."""
        for name in self.rest():
            log.debug("The database URL's parameter %s is not used.", name)

    def integer(self, name: str, *, default: int, minimum: int) -> int:
        """Return a whole number."""
        value = self.take(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or int(value) < minimum:
            raise invalid_url(f"{name} must be a whole number, at least {minimum}", parameter=name)
        return int(value)

    def seconds(self, name: str, default: float | None) -> float | None:
        """Return a number of seconds; None, without limit, for zero."""
        value = self.take(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            raise invalid_url(f"{name} must be a number of seconds", parameter=name)
        # Zero means without limit, as for Prisma.
        return float(value) or None

    def flag(self, name: str) -> bool:
        """Return a truth value."""
        value = self.take(name)
        if value not in (None, "true", "false"):
            raise invalid_url(f"{name} must be true or false", parameter=name)
        return value == "true"

    def word(self, name: str, words: type[_Word]) -> _Word | None:
        """Return a member of an enum."""
        value = self.take(name)
        if value is None:
            return None
        try:
            return words(value)
        except ValueError:
            known = ", ".join(words)
            raise invalid_url(f"{name} must be one of {known}", parameter=name) from None


def invalid_url(reason: str, **fields: object) -> DriverFault:
    """Return the fault for a URL; `reason` says what is wrong with it, without its values."""
    return DriverFault(FaultKind.INVALID_URL, {"message": f"The database URL is not valid: {reason}.", **fields})
