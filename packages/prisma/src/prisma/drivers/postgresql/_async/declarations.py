"""The parameter types with which the server accepts a raw statement: asked once, and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prisma.dialects.postgresql import POSTGRESQL
from prisma.drivers.postgresql._async.statements import MAX_KEPT_LENGTH
from prisma.drivers.postgresql.declared_types import (
    column_name,
    is_better_inferred,
    is_text_as_well,
    narrower,
    with_types,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prisma.drivers.postgresql._async.session import Session
    from prisma.drivers.postgresql._async.statements import Statement, Statements
    from prisma.drivers.postgresql.declared_types import Types
    from prisma.drivers.postgresql.description import Description

MAX_KNOWN = 1024  # statements whose declaration is remembered
MAX_TRIED = 8  # placeholders that are tried one by one; with more of them it is all or none

_SAVEPOINT: Final = "prisma_declaration"
# Names, operators and functions that don't exist for these types; what can't be converted; what is not supported.
_REFUSALS: Final = ("42", "22", "0A")
# Syntax errors, tables and columns that don't exist: no types help.
_HOPELESS: Final = frozenset({"42601", "42P01", "42703"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """How a statement is sent: its text, and the names of its columns where those of the text are others."""

    sql: str
    names: tuple[str, ...] | None = None


class Declarations:
    """The declarations of one database's statements; its connections share them."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[str, Types], Declaration] = {}

    async def prepare(self, session: Session, statements: Statements, sql: str, types: Types) -> Statement:
        """Return a new statement for values of these types.

        A form that the server refuses inside a transaction is undone, so that the transaction goes on; only where it
        takes none does it report the failure as ever.
        """
        key = sql, types
        known = self._known.get(key)
        if known is not None:
            try:
                return await statements.prepare(session, known.sql, known.names)
            except session.failures as error:
                # Perhaps the schema has changed: the trial below asks again.
                self._known.pop(key, None)
                if session.is_in_transaction() or not session.is_report(error):
                    raise
        found = await _Trial(session, sql, types).declaration()
        statement = await statements.prepare(session, found.sql, found.names)
        # Longer texts are rows written out, each seen once.
        if len(sql) <= MAX_KEPT_LENGTH:
            # Cheaper than an order of use, and a program has far fewer raw statements.
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[key] = found
        return statement

    def forget(self) -> None:
        """Ask again for each: the schema has changed."""
        self._known.clear()


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as the server describes it, with some placeholders declared and the others inferred."""

    types: Types
    inferred: tuple[str, ...]
    description: Description


class _Trial:
    """Finds the form with the most declarations that the server takes, without those that are better inferred."""

    def __init__(self, session: Session, sql: str, types: Types) -> None:
        self._session = session
        self._sql = sql
        self._types = types
        self._narrower = tuple(map(narrower, types))
        self._nothing = ("",) * len(types)
        self._places = tuple(place for place, type_ in enumerate(types) if type_)
        self._in_transaction = session.is_in_transaction()
        self._forms: dict[Types, _Form | None] = {}

    async def declaration(self) -> Declaration:
        if not self._in_transaction:
            return await self._declaration()
        # A refused form would end the caller's transaction.
        await self._session.execute(POSTGRESQL.savepoint(_SAVEPOINT))
        found = await self._declaration()
        await self._session.execute(POSTGRESQL.release_savepoint(_SAVEPOINT))
        return found

    async def _declaration(self) -> Declaration:
        base = await self._base()
        form = base and await self._richer(base)
        if form is None or not any(form.types):
            # The text alone: the server infers all types, or reports what is wrong with it.
            return Declaration(self._sql)
        plain = await self._form(self._nothing)
        if plain is None:
            names = tuple(column_name(name, form.types, self._sql) for name in form.description.names)
        else:
            names = plain.description.names
        return Declaration(with_types(self._sql, form.types) or self._sql, names)

    async def _base(self) -> _Form | None:
        """Return a form with as few declarations as the server needs."""
        form = await self._form(self._nothing)
        if form is not None:
            return form
        for types in self._alternatives():
            form = await self._form(types)
            if form is not None:
                break
        # Declarations that turn out to be unnecessary go again, one by one.
        for place in self._places if len(self._places) <= MAX_TRIED else ():
            if form is not None and form.types[place]:
                form = await self._form(_changed(form.types, place, "")) or form
        return form

    def _alternatives(self) -> Iterable[Types]:
        """Yield all declared, and for each place it alone and all but it; then narrower types."""
        singly = self._places if len(self._places) <= MAX_TRIED else ()
        yield self._types
        for place in singly:
            yield _changed(self._nothing, place, self._types[place])
            yield _changed(self._types, place, "")
        yield self._narrower
        for place in singly:
            yield _changed(self._nothing, place, self._narrower[place])
            yield _changed(self._types, place, self._narrower[place])

    async def _richer(self, base: _Form) -> _Form:
        """Return the base with those declarations that the values ask for."""
        wanted = [place for place in self._places if not base.types[place] and self._is_wanted(base, place)]
        form = await self._form(_merged(base.types, self._types, wanted))
        if form is None and len(wanted) <= MAX_TRIED:
            form = base
            for place in wanted:
                form = await self._with_place(form, place)
        return await self._with_texts(form or base, base.inferred)

    async def _with_place(self, form: _Form, place: int) -> _Form:
        for type_ in (self._types[place], self._narrower[place]):
            richer = await self._form(_changed(form.types, place, type_))
            if richer is not None:
                return richer
        return form

    async def _with_texts(self, form: _Form, inferred: Sequence[str]) -> _Form:
        """Return the form without what may be a text as well, where the columns of the result are the same."""
        columns = form.description.columns
        texts = [
            place
            for place in self._places
            if form.types[place]
            and place < len(inferred)
            and is_text_as_well(self._types[place], inferred[place], returns=bool(columns))
        ]
        # Without a declaration the result may have other types, as `SELECT $1` has.
        lesser = await self._form(_merged(form.types, self._nothing, texts))
        return lesser if lesser is not None and lesser.description.columns == columns else form

    def _is_wanted(self, form: _Form, place: int) -> bool:
        return place < len(form.inferred) and not is_better_inferred(self._types[place], form.inferred[place])

    async def _form(self, types: Types) -> _Form | None:
        """Return the form with these types declared; None if the server refuses it."""
        if types not in self._forms:
            self._forms[types] = await self._asked(types)
        return self._forms[types]

    async def _asked(self, types: Types) -> _Form | None:
        sql, session = with_types(self._sql, types), self._session
        if sql is None:
            return None
        try:
            prepared = await session.prepare(sql, name="")
        except session.failures as error:
            if not self._is_refusal(error):
                raise
            if self._in_transaction:
                await session.execute(POSTGRESQL.rollback_to_savepoint(_SAVEPOINT))
            return None
        return _Form(types, session.parameters_of(prepared).names, session.description_of(prepared))

    def _is_refusal(self, error: BaseException) -> bool:
        sqlstate = str(self._session.fault(error).fields.get("sqlstate", ""))
        return self._session.is_report(error) and sqlstate not in _HOPELESS and sqlstate.startswith(_REFUSALS)


def _changed(types: Types, place: int, type_: str) -> Types:
    return (*types[:place], type_, *types[place + 1 :])


def _merged(types: Types, others: Types, places: Iterable[int]) -> Types:
    """Return the types, with those of others at some places."""
    chosen = set(places)
    return tuple(others[place] if place in chosen else type_ for place, type_ in enumerate(types))
