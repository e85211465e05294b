"""Promises and their loop behave as JavaScript's."""

from __future__ import annotations

import pytest

from prisma.javascript.values import UNDEFINED
from prisma.schema_engine.promises import Loop, Promise, State


@pytest.fixture
def loop():
    return Loop()


def resolved(loop, value):
    promise = Promise(loop)
    promise.resolve(value)
    return promise


def rejected(loop, reason):
    promise = Promise(loop)
    promise.reject(reason)
    return promise


def end(loop, promise):
    loop.run_until(promise)
    return promise.state, promise.value


FULFILLED, REJECTED = State.FULFILLED, State.REJECTED
ENDS = {
    "a value": (lambda loop: resolved(loop, 1).then(lambda v: v + 1), (FULFILLED, 2)),
    "a reason passes by": (lambda loop: rejected(loop, "no").then(lambda v: v), (REJECTED, "no")),
    "a reason is handled": (lambda loop: rejected(loop, "no").then(lambda v: v, lambda r: r + "!"), (FULFILLED, "no!")),
    "a promise is followed": (lambda loop: resolved(loop, resolved(loop, 1)), (FULFILLED, 1)),
    "a rejected promise is followed": (lambda loop: resolved(loop, rejected(loop, "no")), (REJECTED, "no")),
    "a reaction's promise is followed": (
        lambda loop: resolved(loop, 1).then(lambda v: resolved(loop, 3)),
        (FULFILLED, 3),
    ),
    "work": (lambda loop: loop.start(lambda: 5), (FULFILLED, 5)),
    "nothing": (lambda loop: resolved(loop, UNDEFINED), (FULFILLED, UNDEFINED)),
}


@pytest.mark.parametrize("name", ENDS)
def test_ends(loop, name):
    make, expected = ENDS[name]
    assert end(loop, make(loop)) == expected


def test_only_the_first_end_counts(loop):
    promise = Promise(loop)
    promise.resolve(resolved(loop, 1))
    promise.resolve(2)
    promise.reject(3)
    assert end(loop, promise) == (FULFILLED, 1)


def test_reactions_come_after_what_runs_and_in_order(loop):
    seen = []
    promise = resolved(loop, 1)
    last = promise.then(seen.append)
    promise.then(lambda v: seen.append(v + 1))
    seen.append(0)
    loop.run_until(last)
    assert seen == [0, 1, 2]


def test_microtasks_come_before_work_and_work_before_timers(loop):
    seen = []
    timed = Promise(loop)
    loop.set_timer(lambda: (seen.append("timer"), timed.resolve()), 0)
    loop.start(lambda: seen.append("work"))
    loop.enqueue(lambda: seen.append("microtask"))
    loop.run_until(timed)
    assert seen == ["microtask", "work", "timer"]


def test_timers_of_a_settled_call_are_dropped(loop):
    seen = []
    loop.set_timer(lambda: seen.append("early"), 0)
    loop.run_until(loop.start(lambda: None))
    with pytest.raises(RuntimeError, match="waits for something that nobody will do"):
        loop.run_until(Promise(loop))
    assert seen == []
