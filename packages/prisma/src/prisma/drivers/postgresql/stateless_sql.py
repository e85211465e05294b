"""Statements that surely leave nothing behind in their session ("plain" ones), recognized by their tokens.

A plain statement reads or writes rows with known functions and operators, opens or ends a transaction, or changes a
setting for its transaction only. Any other statement, and any doubtful one, is not plain.

Only the text counts. Code inside the database is not seen: triggers, rules, views, policies, defaults, constraints,
casts and operators of a user's types, functions of a row that are called like its columns (`item.total`), and a user's
function with a known name (PostgreSQL searches pg_catalog first, and takes a function of another schema only if its
parameters fit better).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prisma.drivers.postgresql.sql_tokens import Kind, Token, UnreadableSql, read_tokens
from prisma.drivers.postgresql.stateless_words import CONSTRUCTS, FUNCTIONS, OPERATORS, STARTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_READS_AND_WRITES: Final = frozenset({"select", "insert", "update", "delete", "merge", "with", "values", "table", "("})
# The pool sees an open transaction, and rolls it back.
_WITHOUT_EXPRESSIONS: Final = frozenset(
    {
        "abort", "begin", "commit", "end", "lock", "notify", "release", "rollback", "savepoint", "show", "start",
        "truncate",
    }
)  # fmt: skip
_SET_FOR_TRANSACTION: Final = frozenset({"local", "transaction", "constraints"})
_EXPLAINED: Final = frozenset({"analyze", "analyse", "verbose"})
_IDENTIFIERS: Final = frozenset({Kind.NAME, Kind.QUOTED})
# SELECT … INTO makes a table, as these would.
_TABLES_TO_MAKE: Final = frozenset({"temp", "temporary", "local", "global", "unlogged", "table"})
# In the list of a WITH.
_BEFORE_QUERIES: Final = frozenset({"as", "materialized"})
_BEFORE_COLUMNS: Final = frozenset({"with", "recursive", ","})
# Behind their parentheses an expression may begin.
_LEADING: Final = frozenset({("distinct", "on"), ("returning", "with")})


def is_plain(sql: str) -> bool:
    """Tell whether every statement of a text is plain; the time it takes grows with the length of the text."""
    try:
        tokens = read_tokens(sql)
    except UnreadableSql:
        return False
    return all(map(_is_plain_statement, _statements(tokens)))


def _statements(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    for index, token in enumerate(tokens):
        if token[:2] == (Kind.MARK, ";"):
            yield tokens[start:index]
            start = index + 1
    yield tokens[start:]


def _is_plain_statement(tokens: Sequence[Token]) -> bool:
    if not tokens:
        return True
    word = _word(tokens[0])
    if word == "set":
        return _is_set_for_transaction(tokens)
    if word == "explain":
        tokens = _explained(tokens)
        word = _word(tokens[0]) if tokens else ""
    elif word in _WITHOUT_EXPRESSIONS:
        return True
    return word in _READS_AND_WRITES and _Reading(tokens).is_plain()


def _word(token: Token) -> str:
    """Return the key word or the mark that a token is; nothing for others."""
    return token.text if token.kind is Kind.NAME or token.kind is Kind.MARK else ""


def _is_set_for_transaction(tokens: Sequence[Token]) -> bool:
    # SET LOCAL name …, while SET local.name, SET local = and SET local TO name a setting.
    if len(tokens) < 3 or _word(tokens[1]) not in _SET_FOR_TRANSACTION:
        return False
    return tokens[2].kind in _IDENTIFIERS and _word(tokens[2]) != "to"


def _explained(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the statement that an EXPLAIN explains."""
    index = 1
    if len(tokens) > 1 and _word(tokens[1]) == "(":
        while index < len(tokens) and _word(tokens[index]) != ")":
            index += 1
        return tokens[index + 1 :]
    while index < len(tokens) and _word(tokens[index]) in _EXPLAINED:
        index += 1
    return tokens[index:]


class _Part:
    """The text inside one pair of parentheses, or the whole statement."""

    __slots__ = ("commas", "last", "leads", "lists_queries", "sets", "start")

    def __init__(self, start: int, *, leads: bool = False) -> None:
        self.start = start
        self.leads = leads
        """Whether an expression may begin behind: DISTINCT ON (…), RETURNING WITH (…)."""
        self.lists_queries = False
        """Whether this is the list behind WITH, where a name and a parenthesis are a query's columns."""
        self.sets = False
        """Whether these are the arguments of set_config."""
        self.commas = 0
        self.last = start
        """Where the last argument begins."""


class _Reading:
    """One pass through the tokens of a read or a write."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._parts = [_Part(0)]
        # ON CONFLICT is a call of a function with that name where no DO comes behind.
        self._conflicts = 0
        self._merges = self._updates = self._mentions_settings = False
        # The last parenthesis behind which an expression may begin.
        self._lead = -1

    def is_plain(self) -> bool:
        return all(map(self._passes, range(len(self._tokens)))) and not (
            self._conflicts or (self._updates and self._mentions_settings)
        )

    def _passes(self, index: int) -> bool:
        kind, text, _, _ = self._tokens[index]
        if kind is Kind.OPERATOR:
            return text in OPERATORS
        if kind is Kind.STRING:
            # With standard_conforming_strings = off such a string would end elsewhere.
            return text[0] not in "'nN" or "\\'" not in text
        if kind is Kind.MARK:
            return self._passes_mark(index, text)
        if kind in _IDENTIFIERS and text == "pg_settings":
            self._mentions_settings = True
        return kind is not Kind.NAME or self._passes_name(index, text)

    def _passes_mark(self, index: int, text: str) -> bool:
        if text == "(":
            return self._passes_start(index)
        if text == ")":
            return self._passes_end(index)
        if text == ",":
            part = self._parts[-1]
            part.commas += 1
            part.last = index + 1
        return True

    def _passes_start(self, index: int) -> bool:
        part = _Part(index + 1, leads=(self._word(index - 2), self._word(index - 1)) in _LEADING)
        named = index > 0 and self._tokens[index - 1].kind in _IDENTIFIERS
        around = self._parts[-1]
        if around.lists_queries and self._word(index - 1) not in _BEFORE_QUERIES:
            # Columns, or behind the list the query itself in parentheses.
            around.lists_queries = named and self._word(index - 2) in _BEFORE_COLUMNS
        passes = not named or self._passes_call(index - 1, part)
        self._parts.append(part)
        return passes

    def _passes_end(self, index: int) -> bool:
        if len(self._parts) == 1:
            return False
        part = self._parts.pop()
        if part.leads:
            self._lead = index
        # set_config(…, …, true) ends with the transaction.
        argument = self._tokens[part.last : index]
        return not part.sets or (part.commas == 2 and [each[:2] for each in argument] == [(Kind.NAME, "true")])

    def _passes_name(self, index: int, text: str) -> bool:
        part = self._parts[-1]
        if text in _READS_AND_WRITES:
            part.lists_queries = text == "with" and index == part.start
            self._merges = self._merges or text == "merge"
            self._updates = self._updates or text in ("update", "merge")
        elif text == "into":
            return self._passes_target(index)
        elif text == "do":
            self._conflicts -= 1
        elif text == "conflict" and self._word(index - 1) == "on":
            self._conflicts += 1
        return True

    def _passes_target(self, index: int) -> bool:
        if index + 1 == len(self._tokens) or self._word(index - 1) not in ("insert", "merge"):
            return False
        target = self._tokens[index + 1]
        return _word(target) not in _TABLES_TO_MAKE and not target.text.startswith("pg_temp")

    def _passes_call(self, last: int, part: _Part) -> bool:
        """Look at the name, which ends at `last`, before the parenthesis of a part."""
        tokens, first = self._tokens, last
        while first > 1 and self._word(first - 1) == "." and tokens[first - 2].kind in _IDENTIFIERS:
            first -= 2
        if first == last and self._is_construct(last):
            return True
        if first == last and self._word(last) == "operator":
            return False
        if not self._may_begin(first):
            return True
        if first != last and (first != last - 2 or tokens[first].text != "pg_catalog"):
            return False
        part.sets = tokens[last].text == "set_config"
        return part.sets or tokens[last].text in FUNCTIONS

    def _is_construct(self, index: int) -> bool:
        """Tell whether a name before a parenthesis is a word of a statement, or names the columns of WITH's query."""
        word, before = self._word(index), self._word(index - 1)
        if word in CONSTRUCTS or self._parts[-1].lists_queries:
            return True
        return (before, word) == ("on", "conflict") or (self._merges and (before, word) == ("then", "insert"))

    def _may_begin(self, index: int) -> bool:
        """Tell whether an expression, or an item of FROM, may begin at a token."""
        index -= 1
        # The one of a NOT LIKE (…) begins none.
        while self._word(index) == "not":
            index -= 1
        if index < 0:
            return True
        before = self._tokens[index]
        if before.kind is Kind.MARK:
            return index == self._lead if before.text == ")" else before.text not in ("]", "::")
        return before.kind is Kind.OPERATOR or (self._word(index) in STARTERS and self._word(index - 1) != ".")

    def _word(self, index: int) -> str:
        """Return the key word or the mark at a place; nothing for other tokens, and outside."""
        return _word(self._tokens[index]) if 0 <= index < len(self._tokens) else ""
