"""SQL for tests of session state: statements that change their session, and statements that do not."""

from __future__ import annotations

import random

TABLES = """
    CREATE TABLE item (id serial PRIMARY KEY, n int, name text UNIQUE);
    INSERT INTO item (n, name) VALUES (1, 'one'), (2, 'two'), (3, NULL);
    CREATE TYPE mood AS ENUM ('glad', 'sad');
    CREATE FUNCTION leave() RETURNS int LANGUAGE plpgsql AS
        $$ BEGIN PERFORM set_config('app.tenant', 'x', false); RETURN 1; END $$;
    CREATE FUNCTION conflict(n int) RETURNS bool LANGUAGE sql AS $$ SELECT leave() = 1 $$;
    CREATE FUNCTION "in"(n int) RETURNS bool LANGUAGE sql AS $$ SELECT leave() = 1 $$;
    CREATE FUNCTION materialized(n int) RETURNS bool LANGUAGE sql AS $$ SELECT leave() = 1 $$;
    CREATE FUNCTION either(a int, b int) RETURNS bool LANGUAGE sql AS $$ SELECT leave() = 1 $$;
    CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = either);
    CREATE OPERATOR <> (LEFTARG = int, RIGHTARG = int, FUNCTION = either);
    CREATE PROCEDURE leave_all() LANGUAGE plpgsql AS $$ BEGIN PERFORM leave(); END $$;
"""

# A setting whose name is no word of the server's, so that the spelling of the function is all there is.
CALLS = [
    ("set_config", "'app.tenant', 'x', false"),
    ("set_config", "'app.tenant', 'x, true)', 1 = 2"),
    ("set_config", "'app.tenant', concat('it''s', upper('a'), 1), NOT true"),
    ("set_config", "'app.tenant', set_config('app.other', 'x', true) || 'x', false"),
    ("pg_advisory_lock", "7"),
    ("pg_try_advisory_lock_shared", "1, 2"),
    ("setseed", "0.5"),
    ("leave", ""),
]

# {call} is evaluated once or more often; num_nulls makes a number of what it gives.
PLACES = [
    "SELECT {call}",
    "(SELECT {call})",
    "SELECT (SELECT {call})",
    "SELECT ALL {call}",
    "VALUES (1, {call})",
    "SELECT * FROM {call} AS x",
    "SELECT x.* FROM item i, LATERAL {call} x",
    "SELECT * FROM item LEFT JOIN {call} x ON true",
    "SELECT * FROM ROWS FROM (num_nulls({call}), generate_series(1, 2)) AS t(a, b)",
    "SELECT * FROM item JOIN item AS u ON num_nulls({call}) = 0",
    "SELECT 1 WHERE num_nulls({call}) = 0",
    "SELECT DISTINCT ON (n) {call} FROM item",
    "SELECT DISTINCT ON ((n), (n + 1)) {call} FROM item",
    "SELECT n FROM item ORDER BY n, num_nulls({call})",
    "SELECT n FROM item GROUP BY n HAVING num_nulls({call}) = 0",
    "SELECT 1 LIMIT num_nulls({call}) + 1",
    "SELECT 1 OFFSET num_nulls({call}) FETCH FIRST num_nulls({call}) ROWS ONLY",
    "SELECT CASE WHEN n IS NULL THEN 0 ELSE num_nulls({call}) END FROM item",
    "SELECT ARRAY[1, num_nulls({call})], ROW({call})",
    "SELECT n = ANY (ARRAY[num_nulls({call})]) FROM item",
    "SELECT n BETWEEN num_nulls({call}) AND 5 AND n IN (num_nulls({call}), 2) FROM item",
    "SELECT 'a' NOT LIKE repeat('a', num_nulls({call}))",
    "SELECT COALESCE(num_nulls({call}), 0)::numeric(5, 2)",
    "SELECT sum(n) FILTER (WHERE num_nulls({call}) = 0), count(*) AS t FROM item",
    "SELECT count(*) OVER (PARTITION BY num_nulls({call})) FROM item",
    "SELECT true AND NOT num_nulls({call}) = 1",
    "SELECT 1 UNION ALL SELECT num_nulls({call})",
    "SELECT interval '1 day' * num_nulls({call})",
    "SELECT now() AT TIME ZONE CASE num_nulls({call}) WHEN 0 THEN 'UTC' ELSE 'Etc/UTC' END",
    "WITH a AS MATERIALIZED (SELECT {call} AS v) SELECT * FROM a",
    "WITH a (v) AS (SELECT 1), b (v) AS MATERIALIZED (SELECT {call}) SELECT * FROM b, a",
    "WITH a (v) AS (SELECT 1) (SELECT 1) ORDER BY 1 LIMIT num_nulls({call}) + 1",
    (
        "WITH RECURSIVE a (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM a WHERE v < 2) SEARCH DEPTH FIRST BY v SET o "
        "(SELECT 1) ORDER BY 1, num_nulls({call})"
    ),
    "WITH RECURSIVE a (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM a WHERE v < 2 + num_nulls({call})) TABLE a",
    "WITH a AS (UPDATE item SET n = n RETURNING {call}) SELECT * FROM a",
    "INSERT INTO item (n) SELECT num_nulls({call})",
    "INSERT INTO item (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = num_nulls({call})",
    "INSERT INTO item (n) VALUES (4) ON CONFLICT DO NOTHING RETURNING {call}",
    "UPDATE item SET (n, name) = (SELECT num_nulls({call}), name)",
    "DELETE FROM item USING {call} AS x WHERE n = 500",
    "MERGE INTO item USING (SELECT num_nulls({call}) AS v) AS s ON n = 1 WHEN MATCHED THEN UPDATE SET n = s.v + 1",
    "EXPLAIN (ANALYZE, COSTS OFF) SELECT {call}",
    "EXPLAIN ANALYZE VERBOSE UPDATE item SET n = num_nulls({call})",
    'SELECT \'it\'\'s -- \', "n" AS "a""(", num_nulls({call}) FROM item',
    "SELECT E'it\\'s', num_nulls({call}), 'C:\\'",
    "SELECT $a$ ' $b$ $a$, U&'d\\0061t', num_nulls({call})",
    "/* /* */ ' */ SELECT {call} -- '",
    "SELECT 1; SELECT {call}",
    "BEGIN READ ONLY; SELECT {call}; COMMIT",
    "SET LOCAL app.other = 1; SELECT {call}",
]

# Statements that change a session without a function call.
STATEMENTS = [
    "SET app.tenant = 'x'",
    "SET SESSION app.tenant TO 'x'",
    "set local.tenant = 'x'",
    'SET "local"."tenant" TO \'x\'',
    "SET LOCAL app.other = 'x'; SET app.tenant = 'x'",
    "SET search_path TO pg_temp, pg_catalog",
    "SET TIME ZONE 'Asia/Tokyo'",
    "SET NAMES 'LATIN1'",
    "SET standard_conforming_strings TO off",
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY",
    "SET ROLE pg_monitor",
    "SET SESSION ROLE 'pg_monitor'",
    "SET SESSION AUTHORIZATION pg_monitor",
    "SELECT set_config('role', 'pg_monitor', false)",
    "SELECT set_config('session_authorization', 'pg_monitor', false)",
    "UPDATE pg_settings SET setting = '2MB' WHERE name = 'work_mem'",
    "UPDATE pg_catalog.\"pg_settings\" AS s SET setting = '2MB' WHERE s.name = 'work_mem'",
    "WITH a AS (SELECT 1) UPDATE U&\"pg\\005fsettings\" SET setting = '2MB' WHERE name = 'work_mem'",
    "DO $$ BEGIN PERFORM set_config('app.tenant', 'x', false); END $$",
    "DO $$ BEGIN EXECUTE 'PREPARE behind AS SELECT 1'; END $$",
    "CALL leave_all()",
    "SELECT 1 === 2",
    "SELECT 1 OPERATOR(public.<>) 2",
    'SELECT "in"(1)',
    "SELECT 1 FROM item WHERE NOT materialized(n)",
    "INSERT INTO item (n) SELECT i.n FROM item i JOIN item j ON conflict(j.n)",
    "PREPARE behind (int) AS SELECT 1",
    "LISTEN channel",
    "DECLARE behind CURSOR WITH HOLD FOR SELECT 1",
    "CREATE TEMP TABLE behind (n int)",
    "CREATE TEMPORARY VIEW behind AS SELECT 1",
    "CREATE LOCAL TEMP SEQUENCE behind",
    "CREATE TABLE pg_temp.behind (n int)",
    'CREATE TABLE "pg_temp".behind AS SELECT 1',
    "CREATE FUNCTION pg_temp.behind() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "SELECT n INTO TEMP behind FROM item",
    "SELECT count(*) insert INTO TEMP behind FROM item",
    "SELECT count(*) insert INTO pg_temp.behind FROM item",
    "WITH a AS (SELECT 1) SELECT * INTO TEMPORARY TABLE behind FROM a",
]


def spelled(chance: random.Random, function: str) -> str:
    """Return another spelling of a function's name that the server reads as the same."""
    index = chance.randrange(len(function))
    code = f"{ord(function[index]):04x}"
    escaped = f"{function[:index]}\\{code}{function[index + 1 :]}"
    own = function == "leave"
    schema = "public" if own else "pg_catalog"
    return chance.choice([
        function, function.upper(), f'"{function}"', f"{schema}.{function}", f'"{schema}" . "{function}"',
        f"{function} /* ' */ ", f"{schema}.{function} -- (\n", f'U&"{escaped}"', f'{schema}.u&"{escaped}"',
        f"U&\"{escaped.replace(chr(92), '!')}\" UESCAPE '!'",
    ])  # fmt: skip


def changing(chance: random.Random) -> str:
    """Return a text that leaves something behind in its session."""
    if chance.random() < 0.4:
        text = chance.choice(STATEMENTS)
    else:
        function, arguments = chance.choice(CALLS)
        text = chance.choice(PLACES).replace("{call}", f"{spelled(chance, function)}({arguments})")
    return chance.choice(["{};", "{}", "\n-- a\n{}", "SELECT 'a';{}", ";; {} ;"]).replace("{}", text)


VALUES = [
    "n",
    "$1::int",
    "n + 1",
    "(n * 2)",
    "length(name)",
    "COALESCE(n, 0)",
    "5",
    "-n",
    "abs(-n)",
    '"n"',
    "item.n",
    "pg_catalog.abs(n)",
    "CASE WHEN n > 1 THEN 2 ELSE 3 END",
    "(SELECT max(n) FROM item AS m)",
    "nullif(n, 0)::numeric(9, 2)::int",
    "(ARRAY[n, 2])[1]",
    "date_part('day', now())::int",
    "('{\"a\": 1}'::jsonb ->> 'a')::int",
]
TESTS = [
    "true",
    "n > 1",
    "n IN (1, 2)",
    "n NOT IN (SELECT 1)",
    "name LIKE 'o%'",
    "name NOT ILIKE ('x')",
    "name ~ '^\\w+$'",
    "NOT EXISTS (SELECT 1 FROM item AS u WHERE u.n = 9)",
    "n = ANY (ARRAY[1, 2])",
    "n BETWEEN 1 AND 3",
    "name IS NOT NULL",
    "'glad'::mood = 'glad'",
    "(n, name) = (1, 'one')",
    "NOT (n > 2)",
    "name = 'set local; begin' OR n = 1",
]
SOURCES = [
    "item",
    "item AS item",
    "public.item",
    "(SELECT * FROM item) AS item",
    "(VALUES (1, 1, 'one')) AS item(id, n, name)",
    "item JOIN (SELECT 1 AS x) AS b ON (b.x = 1) JOIN (SELECT 2 AS y) c ON true",
    "ONLY item",
    "item CROSS JOIN LATERAL unnest(ARRAY[item.n]) WITH ORDINALITY AS u(v, o)",
    "item LEFT JOIN generate_series(1, 2) AS g(s) ON g.s = item.n",
    "item TABLESAMPLE system (100)",
]
READS = [
    'SELECT {value}, {value} AS "set" FROM {source} WHERE {test} AND {test}',
    "SELECT count(*) FILTER (WHERE {test}), array_agg(n ORDER BY n) FROM {source}",
    "SELECT n, row_number() OVER (PARTITION BY n ORDER BY {value}) FROM {source} WHERE {test} LIMIT 5",
    "SELECT n, sum({value}) FROM {source} GROUP BY ROLLUP (n), n HAVING count(*) > 0 ORDER BY 1 NULLS FIRST OFFSET 0",
    "SELECT DISTINCT ON (n) {value} FROM {source} WHERE {test}",
    "(SELECT {value} FROM {source}) UNION ALL (SELECT 1) ORDER BY 1",
    "WITH a (v) AS (SELECT {value} FROM {source}), b(w) AS NOT MATERIALIZED (SELECT 1) SELECT * FROM a, b",
    "WITH a AS (SELECT {value} AS v FROM {source}) (SELECT v FROM a) LIMIT 3",
    "EXPLAIN (FORMAT JSON) SELECT {value} FROM {source}",
    "SELECT set_config('app.tenant', 'it''s, false)', true), pg_catalog.set_config ( 'a.b' , $$x$$ , TRUE )",
    "SELECT {value} FROM {source} WHERE {test} FOR UPDATE OF item",
    "SELECT pg_advisory_xact_lock(hashtext('a')), nextval('item_id_seq'), gen_random_uuid()",
    "TABLE item",
    "SHOW search_path",
    "SELECT name, setting FROM pg_settings WHERE name = 'work_mem'",
]
WRITES = [
    (
        "INSERT INTO item (n, name) VALUES ({number}, 'set x = 1') "
        "ON CONFLICT (name) DO UPDATE SET n = excluded.n, name = excluded.name WHERE item.n > 0"
    ),
    "INSERT INTO public.item AS i (n) SELECT {value} FROM {source} WHERE {test} ON CONFLICT DO NOTHING RETURNING (i.n)",
    (
        "WITH a AS (INSERT INTO item (n, name) VALUES ({number}, 'a') "
        "ON CONFLICT (name) DO UPDATE SET n = 2 RETURNING n) SELECT * FROM a"
    ),
    "WITH a AS (DELETE FROM item WHERE n = 900 RETURNING *), b AS (SELECT 1) INSERT INTO item (n) SELECT n FROM a",
    "UPDATE item SET n = {number}, name = name WHERE id = 1",
    "UPDATE item SET (n, name) = ({number}, 'x') FROM (SELECT 1 AS x) AS other WHERE id = 2 AND name IS NULL",
    "DELETE FROM item USING (SELECT 1 AS x) AS d WHERE n = 800 AND d.x = 1",
    (
        "MERGE INTO item USING (SELECT {number} AS v) AS s ON n = s.v "
        "WHEN MATCHED THEN UPDATE SET n = s.v WHEN NOT MATCHED THEN INSERT (n, name) VALUES (s.v, NULL)"
    ),
    "BEGIN; SET LOCAL app.tenant TO 'x'; SAVEPOINT a; UPDATE item SET n = n; ROLLBACK TO a; RELEASE a; COMMIT",
    "SET LOCAL statement_timeout = '5s'; UPDATE item SET n = n",
    "LOCK TABLE item IN SHARE MODE; NOTIFY channel, 'x'; SET CONSTRAINTS ALL DEFERRED",
    "BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1; END",
]


def plain(chance: random.Random) -> str:
    """Return a text that leaves nothing behind."""
    text = chance.choice(READS + WRITES)
    for mark, pieces in {"{value}": VALUES, "{test}": TESTS, "{source}": SOURCES, "{number}": ["1", "7", "42"]}.items():
        while mark in text:
            text = text.replace(mark, chance.choice(pieces), 1)
    return text.replace("$1::int", "1") if ";" in text or "EXPLAIN" in text else text
