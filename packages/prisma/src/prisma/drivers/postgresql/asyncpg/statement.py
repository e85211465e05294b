"""Prepared statements of asyncpg, which also run with the first and last moments of the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asyncpg import exceptions

from prisma.drivers.postgresql import unreadable_dates
from prisma.drivers.postgresql.asyncpg.calendar_limits import DATES, MOMENTS, holds_limit
from prisma.drivers.postgresql.companions import Unsent
from prisma.drivers.postgresql.description import Columns
from prisma.drivers.postgresql.parameters import type_name
from prisma.faults import DriverFault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from prisma.drivers.postgresql.asyncpg.companions import Crossing


class AsyncpgStatement:
    """A prepared statement of asyncpg's; `prepare_for_limits` prepares it with the codecs of `calendar_limits`."""

    __slots__ = (
        "_attributes",
        "_described",
        "_for_limits",
        "_prepare_for_limits",
        "_prepared",
        "_run",
        "_state",
        "_status",
    )

    def __init__(self, run: Any, prepared: Any, prepare_for_limits: Callable[[], Awaitable[Any]]) -> None:
        # What asyncpg's own `fetch` comes to, three calls further down.
        self._run = run
        self._state = prepared._state
        self._prepared = prepared
        self._prepare_for_limits = prepare_for_limits
        self._for_limits: Any = None
        # asyncpg would make them again at every call.
        self._attributes = prepared.get_attributes()
        self._described: Columns | None = None
        self._status: bytes | None = None

    async def fetch(self, *args: Any) -> list[Any]:
        """Run it and return its rows, which are both mappings and sequences."""
        try:
            return await AsyncpgStatement.fetch_plain(self, args)
        except DriverFault as fault:
            # One of several columns: a second look, at what the compiler only reads, shows which.
            if "column" not in fault.fields and self._prepared.get_query().startswith("SELECT"):
                await self._fetch_for_limits(args)
            raise

    async def fetch_along(self, values: Sequence[object], crossing: Crossing) -> list[Any]:
        """Run it with companions and return its rows, which are both mappings and sequences.

        Raises:
            Unsent: a value can't be encoded.
        """
        try:
            with crossing:
                rows, self._status, _ = await self._run(self._state, values, "", 0, True, None)
        except exceptions.DataError as error:
            # Of asyncpg's codecs; one of the server's has a severity.
            if getattr(error, "severity", None) is None:
                raise Unsent from error
            raise
        except (ValueError, ArithmeticError) as error:
            fault = self._unreadable(error)
            if fault is None:
                raise
            raise fault from error
        return rows

    async def fetch_plain(self, values: Sequence[object]) -> list[Any]:
        """Run it and return its rows as sequences."""
        try:
            rows, self._status, _ = await self._run(self._state, values, "", 0, True, None)
        except exceptions.DataError:
            # asyncpg's codecs refuse a Limit before anything is sent.
            if not any(map(holds_limit, values)):
                raise
            return await self._fetch_for_limits(values)
        except (ValueError, ArithmeticError) as error:
            fault = self._unreadable(error)
            if fault is None:
                raise
            raise fault from error
        return rows

    @property
    def name(self) -> bytes:
        """Its name on the server."""
        return self._prepared.get_name().encode()

    def get_parameters(self) -> Any:
        """Return the types of its parameters."""
        return self._prepared.get_parameters()

    def get_attributes(self) -> Any:
        """Return the columns of its result."""
        return self._attributes

    @property
    def columns(self) -> Columns:
        """The columns of its result."""
        if self._described is None:
            columns = self._attributes
            names, types = [column.name for column in columns], [type_name(column.type) for column in columns]
            self._described = Columns(tuple(names), tuple(types))
        return self._described

    def get_statusmsg(self) -> str | None:
        """Return what the server said of the last run, e.g. `INSERT 0 1`."""
        return None if self._status is None else self._status.decode()

    def _unreadable(self, error: Exception) -> DriverFault | None:
        """Return the fault for Python's own words for a date or a moment that it can't hold."""
        types = DATES if isinstance(error, ValueError) else MOMENTS
        names = [column.name for column in self._attributes if column.type.oid in types]
        return unreadable_dates.fault(names) if names else None

    async def _fetch_for_limits(self, values: Sequence[object]) -> list[Any]:
        if self._for_limits is None:
            self._for_limits = await self._prepare_for_limits()
        rows, self._status, _ = await self._run(self._for_limits._state, values, "", 0, True, None)
        unreadable_dates.check([column.name for column in self._attributes], rows)
        return rows
