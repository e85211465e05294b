"""A call: one operation of a program, on its way from the action to the executor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prisma.client.request.omit import NO_OMISSIONS, Omissions

if TYPE_CHECKING:
    from prisma.engine.record_form import RecordForm


class Call:
    """What a program asks for. It is not changed after it is made.

    Attributes:
        model: the schema's name of the model.
        action: the engine's name of the operation, such as `findUnique`.
        arguments: those of the action, by their Python names; None counts as absent.
        omissions: the fields that the client leaves out of every record.
        form: makes records of the result; None for plain data.
    """

    # Every operation makes one: a class with slots takes a third of the time of a frozen dataclass.
    __slots__ = ("action", "arguments", "form", "model", "omissions")

    def __init__(
        self,
        model: str,
        action: str,
        arguments: Mapping[str, Any],
        omissions: Omissions = NO_OMISSIONS,
        form: RecordForm | None = None,
    ) -> None:
        self.model = model
        self.action = action
        self.arguments = arguments
        self.omissions = omissions
        self.form = form

    def having(self, arguments: Mapping[str, Any]) -> Call:
        """Return the same call with other arguments."""
        return Call(self.model, self.action, arguments, self.omissions, self.form)
