"""The command `python -m app`, which starts the service and everything that it needs."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import NoReturn

from app.config.settings import load_settings
from app.errors import FatalError
from app.process.progress import Progress
from app.process.startup import start
from app.telemetry.logs import configure_logging

INTERRUPTED = 130  # the exit code in shells of a program that Ctrl+C ended


def main(arguments: list[str] | None = None) -> int:
    """Start the service and return the exit code."""
    argparse.ArgumentParser(prog="python -m app", description=__doc__).parse_args(arguments)
    # By default SIGTERM ends the process without cleaning up, and the embedded PostgreSQL would go on.
    signal.signal(signal.SIGTERM, _stop)
    try:
        settings = load_settings()
        configure_logging(settings.environment, queries=settings.log_queries)
        start(settings, Progress(settings.environment))
    except FatalError as error:
        print(error.render(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main())
