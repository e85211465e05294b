"""Extensions: additions of a program to a client.

    audit = Extension("audit")

    @audit.query("user")                      # around operations; of one model and operation, or of more
    async def timed(operation, proceed):
        return await proceed(operation.arguments)

        @audit.model("user")                      # a method of db.user, like create()
    async def sign_up(users, email):
        return await users.create({"email": email})

    @audit.field("user", needs=["name"])      # a computed field of its records
    def initial(user) -> str:
        return (user.name or "?")[0]

    db = db.extends(audit)

The extended client is a copy: the original client does not change, and both share the connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast

from pydantic import BaseModel

from prisma.client.request.names import OPERATIONS
from prisma.errors import UnknownModelError
from prisma.schema.metadata import Schema

if TYPE_CHECKING:
    from prisma.client.records.computed_fields import ComputedField, ExtendedModels

F = TypeVar("F", bound=Callable[..., Any])
ModelT = TypeVar("ModelT", bound=BaseModel)

_OTHERS: Final = ("count", "aggregate", "group_by", "query_raw", "execute_raw")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on its way.

    `model` is the schema's name of the model, None for raw SQL; `name` is the method's (`find_many`); `arguments` are
    those that were given, by name (`query` and `args` for raw SQL). `client` is the extended client.
    """

    model: str | None
    name: str
    arguments: Mapping[str, Any]
    client: Any = field(repr=False)


Proceed: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""Goes on with an operation with these arguments, and returns (to be awaited, in an asynchronous client) its result."""

Hook: TypeAlias = Callable[[Operation, Proceed], Any]


class Extension:
    """Additions under one name; models are named as the client's attributes are, None means all."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.hooks: list[tuple[str | None, str | None, Hook]] = []
        self.model_methods: list[tuple[str | None, Callable[..., Any]]] = []
        self.client_methods: list[Callable[..., Any]] = []
        self.fields: list[tuple[str, ComputedField]] = []

    def query(self, model: str | None = None, operation: str | None = None) -> Callable[[Hook], Hook]:
        """Run a function around operations: it gets the operation and how to proceed, and returns a result.

        What was added first is outermost. Raw SQL is an operation of no model.

        Raises:
            ValueError: there is no such operation.
        """
        names = (*OPERATIONS.values(), *_OTHERS)
        if operation is not None and operation not in names:
            near = get_close_matches(operation, names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"There is no operation {operation!r}.{hint}")

        def add(hook: Hook) -> Hook:
            self.hooks.append((model, operation, hook))
            return hook

        return add

    def model(self, model: str | None = None) -> Callable[[F], F]:
        """Add a method to a model's actions, which it gets as its first argument."""

        def add(method: F) -> F:
            self.model_methods.append((model, method))
            return method

        return add

    def client(self, method: F) -> F:
        """Add a method to the client, which it gets as its first argument."""
        self.client_methods.append(method)
        return method

    def field(self, model: str, *, needs: Iterable[str] = ()) -> Callable[[F], F]:
        """Add a field to a model's records, computed from a record that has the fields `needs`."""

        from prisma.client.records.computed_fields import ComputedField

        def add(compute: F) -> F:
            self.fields.append((model, ComputedField(compute.__name__, tuple(needs), compute)))
            return compute

        return add


class Extensions:
    """All extensions of one client, looked up by the schema's names of its models."""

    def __init__(self, schema: Schema, attributes: Mapping[str, str], extensions: Iterable[Extension]) -> None:
        self.all = tuple(extensions)
        self._attributes = attributes
        self._hooks = [
            (self._model(model), operation, hook)
            for extension in self.all
            for model, operation, hook in extension.hooks
        ]
        self._model_methods = {
            (self._model(model), method.__name__): method
            for extension in self.all
            for model, method in extension.model_methods
        }
        self._client_methods = {
            method.__name__: method for extension in self.all for method in extension.client_methods
        }
        computed: dict[str, list[ComputedField]] = {}
        for extension in self.all:
            for attribute, added in extension.fields:
                model = self._model(attribute) or ""
                added.check(schema.models[model])
                computed.setdefault(model, []).append(added)
        self._models: ExtendedModels | None = None
        if computed:
            # Few programs have such fields, and what makes them is slow to import.
            from prisma.client.records.computed_fields import ExtendedModels

            self._models = ExtendedModels(computed)

    def hooks(self, model: str | None, operation: str) -> list[Hook]:
        """Return the hooks around an operation, the outermost first."""
        return [
            hook
            for of_model, of_operation, hook in self._hooks
            if of_model in (None, model) and of_operation in (None, operation)
        ]

    def model_methods(self, model: str, actions: object) -> dict[str, Callable[..., Any]]:
        """Return the methods that were added to a model, or to all of them, bound to its actions."""
        # Those of one model come last, and win.
        added = sorted(self._model_methods, key=lambda key: key[0] is not None)
        return {name: partial(self._model_methods[of, name], actions) for of, name in added if of in (None, model)}

    def client_methods(self, client: object) -> dict[str, Callable[..., Any]]:
        """Return the methods that were added to the client, bound to it."""
        return {name: partial(method, client) for name, method in self._client_methods.items()}

    def record_class(self, model: type[ModelT]) -> type[ModelT]:
        """Return the class that records become instead of `model`: with its computed fields, and its relations'."""
        return model if self._models is None else cast("type[ModelT]", self._models.of(model))

    def refuse_shadowed(self, client: type, actions: Mapping[str, type]) -> None:
        """Raise ValueError if an added method has the name of one that is there, and so would never be found.

        `actions` are the classes of the actions by the schema's names of the models.
        """
        for name in self._client_methods:
            if hasattr(client, name) or name in self._attributes:
                raise ValueError(f"The client has `{name}` already: give the method another name.")
        for model, name in self._model_methods:
            for owner, cls in actions.items():
                if model in (None, owner) and hasattr(cls, name):
                    raise ValueError(f"The actions have `{name}` already: run a hook around it (`query`) instead.")

    def _model(self, attribute: str | None) -> str | None:
        if attribute is None:
            return None
        if attribute not in self._attributes:
            raise UnknownModelError(attribute)
        return self._attributes[attribute]
