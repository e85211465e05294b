"""Where our commands differ from the official ones on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference in the steps of a case: what the official command line has there, what ours has, and why."""

    case: str
    steps: tuple[str, ...]
    theirs: str
    ours: str
    reason: str


_PULLS: Final = ("pull", "pull printed", "pull from nothing")
_BYTES: Final = (
    "A default of Bytes stays the text that it was, which the official command line refuses from release 6 on."
)
_PARTIAL: Final = "A script that makes a database holds its partial indexes; the official command line leaves them out."
_RENAMED: Final = (
    "The schema engine of release 7 renames a primary key in a statement of its own. Beside other changes of a table, "
    "as the engine of release 6 writes it, that is no SQL."
)
_NO_URL: Final = "A datasource without a URL stays so; the official command line of release 6 insists on one."
_SEARCH: Final = '-- CreateIndex\nCREATE INDEX "posts_search" '
_PARTIAL_INDEXES: Final = """\
-- CreateIndex
CREATE UNIQUE INDEX "posts_partial" ON "public"."posts"("title" ASC) WHERE (editor_id IS NULL);

-- CreateIndex
CREATE INDEX "posts_recent" ON "public"."posts"("id" DESC) WHERE (body IS NOT NULL);

"""


def _rename(step: str, before: str, after: str, column: str) -> tuple[Difference, Difference]:
    """A primary key with a new name: the change is elsewhere."""
    action = f'RENAME CONSTRAINT "{before}" TO "{after}"'
    last = f'ADD CONSTRAINT "{after}" PRIMARY KEY ("{column}");\n'
    return (
        Difference("renamed", (step,), f"{action},\n", "", _RENAMED),
        Difference("renamed", (step,), last, f'{last}ALTER TABLE "tbl-customers" {action};\n', _RENAMED),
    )


DIFFERENCES: Final = (
    Difference("legacy_bytes", _PULLS, '@default("Zm9vIQ==")', '@default("foo!")', _BYTES),
    Difference("legacy_bytes", _PULLS, '@default(["Zm9vIQ==", ', '@default(["foo!", ', _BYTES),
    Difference("url_absent", _PULLS, '  url      = env("DATABASE_URL")\n', "", _NO_URL),
    Difference("from_sql_plain", ("script",), _SEARCH, _PARTIAL_INDEXES + _SEARCH, _PARTIAL),
    *_rename("script", "PK_customers", "PK_clients", "client_id"),
    *_rename("script back", "PK_clients", "PK_customers", "customer_id"),
    Difference("legacy_features", _PULLS, '"bm90IGJhc2U2NCE="', '"not base64!"', _BYTES),
)


def as_ours(case: str, transcript: dict[str, str]) -> dict[str, str]:
    """Return the official command line's transcript with the differences; a test that none of them is out of date."""
    changed = dict(transcript)
    for difference in DIFFERENCES:
        if difference.case == case:
            for step in difference.steps:
                assert difference.theirs in changed[step], f"{difference} is out of date at {step}"
                changed[step] = changed[step].replace(difference.theirs, difference.ours)
    return changed
