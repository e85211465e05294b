"""Facts about creating databases: from where it is done, and how the server says that another was faster."""

from __future__ import annotations

from typing import Final

from prisma.faults import FaultKind

MAINTENANCE_DATABASES: Final = ("postgres", "template1")
"""Databases that every server has, from which others can be created."""

EXISTS_NOW: Final = (FaultKind.DATABASE_ALREADY_EXISTS, FaultKind.UNIQUE_CONSTRAINT_VIOLATION)
"""Another process has created it. The server reports the second kind if both did at the same time."""
