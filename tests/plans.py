"""The plans of the statements that a request of the service runs, as PostgreSQL explains them.

Each statement is explained in a transaction with the role and the settings of its request, by the general
plan that PostgreSQL keeps after some executions, unless the service has it planned anew each time.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from psycopg import sql

from app.database.retry import with_transaction
from app.tenancy import access
from prisma import Prisma

GENERAL = "SET LOCAL plan_cache_mode = force_generic_plan"
MODE = "plan_cache_mode"


@dataclass
class Plans:
    """The plans since `clear`, and the events of statements that are not explained yet."""

    found: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    pending: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])

    def watch(self, db: Prisma, monkeypatch: pytest.MonkeyPatch) -> None:
        """Explain what requests read through this client from now on."""

        def note(event: Any) -> None:
            # Not what opens and ends transactions.
            if event.query.lstrip().startswith("SELECT"):
                self.pending.append((event.query, event.params))

        db.on("query", note)

        async def explaining(db: Prisma, work: Callable[[Prisma], Awaitable[Any]], **options: Any) -> Any:
            async def explained(tx: Prisma) -> Any:
                self.pending.clear()
                result = await work(tx)
                await self._explain(tx, list(self.pending), options.get("settings") or {})
                return result

            return await with_transaction(db, explained, **options)

        # In one transaction with the explanations; otherwise each query would be one by itself.
        monkeypatch.setattr(access, "with_reads", explaining)

    async def _explain(self, tx: Any, statements: Iterable[tuple[str, Any]], settings: Mapping[str, str]) -> None:
        if MODE not in settings:
            await tx.execute_raw(GENERAL)
        for query, params in statements:
            values = ", ".join(_literal(value) for value in params)
            await tx.execute_raw(f"PREPARE explained AS {query}")
            rows = await tx.query_raw(
                f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained{f'({values})' if values else ''}"
            )
            await tx.execute_raw("DEALLOCATE explained")
            plan = rows[0]["QUERY PLAN"]
            self.found.append((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])

    def clear(self) -> None:
        self.found.clear()

    @property
    def buffers(self) -> int:
        """How many buffers all statements read."""
        return sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in self.found)

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """All nodes of all plans."""
        return [node for plan in self.found for node in _nodes(plan)]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"ARRAY[{', '.join(_literal(item) for item in value)}]::text[]"
    return sql.Literal(value.isoformat() if isinstance(value, datetime) else value).as_string()
