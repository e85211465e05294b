"""The command `python -m app`, which starts the service and everything that it needs."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from app.config.settings import Environment, load_settings
from app.errors import FatalError
from app.process.startup import start
from app.telemetry.logs import configure_logging

log = logging.getLogger("app.start")

INTERRUPTED = 130  # what shells return for a program that Ctrl+C ended


def main(arguments: list[str] | None = None) -> int:
    """Start the service and return the exit code."""
    argparse.ArgumentParser(prog="python -m app", description=__doc__).parse_args(arguments)
    # By default SIGTERM ends the process without cleaning up, and the embedded PostgreSQL would go on.
    signal.signal(signal.SIGTERM, _stop)
    try:
        settings = load_settings()
        configure_logging(settings.environment)
        start(settings, _teller(settings.environment))
    except FatalError as error:
        print(error.render(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _teller(environment: Environment) -> Callable[[str], None]:
    """Return what gets the lines of progress: the log in production, where every line is JSON, else the terminal."""
    if environment is Environment.PRODUCTION:
        return lambda line: log.info("%s", " ".join(line.split()))
    return lambda line: print(line, flush=True)


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main())
