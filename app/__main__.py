"""`python -m app`: start the service, with everything that it needs."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import NoReturn

from app.fatal import FatalError
from app.settings import load_settings
from app.startup import start

INTERRUPTED = 130  # what shells return for a program that Ctrl+C ended


def main(arguments: list[str] | None = None) -> int:
    """Start the service and return the exit code."""
    argparse.ArgumentParser(prog="python -m app", description=__doc__).parse_args(arguments)
    # By default SIGTERM ends the process without cleaning up, and the embedded PostgreSQL would go on.
    signal.signal(signal.SIGTERM, _stop)
    try:
        start(load_settings(), lambda line: print(line, flush=True))
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
