"""Types of the client's constructor options."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypeAlias, TypedDict

ErrorFormat: TypeAlias = Literal["pretty", "colorless", "minimal"]
IsolationLevel: TypeAlias = Literal["ReadUncommitted", "ReadCommitted", "RepeatableRead", "Serializable"]


class TransactionOptions(TypedDict, total=False):
    """How a client's transactions are unless a call says otherwise; an int is in milliseconds.

    `max_wait` bounds the wait for a connection (2 s), `timeout` the whole transaction (5 s). `isolation_level` holds
    for batches too; without it the database's own default does.
    """

    max_wait: int | timedelta
    timeout: int | timedelta
    isolation_level: IsolationLevel
