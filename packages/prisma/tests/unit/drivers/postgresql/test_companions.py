"""What asyncpg's message looks like with companions around it."""

from __future__ import annotations

from typing import Any

from prisma.drivers.postgresql.asyncpg.companions import Crossing, Trial
from prisma.drivers.postgresql.companions import BROKEN_OFF, NONE, Companions

SYNC = b"S\0\0\0\4"
BEGIN = b"P\0\0\0\x0d\0BEGIN\0\0\0B\0\0\0\x0c\0\0\0\0\0\0\0\0E\0\0\0\x09\0\0\0\0\0"
COMMIT = b"P\0\0\0\x0e\0COMMIT\0\0\0B\0\0\0\x0c\0\0\0\0\0\0\0\0E\0\0\0\x09\0\0\0\0\0"


class Transport:
    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))


def test_the_next_message_alone_is_surrounded() -> None:
    transport, sent = Transport(), list[int]()
    companions = Companions.beginning("BEGIN", None).committing()
    with Crossing(transport, companions, lambda: sent.append(len(transport.written))):
        transport.write(memoryview(b"statement" + SYNC))
        transport.write(b"next")
    transport.write(b"last")
    assert (transport.written, sent) == ([BEGIN + b"statement" + COMMIT + SYNC, b"next", b"last"], [0])


def test_settings_are_parameters_and_may_be_alone() -> None:
    transport = Transport()
    with Crossing(transport, Companions.alone({"role": "'r"}).committing(), lambda: None):
        transport.write(b"statement" + SYNC)
    sql = b"SELECT set_config($1, $2, true) OFFSET 1"
    parse = b"P" + (len(sql) + 8).to_bytes(4, "big") + b"\0" + sql + b"\0\0\0"
    bind = b"B\0\0\0\x1a\0\0\0\0\0\2\0\0\0\4role\0\0\0\2'r\0\0"
    assert transport.written == [parse + bind + b"E\0\0\0\x09\0\0\0\0\0" + b"statement" + SYNC]


def test_where_nothing_was_written_the_transport_is_as_before() -> None:
    transport, sent = Transport(), list[int]()
    with Crossing(transport, NONE.committing(), lambda: sent.append(1)):
        pass
    transport.write(b"later")
    assert (transport.written, sent, "write" in vars(transport)) == ([b"later"], [], False)


def test_a_transport_that_the_library_does_not_write_to_takes_none() -> None:
    used, unused = Transport(), Transport()
    trials = [Trial(used), Trial(unused)]
    used.write(b"x")
    assert ([trial.passed for trial in trials], used.written) == ([True, False], [b"x"])


def test_a_commit_waits_for_columns_that_may_be_unreadable() -> None:
    committing = NONE.committing()
    assert [committing.with_columns(types).after for types in ([], [23, 25], [23, 1082])] == ["COMMIT", "COMMIT", ""]


def test_alone_they_suit_what_can_not_end_a_transaction() -> None:
    texts = ["SELECT 1", " with x AS (SELECT 1) TABLE x", "/* */ SELECT 1", "CALL p()", "SELECTED", "COMMIT"]
    alone, beginning = Companions.alone({"role": "r"}), Companions.beginning("BEGIN", None)
    assert [(alone.suits(text), beginning.suits(text), BROKEN_OFF.suits(text)) for text in texts] == [
        (True, True, False), (True, True, False), *[(False, True, False)] * 4,
    ]  # fmt: skip


def test_what_is_broken_off_stays_so() -> None:
    assert [BROKEN_OFF.committing() is BROKEN_OFF, BROKEN_OFF.waiting() is BROKEN_OFF] == [True, True]
