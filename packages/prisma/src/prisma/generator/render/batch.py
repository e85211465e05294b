"""Renders `batch.py`: writes that are queued and run together.

Example:

    class UserBatchActions(SyncTableBatchActions[
        "types.UserWhereInput", "types.UserWhereUniqueInput", "types.UserInclude", "types.UserUpdateInput",
        ...
    ]):  # fmt: skip
        _prisma_model = "User"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prisma.generator.names import Names
from prisma.generator.render.actions import CHANGES, CREATES, kind_of
from prisma.generator.render.methods import Scope, action_classes, scopes
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel

_WHERE: Final = ("{}WhereInput", "{}WhereUniqueInput", "{}Include")
# A batch answers with nothing, so that it makes no difference what the database returns.
_BASES: Final[dict[str, tuple[str, Sequence[str]]]] = {
    "View": ("", ()),
    "Uncreatable": ("Uncreatable", (*_WHERE, *CHANGES)),
    "Table": ("Table", (*_WHERE, *CHANGES, *CREATES)),
}


def render_batch(data: DataModel, names: Names) -> str:
    """Return the text of `batch.py`."""
    writer = Writer("Writes that are queued and run together.", action_classes(names, "BatchActions") | {"Batch"})
    for scope in scopes(writer, data, names):
        _write_class(scope)
    _write_batch(writer, data, names)
    return writer.render()


def _write_class(scope: Scope) -> None:
    kind = kind_of(scope.model)
    prefix, patterns = next(base for end, base in _BASES.items() if kind.endswith(end))
    base = scope.writer.name("prisma.client", f"{scope.names.interface.prefix}{prefix}BatchActions")
    opening = f"class {scope.names.classes[scope.model.name]}BatchActions({base}"
    scope.writer.blank(2)
    if patterns:
        scope.writer.packed(f"{opening}[", [literal(scope.type(pattern)) for pattern in patterns], "]):")
    else:
        scope.writer.line(f"{opening}):")
    with scope.writer.deeper():
        scope.writer.line(f"_prisma_model = {literal(scope.model.name)}")


def _write_batch(writer: Writer, data: DataModel, names: Names) -> None:
    writer.blank(2)
    base = writer.name("prisma.client", f"{names.interface.prefix}Batch")
    with writer.indented(f"class Batch({base}):"):
        enter = names.interface.enter
        writer.doc(f"Writes that run in one transaction when `commit()` is called, or the `{enter}` block ends well.")
        writer.blank()
        with writer.indented(
            f"def __init__(self, client: {writer.name('.client', 'Prisma', typing_only=True)}) -> None:"
        ):
            writer.line("super().__init__(client)")
            for model in data.models:
                writer.line(f"self.{names.instances[model.name]} = {names.classes[model.name]}BatchActions(self)")
