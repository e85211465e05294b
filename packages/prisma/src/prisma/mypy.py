"""Plugin for mypy: relations that a call includes are not Optional in its result.

Use it with `plugins = prisma.mypy` in mypy's configuration. The argument `include` must be a dictionary that is written
in the call. `warn_parsing_errors = false` in the section `[prisma-mypy]` (pyproject.toml: `[tool.prisma-mypy]`)
silences the error `prisma-parsing` about others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any, Final

from mypy.errorcodes import ErrorCode
from mypy.nodes import CallExpr, DictExpr, Expression, NameExpr, StrExpr, SymbolTable, SymbolTableNode, TypeInfo, Var
from mypy.options import Options
from mypy.plugin import MethodContext, Plugin, ReportConfigContext
from mypy.types import Instance, NoneType, Type, UnionType, get_proper_type

ACTIONS: Final = frozenset(
    {
        "create",
        "create_many_and_return",
        "delete",
        "find_first",
        "find_first_or_raise",
        "find_many",
        "find_unique",
        "find_unique_or_raise",
        "update",
        "update_many_and_return",
        "upsert",
    }
)
"""The actions that take `include` and return records."""

ERROR_PARSING: Final = ErrorCode("prisma-parsing", "Unable to parse", "Prisma")
SECTION: Final = "prisma-mypy"

_ACTION: Final = re.compile(r"(?:^|\.)actions\.\w+Actions\.(?P<name>\w+)$")
_LISTS: Final = frozenset({"builtins.list", "typing.List"})
_COROUTINE: Final = "typing.Coroutine"
_FLUENT: Final = "prisma.client._async.fluent.AsyncFluent"

Included = Mapping[str, Any]


def plugin(version: str) -> type[Plugin]:
    """Return the plugin, as mypy asks for it."""
    del version
    return PrismaPlugin


class PrismaPlugin(Plugin):
    """See the module."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.warn_parsing_errors = _warns(options.config_file)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """Return the function that checks a call of an action; None for other methods."""
        action = _ACTION.search(fullname)
        return self._look if action and action["name"] in ACTIONS else None

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """Return the settings that results depend on, so that mypy takes no outdated ones from its cache."""
        del ctx
        return {"warn_parsing_errors": self.warn_parsing_errors}

    def _look(self, context: MethodContext) -> Type:
        include = _argument(context, "include")
        if include is None:
            return context.default_return_type
        try:
            included = _read(include)
        except _Unreadable as unreadable:
            if self.warn_parsing_errors:
                _warn(context, unreadable.args[0])
            return context.default_return_type
        return _without_optional(context.default_return_type, included)


def _warn(context: MethodContext, expression: Expression) -> None:
    errors: Any = context.api.msg.errors
    # Actions have several signatures. While mypy tries them it watches for errors: one that fits would not count as
    # fitting, and mypy would say that none does instead of this.
    watchers = getattr(errors, "_watchers", None)
    if watchers is not None:
        errors._watchers = []
    try:
        context.api.fail(
            "Unable to parse the `include` argument: it is no dictionary that stands in the call, so what it includes "
            "stays Optional.",
            expression,
            code=ERROR_PARSING,
        )
    finally:
        if watchers is not None:
            errors._watchers = watchers


class _Unreadable(Exception):
    """An expression whose value is not known before the program runs."""


def _warns(config_file: str | None) -> bool:
    if not config_file or not Path(config_file).exists():
        return True
    text = Path(config_file).read_text(encoding="utf-8")
    if config_file.endswith(".toml"):
        return bool(tomllib.loads(text).get("tool", {}).get(SECTION, {}).get("warn_parsing_errors", True))
    parser = ConfigParser()
    parser.read_string(text)
    return parser.getboolean(SECTION, "warn_parsing_errors", fallback=True)


def _argument(context: MethodContext, name: str) -> Expression | None:
    if name not in context.callee_arg_names:
        return None
    given = context.args[context.callee_arg_names.index(name)]
    return given[0] if given else None


def _read(expression: Expression) -> Included:
    """Return a dictionary that is written as `{…}` or as a call with keywords."""
    if isinstance(expression, NameExpr) and expression.name == "None":
        return {}
    if isinstance(expression, DictExpr):
        pairs = [(_key(key, expression), value) for key, value in expression.items]
    elif isinstance(expression, CallExpr) and all(expression.arg_names):
        pairs = [(str(name), value) for name, value in zip(expression.arg_names, expression.args, strict=True)]
    else:
        raise _Unreadable(expression)
    return {key: _value(value) for key, value in pairs}


def _key(key: Expression | None, dictionary: DictExpr) -> str:
    if not isinstance(key, StrExpr):
        raise _Unreadable(key or dictionary)
    return key.value


def _value(value: Expression) -> Any:
    """Return what the value of a relation's key includes inside it; None if the relation is not included."""
    if isinstance(value, NameExpr) and value.fullname in {"builtins.True", "builtins.False"}:
        return {} if value.fullname == "builtins.True" else None
    if not isinstance(value, DictExpr | CallExpr):
        raise _Unreadable(value)
    if isinstance(value, DictExpr):
        inner = next((item for key, item in value.items if isinstance(key, StrExpr) and key.value == "include"), None)
    else:
        inner = next((item for name, item in zip(value.arg_names, value.args, strict=True) if name == "include"), None)
    return {} if inner is None else _read(inner)


def _without_optional(result: Type, included: Included) -> Type:
    """Return the type of a result with its models changed."""
    proper = get_proper_type(result)
    if isinstance(proper, UnionType):
        return UnionType([_without_optional(item, included) for item in proper.items])
    if not isinstance(proper, Instance):
        return result
    if proper.type.fullname == _COROUTINE:
        *others, value = proper.args
        return _with_arguments(proper, [*others, _without_optional(value, included)])
    if proper.type.has_base(_FLUENT):
        value, *others = proper.args
        return _with_arguments(proper, [_without_optional(value, included), *others])
    if proper.type.fullname in _LISTS:
        return _with_arguments(proper, [_without_optional(proper.args[0], included)])
    return _model(proper, included)


def _with_arguments(generic: Instance, arguments: list[Type]) -> Instance:
    return Instance(generic.type, arguments, line=generic.line, column=generic.column)


def _model(model: Instance, included: Included) -> Type:
    names = SymbolTable(model.type.names)
    copied = TypeInfo(names, model.type.defn, model.type.module_name)
    for name, inside in included.items():
        node = model.type.names.get(name)
        changed = None if inside is None or node is None else _relation(node, inside, copied)
        if changed is not None:
            names[name] = changed
    copied.bases = model.type.bases
    copied.mro = [copied, *model.type.mro[1:]]
    copied.metaclass_type = model.type.metaclass_type
    return Instance(copied, model.args, line=model.line, column=model.column)


def _relation(node: SymbolTableNode, inside: Included, owner: TypeInfo) -> SymbolTableNode | None:
    """Return a relation's symbol with its type changed; None if nothing changes."""
    if not isinstance(node.node, Var) or node.node.type is None:
        return None
    declared = get_proper_type(node.node.type)
    if not isinstance(declared, UnionType):
        return None
    items = [item for item in declared.items if not isinstance(get_proper_type(item), NoneType)]
    first = get_proper_type(items[0])
    # A relation to one may be absent in the database as well.
    is_list = isinstance(first, Instance) and first.type.fullname in _LISTS
    changed = [_without_optional(item, inside) for item in (items if is_list else declared.items)]
    variable = Var(node.node.name, changed[0] if len(changed) == 1 else UnionType(changed))
    variable.info = owner
    variable._fullname = node.node.fullname  # pyright: ignore[reportPrivateUsage]
    variable.is_initialized_in_class = node.node.is_initialized_in_class
    return SymbolTableNode(node.kind, variable)
