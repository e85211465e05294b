"""Renders `batch.py`: writes that are queued and run together.

Example:

    class UserBatchActions(SyncBatchActions):
        _prisma_model = "User"

        def create(
            self,
            data: types.UserCreateInput,
            include: Optional[types.UserInclude] = None,
        ) -> None:
            ...
            self._queue("createOne", {"data": data, "include": include})
"""

from __future__ import annotations

from prisma.generator.names import Names
from prisma.generator.render.actions import ACTIONS, Action
from prisma.generator.render.methods import Scope, action_classes, method, scopes, write_call
from prisma.generator.writer import Writer, literal
from prisma.schema.datamodel import DataModel


def render_batch(data: DataModel, names: Names) -> str:
    """Return the text of `batch.py`."""
    writer = Writer("Writes that are queued and run together.", action_classes(names, "BatchActions") | {"Batch"})
    base = writer.name("prisma.client", f"{names.interface.prefix}BatchActions")
    for scope in scopes(writer, data, names):
        actions = [action for action in ACTIONS if action.is_write and action.operation in scope.model.operations]
        writer.blank(2)
        with writer.indented(f"class {names.classes[scope.model.name]}BatchActions({base}):"):
            writer.line(f"_prisma_model = {literal(scope.model.name)}")
            for action in actions:
                _write_batch_action(scope, action)
    _write_batch(writer, data, names)
    return writer.render()


def _write_batch_action(scope: Scope, action: Action) -> None:
    parameters = action.parameters(scope)
    with method(scope, f"def {action.name}", parameters, "None"):
        scope.writer.doc(f"Queue `{action.name}`.")
        write_call(scope.writer, f"self._queue({literal(action.operation)}, ", parameters)


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
