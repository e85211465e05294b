"""SQL that is refused before it is sent."""

from __future__ import annotations

import pytest

from prisma.drivers.postgresql.sql_checks import check_sendable, is_empty
from prisma.faults import DriverFault

REFUSED = {
    "copy t from stdin": "0A000",
    "COPY t (a, b) FROM STDIN WITH (FORMAT csv)": "0A000",
    "copy binary t from stdin": "0A000",
    "COPY (SELECT 'x' FROM t) TO STDOUT": "0A000",
    "copy t to stdin": "0A000",
    'SELECT 1; /* ; */ COPY public."t" FROM STDIN; SELECT 2': "0A000",
    "-- c\n;copy t from stdin": "0A000",
    "SELECT 1\0": "22021",
    "SELECT '\ud800'": "22021",
}
SENT = [
    "COPY t FROM '/tmp/stdin'",
    "COPY t TO PROGRAM 'cat > stdout'",
    "SELECT 'copy t from stdin'",
    "SELECT $$ ; copy t from stdin $$",
    "SELECT 1 -- ; copy t from stdin",
    'SELECT copy FROM "stdin"',
    "SELECT copy FROM stdin",
    "COPY (SELECT 1 FROM stdin) TO '/tmp/x'",
    'COPY t FROM "stdin"',
    "SELECT 'copy from stdin",
]


def sqlstate(sql: str) -> object:
    try:
        check_sendable(sql)
    except DriverFault as fault:
        return fault.fields["sqlstate"]
    return None


def test_refused() -> None:
    assert {sql: sqlstate(sql) for sql in REFUSED} == REFUSED


def test_sent() -> None:
    assert [sql for sql in SENT if sqlstate(sql) is not None] == []


@pytest.mark.parametrize("sql", ["", ";", " ;;\n", "-- only", "/* /* c */ */ ; -- d"])
def test_nothing(sql: str) -> None:
    assert is_empty(sql)


@pytest.mark.parametrize("sql", ["SELECT", "-- c\nSELECT 1", "/* c */ SELECT 1", "/* c", "';'", '";"'])
def test_something(sql: str) -> None:
    assert not is_empty(sql)
