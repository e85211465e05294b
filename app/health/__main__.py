"""Health script for containers: exit code 0 when the running service says that it is healthy, else 1."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from typing import Any

from app.fatal import FatalError
from app.settings import load_settings

# More than the service needs to find out that its database is silent.
TIMEOUT = 3.0  # seconds


def main(arguments: list[str] | None = None) -> int:
    """Ask the service, print one line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.health", description=__doc__)
    parser.add_argument("--url", help="address of the health route (default: this machine, PORT of the environment)")
    url = parser.parse_args(arguments).url
    try:
        healthy, line = ask(url or _default_url())
    except FatalError as error:
        healthy, line = False, error.render()
    print(line, file=sys.stdout if healthy else sys.stderr)
    return 0 if healthy else 1


def ask(url: str) -> tuple[bool, str]:
    """Return whether the service behind `url` is healthy, and a line that says so."""
    try:
        # Without proxies: the question is about this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _KeepErrors())
        with opener.open(url, timeout=TIMEOUT) as response:
            status, body = response.status, response.read()
    except (OSError, ValueError) as error:
        return False, f"unreachable: {url} ({getattr(error, 'reason', error)})"
    return _judge(status, body)


def _judge(status: int, body: bytes) -> tuple[bool, str]:
    try:
        answer: Any = json.loads(body)
        state, database = answer["status"], answer["database"]
    except (ValueError, TypeError, KeyError):
        return False, f"unhealthy: the answer ({status}) is not that of a health route"
    return status == 200 and state == "healthy", f"{state}: database {database}"


class _KeepErrors(urllib.request.HTTPErrorProcessor):
    """Hand out answers with an error status like any other: their body says what is wrong."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


def _default_url() -> str:
    return f"http://127.0.0.1:{load_settings().port}/api/health"


if __name__ == "__main__":
    raise SystemExit(main())
