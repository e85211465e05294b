"""Progress: what the start and the end of the service tell the operator."""

from __future__ import annotations

import logging

from app.config.settings import Environment

log = logging.getLogger("app.start")


class Progress:
    """Takes lines of progress, and warnings: to the log in production, whose lines are JSON, else to the terminal."""

    def __init__(self, environment: Environment) -> None:
        self._logged = environment is Environment.PRODUCTION

    def say(self, line: str) -> None:
        """Tell what is being done."""
        if self._logged:
            log.info("%s", " ".join(line.split()))
        else:
            print(line, flush=True)

    def warn(self, text: str) -> None:
        """Tell what may be wrong."""
        if self._logged:
            log.warning("%s", text)
        else:
            print(f"      Warning: {text}", flush=True)
