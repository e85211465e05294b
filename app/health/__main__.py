"""The command `python -m app.health`, for containers: exit code 0 if the running service is healthy, else 1."""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any

from app.config.settings import load_settings
from app.errors import FatalError
from app.paths import HEALTH

# More than the service needs to notice that its database does not answer.
TIMEOUT = 3.0  # seconds
BETWEEN = 0.5  # seconds between two questions
MAX_WAIT = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of asking a service.

    `status` is `healthy`, `unhealthy`, or the reason why there is no answer: `unreachable` or `misconfigured`.
    `database` is the state of its database, `detail` a sentence; None if there is none.
    """

    healthy: bool
    status: str
    database: str | None = None
    detail: str | None = None
    url: str | None = None

    def line(self) -> str:
        """Return the answer as text."""
        if self.status == "misconfigured":
            return self.detail or ""
        return f"{self.status}: {self.detail or f'database {self.database}'}"


def main(arguments: list[str] | None = None) -> int:
    """Ask the service, print one line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.health", description=__doc__)
    parser.add_argument("--url", help="address of the health route (default: this machine, PORT of the environment)")
    parser.add_argument(
        "--wait", type=_seconds, default=0, metavar="SECONDS", help="ask again until it is healthy, at most so long"
    )
    parser.add_argument("--json", action="store_true", help="print the answer as JSON, on stdout")
    options = parser.parse_args(arguments)
    try:
        answer = wait(options.url or _default_url(), options.wait)
    except FatalError as error:
        answer = Answer(False, "misconfigured", detail=error.render())
    if options.json:
        print(json.dumps(asdict(answer)))
    else:
        print(answer.line(), file=sys.stdout if answer.healthy else sys.stderr)
    return 0 if answer.healthy else 1


def wait(url: str, seconds: float) -> Answer:
    """Ask the service behind `url` until it is healthy, at most for so many seconds; return the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask(url)
        left = deadline - time.monotonic()
        if answer.healthy or left <= 0:
            return answer
        time.sleep(min(BETWEEN, left))


def ask(url: str) -> Answer:
    """Ask the service behind `url` once."""
    try:
        # Without proxies, because the service is usually on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _KeepErrors())
        with opener.open(url, timeout=TIMEOUT) as response:
            status, body = response.status, response.read()
    except (OSError, ValueError) as error:
        return Answer(False, "unreachable", detail=f"{url} ({getattr(error, 'reason', error)})", url=url)
    return _judge(url, status, body)


def _judge(url: str, status: int, body: bytes) -> Answer:
    try:
        answer: Any = json.loads(body)
        state, database = str(answer["status"]), str(answer["database"])
    except (ValueError, TypeError, KeyError):
        return Answer(False, "unhealthy", detail=f"the answer ({status}) is not that of a health route", url=url)
    return Answer(status == 200 and state == "healthy", state, database, url=url)


class _KeepErrors(urllib.request.HTTPErrorProcessor):
    """Returns responses with an error status like all others, because their body has the reason."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


def _default_url() -> str:
    return f"http://127.0.0.1:{load_settings().port}{HEALTH}"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MAX_WAIT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {MAX_WAIT}")
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
