"""Coding agents need the user's consent before they destroy data."""

from __future__ import annotations

import pytest

from prisma.cli.consent import AGENTS, CONSENT_VARIABLE, require_consent
from prisma.cli.project.errors import CommandError


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (CONSENT_VARIABLE, *(variable for _, variable, _ in AGENTS)):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(("agent", "variable", "value"), AGENTS)
def test_an_agent_is_told_to_ask(monkeypatch: pytest.MonkeyPatch, agent: str, variable: str, value: str | None) -> None:
    monkeypatch.setenv(variable, value or "1")
    monkeypatch.setenv(CONSENT_VARIABLE, "")
    with pytest.raises(CommandError) as caught:
        require_consent()
    assert caught.value.message.startswith(f"Prisma Migrate detected that it was invoked by {agent}.\n")
    assert CONSENT_VARIABLE in caught.value.message


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"CLAUDECODE": ""},
        {"OR_APP_NAME": "another program"},
        {"CODEX_SANDBOX": "off"},
        {"CLAUDECODE": "1", CONSENT_VARIABLE: "Yes, reset it"},
    ],
    ids=str,
)
def test_everybody_else_goes_on(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    require_consent()
