"""The types whose values come as PostgreSQL's own text on every driver, because JSON has no form for them.

Each library would convert them in a different way: an interval of months to days, a bit string to groups of eight.
"""

from __future__ import annotations

from typing import Final

# Their numbers in every PostgreSQL's catalog, by name.
TEXT_TYPES: Final = {
    "char": 18, "bit": 1560, "varbit": 1562,
    "time": 1083, "timetz": 1266, "interval": 1186,
    "point": 600, "lseg": 601, "path": 602, "box": 603, "polygon": 604, "line": 628, "circle": 718,
    "inet": 869, "cidr": 650, "macaddr": 829, "macaddr8": 774,
    "int2vector": 22, "oidvector": 30, "tid": 27, "pg_lsn": 3220, "txid_snapshot": 2970, "pg_snapshot": 5038,
    "int4range": 3904, "int8range": 3926, "numrange": 3906, "tsrange": 3908, "tstzrange": 3910, "daterange": 3912,
    "int4multirange": 4451, "int8multirange": 4536, "nummultirange": 4532, "tsmultirange": 4533,
    "tstzmultirange": 4534, "datemultirange": 4535,
    "record": 2249, "void": 2278,
}  # fmt: skip
