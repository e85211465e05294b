"""The lock that keeps migrations of one database apart."""

from __future__ import annotations

from typing import Final

LOCK_KEY: Final = 72707369
"""The key that Prisma's command line locks with, so that the two never migrate at the same time."""

LOCK: Final = f"a postgres advisory lock (SELECT pg_advisory_lock({LOCK_KEY}))"
"""The lock in the words of messages."""

LOCK_SECONDS: Final = 10
"""How long Prisma's command line waits, too."""
