"""Ids and times that the client generates: their format, and where their parts come from."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from uuid import UUID

import pytest

from prisma.engine.generators import Generators

# The epoch's milliseconds of the fixture's clock are 0x018F4CBB3823, in base 36 lvume0ir.
MILLISECONDS = 0x018F4CBB3823


@pytest.mark.parametrize(
    ("make", "pattern"),
    [
        (lambda g: g.uuid(), r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        (lambda g: g.uuid(4), r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        (lambda g: g.uuid(7), r"018f4cbb-3823-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        (lambda g: g.cuid(), r"clvume0ir[0-9a-z]{16}"),
        (lambda g: g.cuid(1), r"clvume0ir[0-9a-z]{16}"),
        (lambda g: g.cuid(2), r"[a-z][0-9a-z]{23}"),
        (lambda g: g.ulid(), r"01HX6BPE13[0-9A-HJKMNP-TV-Z]{16}"),
        (lambda g: g.nanoid(), r"[A-Za-z0-9_-]{21}"),
        (lambda g: g.nanoid(8), r"[A-Za-z0-9_-]{8}"),
    ],
    ids=["uuid", "uuid 4", "uuid 7", "cuid", "cuid 1", "cuid 2", "ulid", "nanoid", "nanoid of 8"],
)
def test_format(make, pattern: str, generators: Generators) -> None:  # type: ignore[no-untyped-def]
    made = [make(generators) for _ in range(50)]
    assert all(re.fullmatch(pattern, value) for value in made)
    assert len(set(made)) == 50


def test_now_has_milliseconds(generators: Generators) -> None:
    assert generators.now() == datetime(2024, 5, 6, 7, 8, 9, 123000, UTC)


def test_uuid_is_what_the_standard_says(generators: Generators) -> None:
    four, seven = UUID(generators.uuid(4)), UUID(generators.uuid(7))
    assert (four.version, four.variant, seven.version, seven.variant) == (4, UUID(int=1 << 63).variant, 7, four.variant)
    assert seven.int >> 80 == MILLISECONDS


@pytest.mark.parametrize(
    ("name", "options"),
    [("uuid", ()), ("uuid", (4,)), ("uuid", (7,)), ("cuid", ()), ("cuid", (2,)), ("ulid", ()), ("nanoid", (8,))],
)
def test_many_are_as_one_by_one(name: str, options: tuple[int, ...], generators: Generators) -> None:
    made, one = generators.many(name, 50, *options), getattr(generators, name)(*options)
    assert (len(made), len(set(made)), {len(each) for each in made}) == (50, 50, {len(one)})


def test_many_uuids_are_what_the_standard_says(generators: Generators) -> None:
    made = [UUID(each) for each in generators.many("uuid", 50)]
    assert {(each.version, each.variant) for each in made} == {(4, UUID(int=1 << 63).variant)}


def test_a_moment_can_stand_still() -> None:
    hours = [datetime(2024, 5, 6, hour, tzinfo=UTC) for hour in range(2)]
    running = Generators(clock=iter(hours).__next__, random_bytes=secrets.token_bytes)
    still = running.of_one_moment()
    assert [still.now(), still.now(), running.now()] == [hours[0], hours[0], hours[1]]


def test_cuid_counts() -> None:
    still = Generators(clock=lambda: datetime(2024, 5, 6, tzinfo=UTC), random_bytes=bytes)
    assert [still.cuid()[9:13] for _ in range(3)] == ["0000", "0001", "0002"]


def test_two_makers_differ() -> None:
    clock = datetime(2024, 5, 6, tzinfo=UTC)
    makers = [Generators(clock=lambda: clock, random_bytes=secrets.token_bytes) for _ in range(2)]
    assert len({maker.cuid()[13:17] for maker in makers}) == 2
