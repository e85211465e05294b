"""The engine's answers to the calls that commands make."""

from __future__ import annotations

from prisma.frozen import Frozen


class Difference(Frozen):
    """What leads from one schema to another.

    `text` is a script of SQL or a summary, as was asked for; `exit_code` is 2 if that was asked for and there is a
    difference, else 0.
    """

    exit_code: int
    text: str


class Push(Frozen):
    """What `schemaPush` did.

    `warnings` name what data would be lost, `unexecutable` what can't be done with the data there is. Without force,
    no step is executed where there are warnings.
    """

    executed_steps: int
    warnings: tuple[str, ...]
    unexecutable: tuple[str, ...]


class HistoryDiagnosis(Frozen):
    """How the migrations of a folder and the history in a database differ; every name is a migration's.

    `unapplied` are in the folder alone, `missing` in the database alone, `last_common` is the last before both.
    """

    has_history: bool
    edited: tuple[str, ...]
    failed: tuple[str, ...]
    unapplied: tuple[str, ...]
    missing: tuple[str, ...]
    last_common: str | None


class Remark(Frozen):
    """A remark on a step of a migration, which counts from 0."""

    message: str
    step: int


class DataLoss(Frozen):
    """What the next migration would do to the data: the number of its steps, losses, and steps that can't be done."""

    steps: int
    warnings: tuple[Remark, ...]
    unexecutable: tuple[Remark, ...]


class NewMigration(Frozen):
    """A migration: the name of its folder, `YYYYMMDDHHMMSS_` and what was given, and its script.

    There is no script where nothing has changed and no draft was asked for.
    """

    name: str
    script: str | None


class View(Frozen):
    """A view of the database: the schema it is in, its name, its definition as SQL."""

    schema: str
    name: str
    definition: str


class Introspection(Frozen):
    """A schema as the database has it: files as pairs of path and text, views, and warnings as one text, if any.

    `views` is None if the schema does not have the preview feature.
    """

    files: tuple[tuple[str, str], ...]
    views: tuple[View, ...] | None
    warnings: str | None
