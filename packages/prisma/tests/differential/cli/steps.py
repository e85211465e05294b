"""What is done in each case: the commands in their order, and what happens to the project and the database before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .cases import USUALLY_WITH_MIGRATIONS, WITH_MIGRATIONS, Case
from .twin import Twin

Prepare = Callable[[Twin, Case], None]


@dataclass(frozen=True, slots=True)
class Step:
    """A command with what is looked at after it.

    Attributes:
        name: the heading in the transcript.
        command: the words; URL stands for the database's URL, S and E for the case's two schemas.
        before: what happens first.
        exact: whether every byte of the output counts, as for SQL; else blank lines and indentation do not.
        database: whether the tables are looked at before and afterwards.
        usual: whether the usual run has it; no later step works on what the others leave.
    """

    name: str
    command: str
    before: Prepare | None = None
    exact: bool = False
    database: bool = False
    usual: bool = True


def _restored(twin: Twin, case: Case) -> None:
    case.provide(twin.folder, case.schema)


def _objects(twin: Twin, case: Case) -> None:
    twin.execute(case.sql("objects"))


def _rows(twin: Twin, case: Case) -> None:
    _restored(twin, case)
    twin.execute(case.sql("rows"))


def _from_sql(twin: Twin, case: Case) -> None:
    twin.execute(case.sql("database"))


def _edited(twin: Twin, case: Case) -> None:
    case.provide(twin.folder, case.edited, as_=case.schema)
    twin.execute(case.sql("rows"))


def _emptied(twin: Twin, case: Case) -> None:
    _restored(twin, case)
    twin.empty()


def _drifted(twin: Twin, _: Case) -> None:
    twin.execute('CREATE TABLE "by_hand" (id int PRIMARY KEY)')


PUSHES: Final = (
    Step("first script", "migrate diff --from-empty --to-schema-datamodel S --script", exact=True),
    Step("summary", "migrate diff --from-schema-datamodel S --to-schema-datamodel E --exit-code", usual=False),
    Step("script", "migrate diff --from-schema-datamodel S --to-schema-datamodel E --script", exact=True),
    Step("script back", "migrate diff --from-schema-datamodel E --to-schema-datamodel S --script", exact=True),
    Step("push", "db push --skip-generate --schema S", database=True),
    Step("live", "migrate diff --from-url URL --to-schema-datamodel S --script --exit-code", _objects, exact=True),
    Step("pull", "db pull --schema S"),
    Step("pull printed", "db pull --print --schema S", _restored, exact=True, usual=False),
    Step("pull from nothing", "db pull --force --schema S", _restored),
    Step("push refused", "db push --skip-generate --schema E", _rows, database=True),
    Step("push accepted", "db push --accept-data-loss --skip-generate --schema E", database=True),
    Step("push forced", "db push --force-reset --skip-generate --schema E", database=True),
)
PULLS: Final = (
    Step("pull", "db pull --schema S", _from_sql),
    Step("pull again", "db pull --schema S"),
    Step("pull printed", "db pull --print --schema S", _restored, exact=True),
    Step("pull from nothing", "db pull --force --schema S"),
    Step("pull of schemas", "db pull --print --schema S --schemas public,three,one", _restored, exact=True),
    Step("script", "migrate diff --from-empty --to-url URL --script", exact=True),
)
MIGRATIONS: Final = (
    Step("dev", "migrate dev --name first --skip-generate --schema S", _emptied, database=True),
    Step("dev again", "migrate dev --skip-generate --schema S"),
    Step("dev refused", "migrate dev --name second --skip-generate --schema S", _edited),
    Step("dev draft", "migrate dev --name secondChange --create-only --skip-generate --schema S"),
    Step("dev drift", "migrate dev --name third --skip-generate --schema S", _drifted),
    Step("reset", "migrate reset --force --skip-generate --skip-seed --schema S", database=True),
    Step("migrated", "migrate diff --from-migrations MIGRATIONS --to-schema-datamodel S --exit-code"),
)


def steps_of(case: Case) -> Iterator[Step]:
    """Yield the steps of a case."""
    yield from PULLS if case.starts_from_sql else PUSHES
    if case.name in WITH_MIGRATIONS:
        yield from MIGRATIONS


def usual_steps_of(case: Case, transcript: Mapping[str, str]) -> Iterator[Step]:
    """Yield the steps that the usual run has time for: none that only says once more what the one before it said."""
    before = ""
    for step in steps_of(case):
        outcome = transcript[step.name].partition("\n")[2]
        repeats = outcome == before and step.before is None
        if step.usual and not repeats and (step not in MIGRATIONS or case.name in USUALLY_WITH_MIGRATIONS):
            yield step
        before = outcome
