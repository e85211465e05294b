"""Prepared statements after a change of the schema: prepared again, and never run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prisma.faults import DriverFault

if TYPE_CHECKING:
    from prisma.drivers.postgresql._async.connection import PostgresConnection

COLOURS = """
    CREATE TYPE colour AS ENUM ('RED', 'GREEN', 'BLUE');
    CREATE TABLE things (id int, colour colour, colours colour[]);
    INSERT INTO things VALUES (1, 'RED', '{RED}');
"""
# As Prisma's migrations remove a member.
WITHOUT_BLUE = """
    BEGIN;
    CREATE TYPE colour_new AS ENUM ('RED', 'GREEN');
    ALTER TABLE things ALTER COLUMN colour TYPE colour_new USING (colour::text::colour_new);
    ALTER TABLE things ALTER COLUMN colours TYPE colour_new[] USING (colours::text::colour_new[]);
    ALTER TYPE colour RENAME TO colour_old;
    ALTER TYPE colour_new RENAME TO colour;
    DROP TYPE colour_old;
    COMMIT;
"""
STATEMENTS: list[tuple[str, list[Any]]] = [
    ("SELECT count(*) FROM things WHERE colour = $1", ["RED"]),
    ("SELECT id FROM things WHERE colour::text = $1", ["RED"]),
    ("SELECT id FROM things WHERE colour = ANY($1)", [["RED"]]),
    ("SELECT id FROM things WHERE $1 = ANY(colours)", ["RED"]),
    ("SELECT colour, colours FROM things", []),
    ("SELECT id FROM things WHERE colour = $1::colour", ["RED"]),
    ("UPDATE things SET colour = $1 RETURNING id", ["RED"]),
    ("UPDATE things SET colours = $1 RETURNING id", [["RED"]]),
]
CHANGES = {
    "an enum without a member": WITHOUT_BLUE,
    "a wider column": "ALTER TABLE things ALTER id TYPE bigint",
    "a longer text": "ALTER TABLE things ADD note varchar(5); ALTER TABLE things ALTER note TYPE varchar(9)",
    "another type": "ALTER TABLE things ALTER id TYPE text",
    "forgotten statements": "DEALLOCATE ALL",
}

FAILING = """
    CREATE TABLE payments (n int);
    CREATE PROCEDURE pay(n int, state text) LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO payments VALUES (n);
        COMMIT;
        IF n > 1 AND state = '22012' THEN PERFORM 1 / 0; END IF;
        IF n > 1 AND state = '42P01' THEN EXECUTE 'SELECT * FROM nowhere'; END IF;
        IF n > 1 THEN RAISE EXCEPTION 'no' USING ERRCODE = state; END IF;
    END $$;
"""
STATES = ["42501", "42P01", "42703", "26000", "22P02", "22P03", "22012", "0A000", "XX000"]


async def answers(connection: PostgresConnection) -> list[Any]:
    return [[[*row.values()] for row in await connection.query(sql, args)] for sql, args in STATEMENTS]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_changed_schema(connection: PostgresConnection, change: str) -> None:
    await connection.command(COLOURS)
    before = await answers(connection), await answers(connection)
    await connection.command(change)
    after = await answers(connection), await answers(connection)
    expected = [[[1]], [[1]], [[1]], [[1]], [["RED", ["RED"]]], [[1]], [[1]], [[1]]]
    if "TYPE text" in change:
        text = [[["1"]] if rows == [[1]] else rows for rows in expected]
        text[0] = [[1]]
        assert (before, after) == ((expected, expected), (text, text))
    else:
        assert (before, after) == ((expected, expected), (expected, expected))


@pytest.mark.parametrize("state", STATES)
async def test_a_procedure_that_commits_and_fails_runs_once(connection: PostgresConnection, state: str) -> None:
    await connection.command(FAILING)
    for n in (1, 1):
        await connection.execute("CALL pay($1, $2)", [n, state])
    with pytest.raises(DriverFault) as caught:
        await connection.execute("CALL pay($1, $2)", [2, state])
    rows = await connection.query("SELECT array_agg(n) AS paid FROM payments", [])
    assert (caught.value.fields["sqlstate"], rows[0]["paid"]) == (state, [1, 1, 2])


async def test_a_statement_is_kept_after_a_value_that_does_not_fit(connection: PostgresConnection) -> None:
    count = "SELECT count(*) AS kept FROM pg_prepared_statements WHERE statement = 'SELECT $1::int AS kept'"
    for value in (1, 1, "x", "y", 1):
        try:
            await connection.query("SELECT $1::int AS kept", [value])
        except DriverFault:
            continue
    assert [*(await connection.query(count, []))[0].values()] == [1]
