"""The `prisma` command.

`main` is the program. Started by Prisma's own CLI it answers as a generator; started by a person it reads the command
line. Whatever is wrong for a known reason ends in one message and an exit code, never in a traceback.
"""

from __future__ import annotations

import os
import sys

# Set by Prisma's CLI for the programs that `provider` of a generator block names.
GENERATOR_INVOCATION = "PRISMA_GENERATOR_INVOCATION"


def main() -> None:
    """Run the command and end the process with its exit code."""
    if os.environ.get(GENERATOR_INVOCATION) and len(sys.argv) == 1:
        from prisma.cli.generator_program import serve

        sys.exit(serve(sys.stdin, sys.stderr))
    from prisma.cli.main import run

    sys.exit(run())
