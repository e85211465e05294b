"""Renders `client.py` and `__init__.py`: the client, and what the generated package exports.

Example:

    class Prisma(SyncPrisma):
        user: SyncModelActions[actions.UserActions[models.User]] = SyncModelActions("User")

        def __init__(
            self,
            *,
            use_dotenv: bool = True,
            ...
        ) -> None:
            super().__init__(
                schema=SCHEMA,
                use_dotenv=use_dotenv,
                ...
            )
"""

from __future__ import annotations

from typing import Final

from prisma.generator.concurrency import Interface
from prisma.generator.names import Names
from prisma.generator.writer import INDENT, LINE_LENGTH, Writer, literal
from prisma.schema.datamodel import DataModel

_RUNTIME = ("get_client", "load_env", "register", "skip")
_FRAGMENTS = ("empty", "join", "raw", "sql")
_NAMED = ("ErrorFormat", "LogLevel", "TracerProvider", "TransactionOptions")
_FIELDS = ("AnyNull", "Base64", "DbNull", "Json", "JsonNull")
_EXPORTS = (*sorted(("Batch", "Client", "Prisma", *_FIELDS)), *sorted(("errors", *_RUNTIME, *_FRAGMENTS)))


# The client's options: their types, from this package's runtime where one is named, and their defaults. The first six
# are those of 0.15.0.
_OPTIONS: Final = {
    "use_dotenv": ("bool", "True"),
    "log_queries": ("bool", "False"),
    "auto_register": ("bool", "False"),
    "datasource": ("Optional[{types}.DatasourceOverride]", "None"),
    "connect_timeout": ("Union[int, {datetime}.timedelta]", "{datetime}.timedelta(seconds=10)"),
    "http": ("Optional[{types}.HttpConfig]", "None"),
    "omit": ("Optional[{types}.GlobalOmitConfig]", "None"),
    "log": ("Sequence[{LogLevel}]", "()"),
    "tracing": ("Union[bool, {TracerProvider}]", "False"),
    "transaction_options": ("Optional[{TransactionOptions}]", "None"),
    "query_plan_cache_max_size": ("int", "1000"),
    "lazy_connect": ("bool", "False"),
    "error_format": ("{ErrorFormat}", '"minimal"'),
    "replicas": ("Optional[Sequence[str]]", "None"),
    "max_replica_lag": ("Union[float, {datetime}.timedelta]", "{datetime}.timedelta(seconds=10)"),
    "read_your_writes": ("bool", "False"),
    "relation_load_strategy": ("Optional[{types}.RelationLoadStrategy]", "None"),
}


def render_client(data: DataModel, names: Names, driver: str | None = None) -> str:
    """Return the text of `client.py`; `driver` is one that is not the interface's default."""
    writer = Writer("The client.", taken=frozenset(names.instances.values()))
    writer.blank(2)
    base = writer.name("prisma.client", f"{names.interface.prefix}Prisma")
    with writer.indented(f"class Prisma({base}):"):
        writer.doc("A client of the schema's database, with the actions of each model as an attribute.")
        if driver is not None:
            writer.blank()
            writer.line(f"_driver = {literal(driver)}")
        if data.models:
            _write_models(writer, data, names)
        _write_constructor(writer)
        _write_members(writer, names)
    writer.blank(2)
    writer.line("Client = Prisma")
    return writer.render()


def _write_constructor(writer: Writer) -> None:
    options = {name: _declaration(writer, *option) for name, option in _OPTIONS.items()}
    writer.blank()
    with writer.indented("def __init__("):
        writer.lines("self,", "*,", *(f"{name}: {declaration}," for name, declaration in options.items()))
    with writer.indented(") -> None:"), writer.indented("super().__init__(", ")"):
        writer.line(f"schema={writer.name('.metadata', 'SCHEMA')},")
        writer.lines(*(f"{name}={name}," for name in options))


def _declaration(writer: Writer, annotation: str, default: str) -> str:
    """Return the type and the default of an option, after importing what they name."""
    for word in ("Sequence", "Union", "Optional"):
        if word in annotation:
            writer.name("typing", word)
    known = {"types": writer.sibling("types", typing_only=True), "datetime": writer.module("datetime")}
    known |= {word: writer.name("prisma.client", word) for word in _NAMED if f"{{{word}}}" in annotation}
    return f"{annotation.format_map(known)} = {default.format_map(known)}"


def render_package() -> str:
    """Return the text of `__init__.py`."""
    writer = Writer("Prisma Client for Python, generated from the schema.")
    for module, name in (
        (".batch", "Batch"),
        (".client", "Client"),
        (".client", "Prisma"),
        ("prisma", "errors"),
        *(("prisma.client", name) for name in _RUNTIME),
        *(("prisma.client", name) for name in _FRAGMENTS),
        *(("prisma.fields", name) for name in _FIELDS),
    ):
        writer.name(module, name)
    writer.items("__all__ = [", (f'"{name}"' for name in _EXPORTS), "]")
    return writer.render()


def _write_models(writer: Writer, data: DataModel, names: Names) -> None:
    # The attributes import their classes when they are asked for.
    actions, models = (writer.sibling(module, typing_only=True) for module in ("actions", "models"))
    member = writer.name("prisma.client", f"{names.interface.prefix}ModelActions")
    writer.blank()
    for model in data.models:
        name = names.classes[model.name]
        kind = f"{member}[{actions}.{name}Actions[{models}.{name}]]"
        arguments = ", ".join(literal(each) for each in dict.fromkeys((model.name, name)))
        line = f"{names.instances[model.name]}: {kind} = {member}({arguments})"
        writer.line(line if len(INDENT) + len(line) <= LINE_LENGTH else f"{line}  # fmt: skip")


def _write_members(writer: Writer, names: Names) -> None:
    batch = writer.name(".batch", "Batch")
    writer.blank()
    with writer.indented(f"def batch_(self) -> {batch}:"):
        writer.doc("Return a batch: writes queued on it run together, in one transaction.")
        writer.line(f"return {batch}(self)")
    _write_transaction(writer, names.interface)


def _write_transaction(writer: Writer, interface: Interface) -> None:
    delta, optional = f"{writer.module('datetime')}.timedelta", writer.name("typing", "Optional")
    duration = f"{writer.name('typing', 'Union')}[int, {delta}]"
    types = writer.sibling("types", typing_only=True)
    manager = writer.name("prisma.client", interface.manager)
    writer.blank()
    with writer.indented("def tx("):
        writer.lines(
            "self,",
            "*,",
            f"max_wait: {optional}[{duration}] = None,",
            f"timeout: {optional}[{duration}] = None,",
            f"isolation_level: {optional}[{types}.IsolationLevel] = None,",
        )
    with writer.indented(f") -> {manager}[Prisma]:"):
        writer.doc(
            f"Return a transaction: `{interface.enter} db.tx() as tx:` commits at the end and rolls back on an "
            "exception.\n\n"
            "`max_wait` bounds the wait for a connection (2 s), `timeout` the whole transaction (5 s); an int is in\n"
            "milliseconds. The client's `transaction_options` are for calls that do not say."
        )
        with writer.indented(f"return {manager}(", ")"):
            writer.lines("client=self,", "max_wait=max_wait,", "timeout=timeout,", "isolation_level=isolation_level,")
