"""INSERTs with the columns that the compiler left out."""

from __future__ import annotations

import pytest

from prisma.plan.nodes import ArgType, Execute, Fragment, Generator, Literal, Param, Parameter, Statement, Text, Value
from prisma.plan.passes.client_defaults import add_client_defaults

TEXT = ArgType("string", "TEXT", "scalar")
UUID, CODE = Generator("uuid", (Literal(4),)), Generator("nanoid", ())
TABLES = {("public", "A"): {"id": UUID, 'co"de': CODE}, ("main", "A"): {"id": UUID}}

# SQL with ? for placeholders → the same with the columns, and the arguments of both, of which 1, 2, … are given.
CASES: list[tuple[str, str, list[object]]] = [
    (
        'INSERT INTO "public"."A" ("t") VALUES (?) RETURNING "t"',
        'INSERT INTO "public"."A" ("id","co""de","t") VALUES (?,?,?) RETURNING "t"',
        [UUID, CODE, 1],
    ),
    (
        'INSERT INTO "public"."A" DEFAULT VALUES RETURNING "t"',
        'INSERT INTO "public"."A" ("id","co""de") VALUES (?,?) RETURNING "t"',
        [UUID, CODE],
    ),
    (
        'INSERT INTO "public"."A" ("t","co""de") VALUES (null,?) ON CONFLICT ("t") DO UPDATE SET "t" = ?',
        'INSERT INTO "public"."A" ("id","t","co""de") VALUES (?,null,?) ON CONFLICT ("t") DO UPDATE SET "t" = ?',
        [UUID, 1, 2],
    ),
    (
        'INSERT INTO "public"."A" ("t","co""de") VALUES (?,?), (null,?), (DEFAULT,?) RETURNING "), ("',
        'INSERT INTO "public"."A" ("id","t","co""de") VALUES (?,?,?), (?,null,?), (?,DEFAULT,?) RETURNING "), ("',
        [UUID, 1, 2, UUID, 3, UUID, 4],
    ),
    (
        'INSERT INTO "public"."A" ("t","co""de") VALUES (CAST(?::text AS "e"),?), (CAST(?::text AS "), ("),?)',
        'INSERT INTO "public"."A" ("id","t","co""de") VALUES (?,CAST(?::text AS "e"),?), (?,CAST(?::text AS "), ("),?)',
        [UUID, 1, 2, UUID, 3, 4],
    ),
    (
        "INSERT INTO `main`.`A` (`t(`, `u`) VALUES (?,?) RETURNING `t(`",
        "INSERT INTO `main`.`A` (`id`,`t(`,`u`) VALUES (?,?,?) RETURNING `t(`",
        [UUID, 1, 2],
    ),
    ('INSERT INTO "public"."A" ("t") SELECT ?', "", []),
    ('INSERT INTO "public"."A" ("id","co""de") VALUES (?,?)', "", []),
    ('INSERT INTO "other"."A" ("t") VALUES (?)', "", []),
    ('INSERT INTO "public"."AB" ("t") VALUES (?)', "", []),
    ('UPDATE "public"."A" SET "t" = ?', "", []),
]


def _statement(sql: str, args: list[object]) -> Statement:
    pieces = sql.split("?")
    fragments: list[Fragment] = [Text(pieces[0])]
    for piece in pieces[1:]:
        fragments += (Parameter(), Text(piece))
    values: list[Value] = [Param(f"%{arg}") if isinstance(arg, int) else arg for arg in args]  # type: ignore[misc]
    return Statement(tuple(fragments), tuple(values), (TEXT,) * len(values), chunkable=True)


def _text(statement: Statement) -> str:
    return "".join(piece.chunk if isinstance(piece, Text) else "?" for piece in statement.fragments)


@pytest.mark.parametrize(("before", "after", "args"), CASES, ids=[before for before, *_ in CASES])
def test_insert(before: str, after: str, args: list[object]) -> None:
    statement = _statement(before, list(range(1, before.count("?") + 1)))
    changed = add_client_defaults(Execute(statement), TABLES)
    assert isinstance(changed, Execute)
    wanted = _statement(after, args) if after else statement
    assert (_text(changed.statement), changed.statement.args) == (_text(wanted), wanted.args)
    assert len(changed.statement.arg_types) == len(wanted.args)


def test_nothing_to_do() -> None:
    plan = Execute(_statement(CASES[0][0], [1]))
    assert add_client_defaults(plan, {}) is plan
