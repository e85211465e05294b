"""Runs the official CLI under Node; its output, its prompts and its exit codes go to the user."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.cli.official.nodejs import find_node
from prisma.cli.official.packages import CLI, NODE_FOLDER, installed

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import FrameType
    from typing import Literal

CONFIG = NODE_FOLDER / "prisma.config.mjs"
SCHEMAS = NODE_FOLDER / "schemas.cjs"
# They name engines of other versions, which the CLI would start or look for.
FOREIGN_VARIABLES = ("PRISMA_QUERY_ENGINE_BINARY", "PRISMA_CLIENT_ENGINE_TYPE", "PRISMA_CLI_QUERY_ENGINE_TYPE")
SIGNAL_EXIT_BASE = 128


@dataclass(frozen=True, slots=True)
class Run:
    """The settings of a run for the Node side; `settings.mjs` reads them.

    Attributes:
        url: the database; None for a command that connects to none.
        shadow_url: a database that may be emptied to try migrations in.
        may_create: whether a missing database shall be created.
        live: the side of `migrate diff` that is the database.
        live_files: the schema that names that side's datasource.
        variables: environment variables for the CLI.
        schemas: texts that the CLI shall read instead of files of the schema, by the absolute path of the file.
    """

    url: str | None = field(default=None, repr=False)
    shadow_url: str | None = field(default=None, repr=False)
    may_create: bool = False
    live: Literal["from", "to"] | None = None
    live_files: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    variables: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    schemas: dict[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: the exit code, and whether it created the database."""

    exit_code: int
    created_database: bool


def run_cli(arguments: Sequence[str], run: Run) -> Outcome:
    """Run the official CLI with our configuration and wait for it."""
    node = find_node()
    modules = installed(node)
    program = modules / "node_modules" / CLI / "build" / "index.js"
    with tempfile.TemporaryDirectory(prefix="prisma-") as scratch:
        mark = Path(scratch) / "created"
        environment = {
            **node_environment(node.program),
            **run.variables,
            "PRISMA_PY_RUN": json.dumps(_settings(run, modules, mark)),
        }
        before = ["--require", str(SCHEMAS)] if run.schemas else []
        code = run_node([node.program, *before, str(program), *arguments, "--config", str(CONFIG)], environment)
        return Outcome(code, mark.exists())


def show_help(command: str, arguments: Sequence[str]) -> int:
    """Let the official CLI explain a command, and return the exit code."""
    return run_cli([*command.split(), *arguments], Run()).exit_code


def node_environment(program: str) -> dict[str, str]:
    """Return the environment for Prisma's programs: they download nothing and call no server.

    The CLI only looks whether the files of its two engines exist, so `program` is given for both. We generate and seed
    ourselves.
    """
    return {
        **{name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES},
        "CHECKPOINT_DISABLE": "1",
        "PRISMA_HIDE_UPDATE_MESSAGE": "1",
        "PRISMA_QUERY_ENGINE_LIBRARY": program,
        "PRISMA_SCHEMA_ENGINE_BINARY": program,
        "PRISMA_MIGRATE_SKIP_GENERATE": "1",
        "PRISMA_MIGRATE_SKIP_SEED": "1",
    }


def run_node(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run a program on our terminal and return its exit code; the program answers signals."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = subprocess.Popen(command, env=environment)
    with _signals_left_to(process):
        code = process.wait()
    return code if code >= 0 else SIGNAL_EXIT_BASE - code


@contextmanager
def _signals_left_to(process: subprocess.Popen[bytes]) -> Generator[None]:
    """Pass SIGTERM on, and ignore Ctrl-C, which the terminal sends to the child too."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
        signal.SIGTERM: signal.signal(signal.SIGTERM, pass_on),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _settings(run: Run, modules: Path, mark: Path) -> dict[str, object]:
    return {
        "modules": str(modules),
        "url": run.url,
        "shadowUrl": run.shadow_url,
        "mayCreate": run.may_create,
        "createdMark": str(mark),
        "live": run.live,
        "liveFiles": [{"path": path, "content": text} for path, text in run.live_files],
        "schemas": run.schemas,
    }
