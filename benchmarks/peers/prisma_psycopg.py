"""The same client over psycopg; compare it with psycopg by hand."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.peers.prisma_python import PrismaPython, connected
from prisma import Prisma


class PsycopgPrisma(Prisma):
    """A client whose schema says `driver = "psycopg"`."""

    _driver: ClassVar[str] = "psycopg"


async def open(folder: str, connections: int) -> PrismaPython:
    return await connected(PsycopgPrisma, folder, connections)
