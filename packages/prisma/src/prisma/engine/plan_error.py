"""Errors that a plan raises itself; those of the database are faults of the driver."""

from __future__ import annotations

from collections.abc import Mapping

from prisma.errors import PrismaError


class PlanError(PrismaError):
    """A plan can't go on.

    Attributes:
        code: P-code, e.g. P2025 when a record is missing; None for a plan that contradicts itself, which is our bug.
        message: the sentence for the user.
        meta: facts about the error, by name.
    """

    def __init__(self, code: str | None, message: str, meta: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.meta = dict(meta or {})


def contradiction(problem: str) -> PlanError:
    """Return the error for a plan that breaks its own rules."""
    return PlanError(None, f"Internal error in the query plan: {problem}. Please report this as a bug.")


def inconsistent(problem: str, column: str | None = None) -> PlanError:
    """Return the error for data in the database that the schema doesn't allow; `column` is the path of its field."""
    meta = {"message": problem} if column is None else {"message": problem, "column": column}
    return PlanError("P2023", f"Inconsistent column data: {problem}", meta)


def too_deep() -> PlanError:
    """Return the error for JSON that is nested more deeply than Python's stack allows."""
    return inconsistent("a Json value is nested too deeply to be read; ask for its parts by raw SQL")
