"""Exchanges with the server over libpq, as generators that yield what they wait for; the caller does the waiting.

They use libpq directly, below psycopg's cursors. A cursor chooses the types of parameters by Python's types; here the
server chooses them.
"""

from __future__ import annotations

import ctypes
import os
import select
import socket
import sys
import time
from typing import TYPE_CHECKING, TypeVar

import psycopg
from psycopg import generators
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, PollingStatus, TransactionStatus
from psycopg.waiting import Wait

from prisma.drivers.postgresql.psycopg.translation import DialError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from psycopg.abc import PQGen, PQGenConn
    from psycopg.pq.abc import PGconn, PGresult

    from prisma.drivers.postgresql.companions import Companions

T = TypeVar("T")
State = TypeVar("State")

BROKEN = frozenset({ExecStatus.COPY_IN, ExecStatus.COPY_OUT, ExecStatus.COPY_BOTH})
_VERBOSE = 2  # PQERRORS_VERBOSE: the message has the SQLSTATE
_DEFAULT = 1


def dial(conninfo: str) -> PQGenConn[PGconn]:
    """Connect; a DialError tells how far the connection came."""
    pgconn = psycopg.pq.PGconn.connect_start(conninfo.encode())
    # libpq gives the SQLSTATE of a failed login in no other place than its message.
    verbose = _set_verbosity(pgconn, _VERBOSE)
    while True:
        stage = ConnStatus(pgconn.status)
        polled = PollingStatus.FAILED if stage is ConnStatus.BAD else pgconn.connect_poll()
        if polled == PollingStatus.OK:
            break
        if polled == PollingStatus.FAILED:
            error = DialError(
                pgconn.get_error_message(), stage, verbose=verbose, needs_password=bool(pgconn.needs_password)
            )
            pgconn.finish()
            raise error
        wait = Wait.R if polled == PollingStatus.READING else Wait.W
        while not (yield pgconn.socket, wait):
            pass
    _set_verbosity(pgconn, _DEFAULT)
    pgconn.nonblocking = 1
    return pgconn


def run_simple(pgconn: PGconn, sql: bytes) -> PQGen[PGresult]:
    """Run SQL by the simple protocol; return the result of its last statement."""
    pgconn.send_query(sql)
    return _checked(pgconn, (yield from generators.execute(pgconn)))


def run_kept(pgconn: PGconn, name: bytes, values: Sequence[bytes | None], formats: Sequence[int]) -> PQGen[PGresult]:
    """Run a statement that the server has kept."""
    pgconn.send_query_prepared(name, values, formats)
    return _checked(pgconn, (yield from generators.execute(pgconn)))


def run_along(
    pgconn: PGconn,
    name: bytes,
    values: Sequence[bytes | None],
    formats: Sequence[int],
    companions: Companions,
) -> PQGen[PGresult]:
    """Run a statement that the server has kept, with its companions, in a pipeline."""
    pgconn.enter_pipeline_mode()
    before = companions.before if companions.along is None else (*companions.before, companions.along)
    for each in before:
        texts = [text.encode() for text in each.texts]
        if each.name:
            pgconn.send_query_prepared(each.name, texts)
        else:
            pgconn.send_query_params(each.sql.encode(), texts)
    pgconn.send_query_prepared(name, values, formats)
    if companions.after:
        pgconn.send_query_params(companions.after.encode(), [])
    pgconn.pipeline_sync()
    yield from generators.send(pgconn)
    results = yield from _until_sync(pgconn)
    pgconn.exit_pipeline_mode()
    _checked(pgconn, results)
    return results[len(before)]


def run_once(
    pgconn: PGconn, sql: bytes, values: Sequence[bytes | None], formats: Sequence[int], types: Sequence[int]
) -> PQGen[PGresult]:
    """Parse and run a statement in one go."""
    pgconn.send_query_params(sql, values, types, formats)
    return _checked(pgconn, (yield from generators.execute(pgconn)))


def run_row_by_row(
    pgconn: PGconn,
    sql: bytes,
    values: Sequence[bytes | None],
    formats: Sequence[int],
    types: Sequence[int],
    take: Callable[[PGresult], None],
) -> PQGen[PGresult]:
    """Parse and run a statement, and hand each row to `take` when it comes; return the result behind the rows."""
    pgconn.send_query_params(sql, values, types, formats)
    pgconn.set_single_row_mode()
    yield from generators.send(pgconn)
    results: list[PGresult] = []
    while (result := (yield from generators.fetch(pgconn))) is not None:
        if result.status == ExecStatus.SINGLE_TUPLE:
            take(result)
            continue
        results.append(result)
        if result.status in BROKEN:
            break
    return _checked(pgconn, results)


def rest(pgconn: PGconn) -> PQGen[bool]:
    """Read what the server still says to a statement; return whether it has come to its end without an error."""
    has_failed = False
    while (result := (yield from generators.fetch(pgconn))) is not None:
        has_failed = has_failed or result.status == ExecStatus.FATAL_ERROR
    return not has_failed


def describe(pgconn: PGconn, name: bytes, sql: bytes, dropped: Sequence[bytes]) -> PQGen[PGresult]:
    """Parse a statement and return its description; drop others by name on the same way."""
    # In a pipeline, all three requests are one round trip.
    pgconn.enter_pipeline_mode()
    for each in dropped:
        pgconn.send_close_prepared(each)
    pgconn.send_prepare(name, sql)
    pgconn.send_describe_prepared(name)
    pgconn.pipeline_sync()
    yield from generators.send(pgconn)
    results = yield from _until_sync(pgconn)
    pgconn.exit_pipeline_mode()
    return _checked(pgconn, results)


def drain(pgconn: PGconn) -> PQGen[None]:
    """Read what the server still says to an exchange that was left in the middle."""
    yield from generators.send(pgconn)
    if pgconn.pipeline_status != PipelineStatus.OFF:
        yield from _until_sync(pgconn)
        pgconn.exit_pipeline_mode()
    elif pgconn.transaction_status == TransactionStatus.ACTIVE:
        yield from generators.fetch_many(pgconn)


def cancel(pgconn: PGconn) -> PQGenConn[None]:
    """Ask the server to end what it runs."""
    request = pgconn.cancel_conn()
    request.start()
    yield from generators.cancel(request)


def look(pgconn: PGconn) -> None:
    """Read what the server has sent without being asked, such as the end of the connection."""
    try:
        # The server's last message and the end of the connection are read one after the other.
        while _is_readable(pgconn.socket):
            pgconn.consume_input()
    except (psycopg.Error, OSError, ValueError):
        pgconn.finish()


def shut_down(pgconn: PGconn) -> None:
    """End the connection below a thread that waits for it."""
    try:
        # A copy of the descriptor, because libpq owns the original and closes it.
        with socket.socket(fileno=os.dup(pgconn.socket)) as sock:
            sock.shutdown(socket.SHUT_RDWR)
    except (psycopg.Error, OSError):
        return  # it has ended already


def bounded(gen: Generator[State, int, T], seconds: float) -> Generator[State, int, T]:
    """Raise TimeoutError into an exchange that takes longer; its caller must resume it now and then to notice."""
    deadline = time.monotonic() + seconds
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and time.monotonic() >= deadline:
                raise TimeoutError
            state = gen.send(ready)
    except StopIteration as end:
        return end.value


def _is_readable(descriptor: int) -> bool:
    # poll() takes descriptors of any number, but Windows has none.
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _until_sync(pgconn: PGconn) -> PQGen[list[PGresult]]:
    results: list[PGresult] = []
    while True:
        batch = yield from generators.fetch_many(pgconn)
        if batch and batch[-1].status == ExecStatus.PIPELINE_SYNC:
            return results
        results += batch


def _checked(pgconn: PGconn, results: Sequence[PGresult]) -> PGresult:
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)
        if result.status in BROKEN:
            # The server waits for rows, or sends them, until the end of the connection.
            pgconn.finish()
            raise psycopg.NotSupportedError("COPY can't be used here.")
    return results[-1]


def _set_verbosity(pgconn: PGconn, verbosity: int) -> bool:
    """Set how much a message says, which psycopg has no function for; return whether that is possible here."""
    try:
        # The module that holds psycopg's connection is linked with its libpq.
        library = ctypes.CDLL(sys.modules[type(pgconn).__module__].__file__)
        function = library.PQsetErrorVerbosity
        pointer: int = getattr(pgconn, "pgconn_ptr")  # noqa: B009 - the protocol for type checkers leaves it out
    except (OSError, AttributeError):
        return False
    function.argtypes = [ctypes.c_void_p, ctypes.c_int]
    function(pointer, verbosity)
    return True
