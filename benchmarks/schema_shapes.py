"""Schemas of any size, by the shape of their relations: for benchmarks, and for tests of what size may not break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

_HEAD: Final = """
datasource db {
  provider = "postgresql"
}

generator client {
  provider = "prisma-client-py"
  output   = "client"
}
"""
ENUMS: Final = 12
# What every model has; the schemas of large programs are like that: an id, times, a few texts, numbers and keys.
_FIELDS: Final = (
    "createdAt DateTime @default(now())",
    "updatedAt DateTime @updatedAt",
    "name String",
    "slug String @unique",
    "note String?",
    "position Int @default(0)",
    "amount Decimal?",
    "ratio Float?",
    "isActive Boolean @default(true)",
    "settings Json?",
    "tags String[]",
)
_ID: Final = "id String @id @default(cuid())"


def islands(count: int) -> str:
    """Return models without relations."""
    return _schema(_model(number, (_ID, *_FIELDS)) for number in range(count))


def chain(count: int) -> str:
    """Return models of which each belongs to the one before."""
    return _schema(_model(number, (_ID, *_FIELDS, *_links(number, count, 0))) for number in range(count))


def circle(count: int) -> str:
    """Return a chain whose first model belongs to the last one."""
    return _schema(_model(number, (_ID, *_FIELDS, *_links(number, count, count))) for number in range(count))


def web(count: int) -> str:
    """Return models that belong to two others each, and so have two lists of others."""
    return _schema(
        _model(number, (_ID, *_FIELDS, *_two(number, count)), "@@unique([ownerId, name])") for number in range(count)
    )


def dense(count: int, seed: int = 1) -> str:
    """Return models with relations drawn by chance: five a model and more, some to itself, some many-to-many.

    Every fifth model has an id of two fields.
    """
    chance = Random(seed)
    bodies = [[_ID, *_FIELDS] if number % 5 else ["year Int", "number Int", *_FIELDS] for number in range(count)]
    ends = [["@@id([year, number])"] if number % 5 == 0 else [] for number in range(count)]
    keyed = [number for number in range(count) if number % 5] or [0]
    for number in range(count):
        for link in range(chance.randint(2, 4)):
            _relate(bodies, number, chance.choice(keyed), link, is_mutual=number in keyed and chance.random() < 0.2)
    return _schema(_model(number, bodies[number], *ends[number]) for number in range(count))


SHAPES: Final[dict[str, Callable[[int], str]]] = {
    "islands": islands, "chain": chain, "circle": circle, "web": web, "dense": dense,
}  # fmt: skip


def _schema(models: Iterator[str]) -> str:
    return "\n".join([_HEAD, *_enums(), *models])


def _enums() -> Iterator[str]:
    for number in range(ENUMS):
        yield f"enum Kind{number} {{\n  first\n  second\n  third\n  fourth\n}}\n"


def _model(number: int, fields: tuple[str, ...] | list[str], *ends: str) -> str:
    lines = (*fields, f"kind Kind{number % ENUMS}", *ends, "@@index([createdAt])")
    body = "\n".join(f"  {line}" for line in lines)
    return f"model Model{number} {{\n{body}\n}}\n"


def _links(number: int, count: int, around: int) -> Iterator[str]:
    """Yield the relations of a chain of `count`; of a circle if `around` is that number too."""
    before = (number - 1) % around if around else number - 1
    after = (number + 1) % around if around else number + 1
    if before >= 0:
        yield from ("upId String?", f'up Model{before}? @relation("Up{number}", fields: [upId], references: [id])')
    if after < count:
        yield f'down Model{after}[] @relation("Up{after}")'


def _two(number: int, count: int) -> Iterator[str]:
    near, far = (number + 1) % count, (number + 7) % count
    before, long_before = (number - 1) % count, (number - 7) % count
    yield "ownerId String"
    yield f'owner Model{near} @relation("Owner{number}", fields: [ownerId], references: [id])'
    yield "groupId String?"
    yield f'group Model{far}? @relation("Group{number}", fields: [groupId], references: [id])'
    yield f'owned Model{before}[] @relation("Owner{before}")'
    yield f'members Model{long_before}[] @relation("Group{long_before}")'


def _relate(bodies: list[list[str]], number: int, other: int, link: int, *, is_mutual: bool) -> None:
    name, field, back = f"Link{number}_{link}", f"link{link}", f"from{number}_{link}"
    if is_mutual:
        bodies[number].append(f'{field} Model{other}[] @relation("{name}")')
        bodies[other].append(f'{back} Model{number}[] @relation("{name}")')
        return
    relation = f'@relation("{name}", fields: [{field}Id], references: [id])'
    bodies[number] += [f"{field}Id String?", f"{field} Model{other}? {relation}"]
    bodies[other].append(f'{back} Model{number}[] @relation("{name}")')
