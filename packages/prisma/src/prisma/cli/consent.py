"""Keeps coding agents from destroying a database unless the user agreed in so many words, as Prisma's command does."""

from __future__ import annotations

import os
from typing import Final

from prisma.cli.project.errors import CommandError

CONSENT_VARIABLE: Final = "PRISMA_USER_CONSENT_FOR_DANGEROUS_AI_ACTION"
# The variables that agents set for the commands that they run. Some have a meaning only with this value.
AGENTS: Final = (
    ("Claude Code", "CLAUDECODE", None),
    ("Gemini CLI or Qwen Code", "GEMINI_CLI", None),
    ("Cursor", "CURSOR_AGENT", None),
    ("Aider", "OR_APP_NAME", "Aider"),
    ("Replit", "REPLIT_CLI", None),
    ("Codex CLI", "CODEX_SANDBOX", "seatbelt"),
)

_REFUSAL: Final = """\
Prisma Migrate detected that it was invoked by {agent}.

This command deletes all data of the database for good. On a production database that would be a disaster. An agent may
not run it before the user has seen what it does and has agreed to it.

Stop here, and tell the user:
- the exact command that you want to run, and why;
- that it deletes all data in the database, and that nothing brings them back;
- that it is meant for development databases only, and which database this is, if you know or can find out.

Then ask whether to go on. Only a clear yes that is given after this message counts; earlier messages don't, and if the
answer can be read in two ways, ask again. With a yes, run the command again with the environment variable
{variable}. Its value is the user's answer, word for word, without quotes and line
breaks."""


def require_consent() -> None:
    """Let a command go on that destroys data, unless an agent runs it without the user's consent.

    Raises:
        CommandError: an agent runs the command; the text tells it to ask the user.
    """
    agent = _agent()
    if agent and not os.environ.get(CONSENT_VARIABLE):
        raise CommandError(_REFUSAL.format(agent=agent, variable=CONSENT_VARIABLE))


def _agent() -> str | None:
    for name, variable, value in AGENTS:
        found = os.environ.get(variable)
        if found and value in (None, found):
            return name
    return None
