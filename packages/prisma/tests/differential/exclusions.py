"""Differences that are defects of Prisma: each with a name, a reason, and a test for it.

Left out of the seed and of the vocabulary, because no query could tell us anything there: decimals of more than fifteen
digits in records of a relation (the JavaScript runtime reads them as floats), NULL inside lists (it refuses those
records), times finer than a millisecond (it cuts them, whatever the column's precision), and on MySQL times before the
year 1000 (it takes the year 1 for 2001).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .queries import Query

Outcome = Mapping[str, Any]

_TEXT_OF_JSON: Final = re.compile(r"\{\"string_(?:contains|starts_with|ends_with)\"")
_DISCONNECT_FALSE: Final = '"disconnect": false'
_NO_ACCOUNT: Final = re.compile(r'"account": (?:null|\{[^{}]*"is(?:Not)?": null)')


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A difference that is accepted.

    Attributes:
        reason: what upstream does wrong, and what we do instead.
        applies: whether a query, our outcome and theirs are a case of it.
    """

    reason: str
    applies: Callable[[Query, Outcome, Outcome], bool]


EXCLUSIONS: Final[Mapping[str, Exclusion]] = {
    "bigint-lists-in-joins": Exclusion(
        "A BigInt list of a joined relation arrives as the text of an array, on which the JavaScript runtime fails; "
        "we read it.",
        lambda query, ours, theirs: "error" not in ours and "values.map is not a function" in theirs.get("message", ""),
    ),
    "none-of-compound-keys": Exclusion(
        "None for an account wants the whole of an entry's key to be NULL, although no account belongs to one of whose "
        "key a part is NULL; we find both.",
        # The records that are found as well may break a constraint.
        lambda query, ours, theirs: (
            ours.get("error") in {None, "P2002"} and _NO_ACCOUNT.search(json.dumps(query.request)) is not None
        ),
    ),
    "disconnect-false": Exclusion(
        "`disconnect: false` disconnects; we do nothing.",
        lambda query, ours, theirs: _DISCONNECT_FALSE in json.dumps(query.request),
    ),
    "condition-of-upsert-in-link": Exclusion(
        "A nested upsert whose condition finds no record puts the condition into the statement that links the new one, "
        "whose table has no such column; we leave it out there.",
        lambda query, ours, theirs: (
            "error" not in ours and theirs.get("error") in {"P2021", "P2022"} and _has_upsert(query)
        ),
    ),
    "conditions-of-disconnect": Exclusion(
        "Conditions of a `disconnect` are left out where the record with the foreign key is updated; we refuse them.",
        lambda query, ours, theirs: ours.get("error") == "P2019" and "takes no conditions" in ours["message"],
    ),
    "text-of-json-without-path": Exclusion(
        "Without a path, the text filters of Json compare the document's text, in which a text has quotes around it; "
        "we compare the text that the document is.",
        lambda query, ours, theirs: "error" not in ours and _TEXT_OF_JSON.search(json.dumps(query.request)) is not None,
    ),
    "count-of-empty-update": Exclusion(
        "An update of many without data reads the records instead. On MySQL the JavaScript runtime counts none of "
        "them; we count them, as on PostgreSQL.",
        lambda query, ours, theirs: query.action == "updateMany" and theirs.get("result") == 0 and "error" not in ours,
    ),
    "key-of-arithmetic": Exclusion(
        "On MySQL a record whose key an upsert computes is looked for under another key, and the JavaScript runtime "
        "answers with an empty list instead of the record; we raise P2025 and undo the change.",
        lambda query, ours, theirs: (
            ours.get("error") == "P2025" and theirs.get("result") == [] and query.action == "upsertOne"
        ),
    ),
    "panic-of-json-order": Exclusion(
        "The compiler panics where JSON is compared with a document that has no order; we refuse it.",
        lambda query, ours, theirs: ours.get("error") == "P2009" and theirs.get("message") == "unreachable",
    ),
}


def _has_upsert(query: Query) -> bool:
    return '"upsert": {' in json.dumps(query.request)


def exclusion(query: Query, ours: Outcome, theirs: Outcome) -> str | None:
    """Return the name of the exclusion for a difference, or None if the defect is ours."""
    for name, candidate in EXCLUSIONS.items():
        if candidate.applies(query, ours, theirs):
            return name
    return None
