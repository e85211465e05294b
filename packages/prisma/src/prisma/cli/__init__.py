"""The `prisma` command.

`main` is the program. If Prisma's own CLI starts it, it answers as a generator; otherwise it reads the command line. An
error with a known reason ends in one message and an exit code, not in a traceback.
"""

from __future__ import annotations

import os
import sys
from typing import Final

# The same as `prisma.generator.json_rpc.INVOCATION`, whose import would slow down every command.
GENERATOR_INVOCATION: Final = "PRISMA_GENERATOR_INVOCATION"


def main() -> None:
    """Run the command and end the process with its exit code."""
    if os.environ.get(GENERATOR_INVOCATION) and len(sys.argv) == 1:
        from prisma.cli.generator_program import serve

        sys.exit(serve(sys.stdin, sys.stderr))
    from prisma.cli.main import run

    sys.exit(run())
