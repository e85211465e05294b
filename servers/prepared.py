"""A Python that has imported what a program needs, and becomes the program by a fork: it starts in milliseconds.

A program so started is a process like any other: it has its own arguments, environment, folder, streams, terminal,
signals and exit code. Only its modules are imported already, and functions of `atexit` do not run.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, NoReturn

from servers import PATIENCE

ROOT: Final = Path(__file__).resolve().parent.parent
# A request is one message: more than any environment.
REQUEST_BYTES: Final = 1 << 20
_ANSWER: Final = struct.Struct("i")


@dataclass(frozen=True)
class Done:
    """A program that has ended."""

    code: int
    out: str
    err: str


class PreparedPython:
    """The process that waits for requests.

    Args:
        imports: the modules that it imports.
        prepare: a function without arguments, `module:name`, to call after that.
    """

    def __init__(self, imports: Sequence[str], prepare: str) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._requests.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, REQUEST_BYTES)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-m", __name__, str(theirs.fileno()), prepare, *imports],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                # The Ctrl-C of who runs the tests is not meant for it.
                start_new_session=True,
            )

    def start(
        self,
        program: str,
        words: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        streams: tuple[int, int, int],
        *,
        terminal: bool = False,
    ) -> Program:
        """Start a program.

        Args:
            program: its main function, as `module:name`.
            words: its arguments.
            folder: where it runs, and imports modules from.
            environment: all its variables.
            streams: the descriptors of its standard input, output and errors.
            terminal: whether they are a terminal that shall be the one of a new session.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = {
            "program": program,
            "words": list(words),
            "folder": str(folder),
            "environment": dict(environment),
            "terminal": terminal,
        }
        with theirs:
            socket.send_fds(self._requests, [json.dumps(request).encode()], [*streams, theirs.fileno()])
        return Program(ours)

    def run(
        self, program: str, words: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str = ""
    ) -> Done:
        """Run a program until it ends."""
        with TemporaryFile("w+", encoding="utf-8") as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            streams = (given.fileno(), out.fileno(), err.fileno())
            code = self.start(program, words, folder, environment, streams).wait(PATIENCE)
            return Done(code, _written(out), _written(err))

    def close(self) -> None:
        """End the process; programs that run go on."""
        # Not only closed: processes that tests have forked hold it, too.
        self._requests.shutdown(socket.SHUT_RDWR)
        self._requests.close()
        self._process.wait()


def _written(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


class Program:
    """A program that was started, as a `subprocess.Popen`.

    Attributes:
        pid: its process's number.
    """

    def __init__(self, answers: socket.socket) -> None:
        self._answers = answers
        self._code: int | None = None
        self.pid = self._answer()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return its exit code, or the number of the signal that ended it with a minus.

        Raises TimeoutError after `timeout` seconds.
        """
        if self._code is None:
            self._answers.settimeout(timeout)
            self._code = self._answer()
            self._answers.close()
        return self._code

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        try:
            return self.wait(0)
        except BlockingIOError:
            return None

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once, if it has not ended."""
        self.send_signal(signal.SIGKILL)

    def _answer(self) -> int:
        answer = self._answers.recv(_ANSWER.size)
        assert answer, "The prepared process is gone."
        return _ANSWER.unpack(answer)[0]


def serve(requests: socket.socket) -> None:
    """Start the programs of all requests."""
    # The keepers of programs are nobody's business.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        data, descriptors, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 4)
        if not data:
            return
        if not os.fork():
            requests.close()
            _keep(json.loads(data), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _keep(request: dict[str, Any], descriptors: Sequence[int]) -> NoReturn:
    """Start a program, say its number and, when it has ended, its exit code."""
    *streams, answers = descriptors
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        os.close(answers)
        _become(request, streams)
    for descriptor in streams:
        os.close(descriptor)
    # Who asked may be gone.
    with contextlib.suppress(BrokenPipeError):
        os.write(answers, _ANSWER.pack(pid))
        _, status = os.waitpid(pid, 0)
        os.write(answers, _ANSWER.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _become(request: dict[str, Any], streams: Sequence[int]) -> NoReturn:
    """Run a program in this process, and end with it."""
    if request["terminal"]:
        os.login_tty(os.dup(streams[0]))
    else:
        for number, descriptor in enumerate(streams):
            os.dup2(descriptor, number)
    for descriptor in streams:
        os.close(descriptor)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ |= request["environment"]
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    # As with `python -m`.
    sys.path[0] = request["folder"]
    sys.argv = [request["program"], *request["words"]]
    sys.stdin, sys.stdout, sys.stderr = _standard_streams()
    code = _exit_code(_named(request["program"]))
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        # As Python ends where nobody reads what is left to write.
        code = code or 120
    os._exit(code)


def _standard_streams() -> tuple[Any, Any, Any]:
    """Open the standard streams as Python does at its start."""
    out = open(1, "w", encoding="utf-8", closefd=False, buffering=1 if os.isatty(1) else -1)  # noqa: SIM115
    err = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)  # noqa: SIM115
    return open(0, encoding="utf-8", closefd=False), out, err


def _exit_code(main: Callable[[], object]) -> int:
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        traceback.print_exc()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _named(name: str) -> Callable[[], object]:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


if __name__ == "__main__":
    descriptor, prepare, *imports = sys.argv[1:]
    for module in imports:
        importlib.import_module(module)
    _named(prepare)()
    # What is there is shared with the programs, and stays shared if no collection writes to it.
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(descriptor)))
