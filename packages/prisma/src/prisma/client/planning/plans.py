"""Plans: compiled programs, kept by the shape of their call."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from threading import Lock
from typing import Any, Final, TypeAlias

from prisma.client.explain.rejection_errors import REJECTIONS, rejection_error
from prisma.client.planning.bulk_inserts import BulkInsert, BulkInserts, in_parts, take_apart
from prisma.client.planning.load_strategy import LoadStrategy, load_strategies
from prisma.client.planning.stored_moments import name_stored_moments
from prisma.client.request.builder import RequestBuilder
from prisma.client.request.call import Call
from prisma.client.request.fast_path import Recognizers
from prisma.client.request.request import Request
from prisma.client.request.skip import without_skipped
from prisma.compiler.plan_store import PlanStore
from prisma.compiler.query_compiler import QueryCompiler
from prisma.compiler.relation_joins import with_joins
from prisma.dialects import dialect_of
from prisma.dialects.dialect import Feature, TimestampFormat
from prisma.engine.program import Program
from prisma.engine.row_templates import RowTemplates
from prisma.errors import UnsupportedDatabaseError
from prisma.plan.decode import decode
from prisma.plan.nodes import Generator, Literal, Node
from prisma.plan.passes.client_defaults import ColumnDefaults, Table
from prisma.plan.prepare import all_passes, prepare
from prisma.plan.slots import decode_with_slots
from prisma.schema.metadata import Field, Schema

MAX_PLANS: Final = 1000
"""How many programs are kept; Prisma's own client keeps as many."""

_ROW_ACTIONS: Final = frozenset({"createMany", "createManyAndReturn"})

Runnable: TypeAlias = Program | BulkInsert | BulkInserts
"""What an executor runs."""

BoundProgram: TypeAlias = tuple[Runnable, list[object], list[int]]
"""What a call became: a program, the values of its parameters, and its numbers (take, skip, limit)."""


class NewShape(Exception):
    """A call has a shape without a program."""

    def __init__(self, shape: tuple[str, ...]) -> None:
        super().__init__()
        self.shape = shape


class Plans:
    """The programs of one schema, shared by all clients of the process that use it.

    A program is looked up by the shape of the request, which need not be written for calls that came several times. A
    miss asks for its plan, from the disk or from the compiler: twice if the request has numbers, to find their places
    in the plan.
    """

    _instances: Final[dict[tuple[object, ...], Plans]] = {}

    def __init__(
        self,
        schema: Schema,
        schema_name: str,
        *,
        max_plans: int = MAX_PLANS,
        joins: bool | None = None,
        returns_inserted: bool = False,
        timestamp_format: TimestampFormat | None = None,
        strategy: LoadStrategy | None = None,
    ) -> None:
        self.builder = RequestBuilder(schema, load_strategies(schema, strategy, joins))
        self._recognizers = Recognizers(self.builder.recognizer, max_counted=max_plans)
        self._compiler = QueryCompiler(
            with_joins(schema.datamodel, schema.provider),
            provider=schema.provider,
            schema_name=schema_name,
            joins=joins,
        )
        self._store = PlanStore(self._compiler, is_used=max_plans > 0)
        self._dialect = dialect_of(schema.provider).storing_moments(timestamp_format)
        defaults = _defaults(schema, schema_name)
        self._passes = tuple(all_passes(self._dialect, defaults, returns_inserted=returns_inserted).values())
        self._programs: OrderedDict[tuple[str, ...], Program | RowTemplates] = OrderedDict()
        self._max_plans = max_plans
        self._lock = Lock()
        self.hits = 0
        self.misses = 0

    @classmethod
    def of(
        cls,
        schema: Schema,
        schema_name: str,
        max_plans: int = MAX_PLANS,
        *,
        joins: bool | None = None,
        returns_inserted: bool = False,
        timestamp_format: TimestampFormat | None = None,
        strategy: LoadStrategy | None = None,
    ) -> Plans:
        """Return the process's plans for a schema and the database schema (`public`) that its tables are in.

        Clients that keep another number of plans, or have another `strategy`, share others. `joins` and
        `returns_inserted` are what the server says of itself, and `timestamp_format` how the database stores moments;
        see `Pool`.
        """
        key = (id(schema), schema_name, max_plans, joins, returns_inserted, timestamp_format, strategy)
        plans = cls._instances.get(key)
        if plans is None:
            # The builder inside keeps the schema alive, and so its id unique.
            made = cls(
                schema,
                schema_name,
                max_plans=max_plans,
                joins=joins,
                returns_inserted=returns_inserted,
                timestamp_format=timestamp_format,
                strategy=strategy,
            )
            plans = cls._instances.setdefault(key, made)
        return plans

    def program(self, call: Call) -> BoundProgram:
        """Return the program for a call, compiling it if it is new, which takes milliseconds.

        Raises:
            DataError: the arguments do not fit the schema; `.meta` has the `path` to the mistake, its `kind`, and the
                nearest valid name as `suggestion`.
        """
        try:
            return self.known(call)
        except NewShape:
            pass
        if call.action in _ROW_ACTIONS:
            return self._rows(call, compiles=True)
        try:
            return self._compile(self.builder.request(call), call.model)
        except REJECTIONS as rejection:
            kept = without_skipped(call.arguments)
            if kept is call.arguments:
                self._explain(call, rejection)
                raise
        # Outside the handler: a second error must not show the first one as its context.
        return self.program(call.having(kept))

    def known(self, call: Call) -> BoundProgram:
        """Return the program for a call whose shape has one.

        Raises:
            NewShape: it has none; `program` makes it.
            DataError: the arguments do not fit the schema; see `program`.
        """
        if call.action in _ROW_ACTIONS:
            # Rows that come once can't be asked for again.
            return self._rows(call, compiles=not isinstance(call.arguments.get("data"), list))
        recognizers = self._recognizers
        # What a client omits belongs to the shape, and the arguments don't show it.
        is_shown = not call.omissions
        try:
            if is_shown:
                bound = recognizers.find(call)
                if bound is not None:
                    self.hits += 1
                    return bound
            request = self.builder.request(call)
            program = self._kept(request.shape)
            if program is None:
                raise NewShape(request.shape)
        except REJECTIONS as rejection:
            kept = without_skipped(call.arguments)
            if kept is call.arguments:
                self._explain(call, rejection)
                raise
        else:
            if is_shown:
                recognizers.learn(call, program)
            return program, request.values, request.numbers
        # Outside the handler: a second error must not show the first one as its context.
        return self.known(call.having(kept))

    def _rows(self, call: Call, *, compiles: bool) -> BoundProgram:
        """Return the program of a createMany, whose rows come in parts; NewShape if it had to be compiled, and may not.

        The program itself may compile the third part and the later ones.
        """
        if call.arguments.get("skip_duplicates") is True and Feature.SKIP_DUPLICATES not in self._dialect.features:
            # 0.15.0's words.
            raise UnsupportedDatabaseError(self.builder.schema.provider, Feature.SKIP_DUPLICATES)
        parts = in_parts(call.arguments.get("data"))
        if parts is None:
            return self._part(call, lambda: call.arguments, compiles=compiles)
        parts = iter(parts)

        def bound(*, compiles: bool) -> Iterator[BoundProgram]:
            for part in parts:
                some = call.having({**call.arguments, "data": part.rows})
                yield self._part(some, part.within(call.arguments), compiles=compiles)

        # The second part is asked for at once: a single part needs no transaction.
        first = list(islice(bound(compiles=compiles), 2))
        if len(first) == 1:
            return first[0]
        return BulkInserts(chain(first, bound(compiles=True)), self._dialect), [], []

    def _part(self, call: Call, whole: Callable[[], Mapping[str, Any]], *, compiles: bool) -> BoundProgram:
        """Return the program of some rows; an error names the place in the arguments of the `whole` call."""
        try:
            if isinstance(call.arguments.get("data"), list):
                insert = self._bulk_insert(call, compiles=compiles)
                if insert is not None:
                    return insert, [], []
            request = self.builder.request(call)
            program = self._kept(request.shape)
            if program is None and not compiles:
                raise NewShape(request.shape)
            return self._compile(request, call.model) if program is None else (program, request.values, request.numbers)
        except REJECTIONS as rejection:
            kept = without_skipped(call.arguments)
            if kept is call.arguments:
                self._explain(call.having(without_skipped(whole())), rejection)
                raise
        return self._part(call.having(kept), whole, compiles=compiles)

    def _bulk_insert(self, call: Call, *, compiles: bool) -> BulkInsert | None:
        """Return a createMany by row templates; None when the compiler needs the rows themselves."""
        codecs = self.builder.codecs(call.model)
        selection = '{"count":true}'
        if call.action == "createManyAndReturn":
            selected = self.builder.selection(call)
            # The templates have no place for parameters of a selection.
            if selected.values or selected.numbers:
                return None
            selection = selected.text
        request = take_apart(call, codecs, selection)
        if request is None:
            return None
        # A set of columns is compiled once, whatever the number of rows.
        templates = self._kept(request.shape)
        if templates is None:
            if not compiles:
                raise NewShape(request.shape)
            self.misses += 1
            plans = map(decode, self._store.compile(*request.texts(codecs)))
            templates = RowTemplates.extract(self._dialect, *(prepare(plan, self._passes) for plan in plans))
            if templates is None:
                return None
            self._keep(request.shape, templates)
        return BulkInsert(templates, request.rows)

    def _kept(self, shape: tuple[str, ...]) -> Any:
        kept = self._programs.get(shape)
        if kept is not None:
            # The least recently used program is the first to go.
            try:
                self._programs.move_to_end(shape)
            except KeyError:
                # Another thread has dropped it meanwhile.
                self._keep(shape, kept)
            self.hits += 1
        return kept

    def _keep(self, shape: tuple[str, ...], program: Program | RowTemplates) -> None:
        # Threads of a synchronous client share the plans.
        with self._lock:
            self._programs[shape] = program
            while len(self._programs) > self._max_plans:
                self._programs.popitem(last=False)

    def _compile(self, request: Request, model: str) -> BoundProgram:
        self.misses += 1
        if not self._max_plans:
            # Nothing is looked up again, so the places of the numbers in the plan do not matter.
            return self._compile_literally(request, model)
        if not request.numbers:
            plan = decode(*self._store.compile(request.text))
        else:
            first, second = self._store.compile(request.text, request.second_text)
            # None if the numbers can't be found in the plan.
            plan = decode_with_slots(first, second, request.sentinels)
            if plan is None:
                return self._compile_literally(request, model)
        program = self._load(plan, model)
        self._keep(request.shape, program)
        return program, request.values, request.numbers

    def _compile_literally(self, request: Request, model: str) -> BoundProgram:
        """Compile with the numbers themselves, for a plan in which they can't be told apart; it is not kept."""
        program = self._load(decode(self._compiler.compile(request.literal_text)), model)
        return program, request.values, []

    def _load(self, plan: Node, model: str) -> Program:
        plan = prepare(plan, self._passes)
        if self._dialect.timestamp_format is not None:
            plan = name_stored_moments(plan, self.builder.schema.models, model)
        return Program.load(plan, self._dialect)

    def _explain(self, call: Call, rejection: Exception) -> None:
        """Raise the error that tells a program about its arguments; return if they are not the reason."""
        error = rejection_error(self.builder.schema, call, rejection)
        if error is not None:
            raise error from rejection


def _defaults(schema: Schema, schema_name: str) -> dict[Table, ColumnDefaults]:
    """Return the columns whose values only the client can make, and that the compiler may leave out, by table."""
    found: dict[Table, ColumnDefaults] = {}
    for model in schema.models.values():
        made = {field.db_name: _generator(field) for field in model.fields.values() if field.generator}
        if made:
            found[model.db_schema or schema_name, model.table] = made
    return found


def _generator(field: Field) -> Generator:
    name, *args = field.generator
    return Generator(str(name), tuple(Literal(arg) for arg in args))
