"""Retries: after which errors, when, and how often; time is a list of the waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest

from app.database.retry import Backoff, batch_insert, is_transient, is_transient_in_transaction, paginate, with_retry
from prisma.engine.errors import EngineConnectionError
from prisma.errors import DataError, RecordNotFoundError, data_error

MIDDLE = 0.5  # the chance that moves a wait neither way


class Clock:
    """Notes the waits, and lets none happen."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def sleep(self, seconds: float, /) -> None:
        self.waits.append(seconds)


class Flaky:
    """An operation that raises what it was given, one error for each call, and then returns."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def refused(code: str) -> DataError:
    return data_error(code, f"refused with {code}", {})


def run(operation: Callable[[], Awaitable[str]], clock: Clock):
    return with_retry(operation, sleep=clock.sleep, chance=lambda: MIDDLE)


@pytest.mark.parametrize(
    ("error", "transient", "in_transaction"),
    [
        *((refused(code), True, True) for code in ("P1001", "P1002", "P1008", "P1017", "P2024")),
        (refused("P2034"), False, True),
        *((refused(code), False, False) for code in ("P2002", "P2025", "P1000", "P1003")),
        (EngineConnectionError(refused("P1001").data), True, True),
        (EngineConnectionError(refused("P1000").data), False, False),
        (ConnectionResetError(), True, True),
        (ValueError(), False, False),
        (TimeoutError(), False, False),
    ],
    ids=lambda value: getattr(value, "code", None) or str(value),
)
def test_which_errors_pass(error: Exception, transient: bool, in_transaction: bool):
    assert (is_transient(error), is_transient_in_transaction(error)) == (transient, in_transaction)


@pytest.mark.parametrize(("failures", "waits"), [(0, []), (1, [1.0]), (2, [1.0, 2.0]), (3, [1.0, 2.0, 4.0])])
async def test_tries_again_after_growing_waits(failures: int, waits: list[float]):
    clock, operation = Clock(), Flaky(*(refused("P1001") for _ in range(failures)))

    assert await run(operation, clock) == "done"
    assert (operation.calls, clock.waits) == (failures + 1, waits)


async def test_gives_up_with_the_last_error_unchanged():
    errors = [refused("P1001"), refused("P1008"), refused("P1017"), refused("P2024")]
    clock, operation = Clock(), Flaky(*errors)

    with pytest.raises(DataError) as caught:
        await run(operation, clock)
    assert (caught.value is errors[-1], operation.calls, clock.waits) == (True, 4, [1.0, 2.0, 4.0])


async def test_raises_any_other_error_at_once():
    error = RecordNotFoundError({})
    clock, operation = Clock(), Flaky(error)

    with pytest.raises(RecordNotFoundError) as caught:
        await run(operation, clock)
    assert (caught.value is error, operation.calls, clock.waits) == (True, 1, [])


@pytest.mark.parametrize(
    ("retry", "chance", "delay"),
    [(0, 0.0, 0.75), (0, 0.5, 1.0), (0, 1.0, 1.25), (2, 0.0, 3.0), (3, 1.0, 10.0), (9, 0.5, 10.0), (60, 0.0, 10.0)],
)
def test_waits_are_jittered_and_capped(retry: int, chance: float, delay: float):
    assert Backoff().delay(retry, chance) == delay


@pytest.mark.parametrize(
    ("items", "size", "portions"),
    [([], 2, []), ([1], 2, [[1]]), ([1, 2], 2, [[1, 2]]), ([1, 2, 3], 2, [[1, 2], [3]])],
)
async def test_inserts_in_portions_in_order(items: list[int], size: int, portions: list[list[int]]):
    seen: list[list[int]] = []

    async def insert(portion: Sequence[int]) -> int:
        seen.append(list(portion))
        return len(portion)

    assert (await batch_insert(items, insert, size), seen) == (len(items), portions)


async def test_each_portion_is_tried_again_by_itself():
    clock, seen = Clock(), []
    errors = {2: [refused("P1017")], 3: [refused("P1001"), refused("P1001")]}

    async def insert(portion: Sequence[int]) -> int:
        seen.append(portion[0])
        if errors.get(portion[0]):
            raise errors[portion[0]].pop()
        return len(portion)

    assert await batch_insert([1, 2, 3], insert, 1, sleep=clock.sleep, chance=lambda: MIDDLE) == 3
    assert (seen, clock.waits) == ([1, 2, 2, 3, 3, 3], [1.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("rows", "pages", "calls"),
    [
        (0, [], [(0, 2)]),
        (1, [[0]], [(0, 2)]),
        (2, [[0, 1]], [(0, 2), (2, 2)]),
        (5, [[0, 1], [2, 3], [4]], [(0, 2), (2, 2), (4, 2)]),
    ],
)
async def test_pages_end_with_an_empty_or_a_short_one(rows: int, pages: list[list[int]], calls: list[tuple[int, int]]):
    asked: list[tuple[int, int]] = []

    async def fetch(skip: int, take: int) -> list[int]:
        asked.append((skip, take))
        return list(range(rows))[skip : skip + take]

    assert ([page async for page in paginate(fetch, 2)], asked) == (pages, calls)


async def test_sizes_below_one_are_refused():
    async def never(*_: object) -> list[int]:
        raise AssertionError

    with pytest.raises(ValueError, match="size must be at least 1"):
        await batch_insert([1], never, 0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="page_size must be at least 1"):
        await anext(aiter(paginate(never, 0)))
