"""Kinds of columns in the answers that the schema engine gets; the values are those of Prisma's driver adapters."""

from __future__ import annotations

from enum import IntEnum


class ColumnType(IntEnum):
    """What the values of a column are."""

    INT32 = 0
    INT64 = 1
    FLOAT = 2
    DOUBLE = 3
    NUMERIC = 4
    BOOLEAN = 5
    CHARACTER = 6
    TEXT = 7
    DATE = 8
    TIME = 9
    DATETIME = 10
    JSON = 11
    BYTES = 13
    UUID = 15
    INT32_ARRAY = 64
    INT64_ARRAY = 65
    FLOAT_ARRAY = 66
    DOUBLE_ARRAY = 67
    NUMERIC_ARRAY = 68
    BOOLEAN_ARRAY = 69
    CHARACTER_ARRAY = 70
    TEXT_ARRAY = 71
    UUID_ARRAY = 78
