"""The `prisma` command.

`main` is the command. If Prisma's own CLI starts it, it answers as a generator; otherwise it reads the command line. An
error with a known reason ends in one message and an exit code, not in a traceback. `program` is the command in a
process of its own.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from typing import Final, NoReturn

# The same as `prisma.generator.json_rpc.INVOCATION`, whose import would slow down every command.
GENERATOR_INVOCATION: Final = "PRISMA_GENERATOR_INVOCATION"
# New objects between two searches for garbage. Most of what a command makes are modules, which stay.
_GARBAGE_THRESHOLD: Final = 200_000


def main() -> NoReturn:
    """Run the command and end the process with its exit code."""
    if os.environ.get(GENERATOR_INVOCATION) and len(sys.argv) == 1:
        from prisma.cli.generator_program import serve

        sys.exit(serve(sys.stdin, sys.stderr))
    from prisma.cli.main import run

    sys.exit(run())


def program() -> NoReturn:
    """Run the command in a process that does nothing else."""
    gc.set_threshold(_GARBAGE_THRESHOLD)
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, int) and threading.active_count() == 1:
            _leave(end.code)
        raise


def _leave(code: int) -> None:
    """End the process as Python does, but leave its memory to the system.

    To clear each module and object first takes longer than many a command. Returns if what was printed can't be
    written, which Python reports.
    """
    atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]
    try:
        # Windows starts programs without a console with no output at all.
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):
        return
    os._exit(code)
