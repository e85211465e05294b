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
_NO_URL: Final = "A datasource without a URL stays so; the official command line of release 6 insists on one."
DIFFERENCES: Final = (
    Difference("legacy_bytes", _PULLS, '@default("Zm9vIQ==")', '@default("foo!")', _BYTES),
    Difference("legacy_bytes", _PULLS, '@default(["Zm9vIQ==", ', '@default(["foo!", ', _BYTES),
    Difference("url_absent", _PULLS, '  url      = env("DATABASE_URL")\n', "", _NO_URL),
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
