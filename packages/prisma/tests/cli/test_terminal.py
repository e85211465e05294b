"""Questions on a terminal: what they show, and how each answer ends them."""

from __future__ import annotations

import sys
from typing import Any

import pytest

Project = Any

CTRL_C = "\x03"
CTRL_D = "\x04"
CONFIRM = """
import sys, click
from prisma.cli.terminal import confirm
try:
    confirm("Reset?", "Reset cancelled.")
except click.exceptions.Exit as end:
    sys.exit(end.exit_code)
print("Done.")
"""
ASK = """
import sys, click
from prisma.cli.terminal import ask
try:
    print(repr(ask("Name:", "Canceled by user.")))
except click.exceptions.Exit as end:
    sys.exit(end.exit_code)
"""
INTERACTIVE = "from prisma.cli.terminal import is_interactive; print(is_interactive())"


@pytest.mark.parametrize(
    ("program", "answer", "code", "shown"),
    [
        pytest.param(CONFIRM, "y\n", 0, "Reset? [y/N] y\nDone.\n", id="yes"),
        pytest.param(CONFIRM, "n\n", 130, "Reset? [y/N] n\nReset cancelled.\n", id="no"),
        pytest.param(CONFIRM, "\n", 130, "Reset? [y/N] \nReset cancelled.\n", id="no is the default"),
        pytest.param(CONFIRM, CTRL_C, 130, "Reset? [y/N] ^C\nReset cancelled.\n", id="confirm interrupted"),
        pytest.param(CONFIRM, CTRL_D, 130, "Reset? [y/N] \nReset cancelled.\n", id="confirm ended"),
        pytest.param(ASK, "add users\n", 0, "Name: add users\n'add users'\n", id="text"),
        pytest.param(ASK, "\n", 0, "Name: \n''\n", id="empty text"),
        pytest.param(ASK, CTRL_C, 130, "Name: ^C\nCanceled by user.\n", id="text interrupted"),
        pytest.param(ASK, CTRL_D, 130, "Name: \nCanceled by user.\n", id="text ended"),
    ],
)
def test_answers(project: Project, program: str, answer: str, code: int, shown: str) -> None:
    with project.on_terminal(command=[sys.executable, "-c", program]) as terminal:
        terminal.expect("? [y/N] " if program is CONFIRM else "Name: ")
        terminal.type(answer)
        assert (terminal.end(), terminal.shown) == (code, shown)


@pytest.mark.parametrize(
    ("variables", "interactive"),
    [
        ({}, True),
        ({"TERM": "dumb"}, False),
        ({"CI": "1"}, False),
        # Prisma's command looks for any value, too.
        ({"CI": "false"}, False),
        ({"CI": ""}, True),
        ({"BUILD_NUMBER": "7"}, False),
        ({"bamboo_planKey": "x"}, False),
    ],
    ids=str,
)
def test_who_is_interactive(project: Project, variables: dict[str, str], interactive: bool) -> None:
    with project.on_terminal(command=[sys.executable, "-c", INTERACTIVE], more=variables) as terminal:
        assert (terminal.end(), terminal.shown) == (0, f"{interactive}\n")


def test_a_pipe_is_not_interactive(project: Project) -> None:
    assert project.start([sys.executable, "-c", INTERACTIVE]).out == "False\n"
