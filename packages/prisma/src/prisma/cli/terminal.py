"""Questions to the person at the terminal, and whether there is one to ask."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

# 128 and the number of SIGINT, as shells count; the exit code of a question that is declined, too.
INTERRUPTED: Final = 130
_CLEARED: Final = "\r\x1b[2K"

# Prisma's own command asks nothing where one of these has a value: they are set by services that build and test.
CI_VARIABLES: Final = (
    *("CI", "CI_NAME", "CONTINUOUS_INTEGRATION", "BUILD_ID", "BUILD_NUMBER", "RUN_ID", "TASK_ID"),
    *("AC_APPCIRCLE", "AGOLA_GIT_REF", "APPCENTER_BUILD_ID", "APPVEYOR", "BITBUCKET_COMMIT", "BITRISE_IO"),
    *("BUDDY_WORKSPACE_ID", "BUILDER_OUTPUT", "BUILDKITE", "CF_BUILD_ID", "CIRCLECI", "CIRRUS_CI", "CI_XCODE_PROJECT"),
    *("CM_BUILD_ID", "CODEBUILD", "DRONE", "DSARI", "EARTHLY_CI", "EAS_BUILD", "GERRIT_PROJECT", "GITEA_ACTIONS"),
    *("GITHUB_ACTIONS", "GITLAB_CI", "GOCD", "HARNESS_BUILD_ID", "HUDSON", "JENKINS_URL", "LAYERCI", "MAGNUM"),
    *("NETLIFY", "NEVERCODE", "NOW_BUILDER", "PROW_JOB_ID", "RELEASE_BUILD_ID", "RENDER", "SAILCI", "SCREWDRIVER"),
    *("SEMAPHORE", "SOURCEHUT", "STRIDER", "TEAMCITY_VERSION", "TF_BUILD", "TRAVIS", "VELA", "XCS", "bamboo_planKey"),
)


def is_interactive() -> bool:
    """Whether a person can answer: input is a capable terminal, and no service for building and testing runs this."""
    # Windows starts programs without a console with no input at all.
    at_terminal = sys.stdin is not None and sys.stdin.isatty()  # pyright: ignore[reportUnnecessaryComparison]
    return at_terminal and os.environ.get("TERM") != "dumb" and not any(map(os.environ.get, CI_VARIABLES))


def confirm(question: str, refusal: str) -> None:
    """Ask a question that yes or no answers; no is the default.

    Call it outside an event loop, which would keep Ctrl-C to itself.

    Raises:
        click.exceptions.Exit: the answer is no, or Ctrl-C, or the input ended; `refusal` was printed, the code is 130.
    """
    try:
        agreed = click.confirm(question, prompt_suffix=" ")
    except click.Abort:
        click.echo()
        agreed = False
    if not agreed:
        click.echo(refusal)
        raise click.exceptions.Exit(INTERRUPTED)


@contextmanager
def progress_line() -> Generator[Callable[[str], None]]:
    """Yield a function that shows on a terminal what is being done, in one line that is gone in the end.

    It goes to the standard error. Without a terminal, nothing is shown.
    """
    out = sys.stderr
    if not out.isatty():
        yield _nowhere
        return

    is_shown = False

    def show(text: str) -> None:
        nonlocal is_shown
        is_shown = True
        # A line that is longer than the terminal would leave its first part behind.
        out.write(_CLEARED + text[: shutil.get_terminal_size().columns - 1])
        out.flush()

    try:
        yield show
    finally:
        if is_shown:
            out.write(_CLEARED)
            out.flush()


def _nowhere(_: str) -> None:
    return


def ask(question: str, refusal: str) -> str:
    """Ask for a line of text, which may be empty.

    Call it outside an event loop, which would keep Ctrl-C to itself.

    Raises:
        click.exceptions.Exit: Ctrl-C, or the input ended; `refusal` was printed, the code is 130.
    """
    try:
        return str(click.prompt(question, default="", show_default=False, prompt_suffix=" "))
    except click.Abort:
        click.echo(f"\n{refusal}")
        raise click.exceptions.Exit(INTERRUPTED) from None
