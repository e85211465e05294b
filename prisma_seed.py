"""Seed the database with example data: `python prisma_seed.py [--users N] [--if-empty]`.

Without DATABASE_URL, in the environment or in `.env.local` or `.env`, the embedded PostgreSQL is filled. Running it
again changes nothing, and goes on with what a run before could not finish.
"""

from __future__ import annotations

import sys

from app.errors import FatalError
from prisma.errors import ClientNotGeneratedError

INTERRUPTED = 130  # what shells return for a program that Ctrl+C ended


def main() -> int:
    """Seed, and return the exit code."""
    try:
        # Here, because the modules behind it need the generated client.
        from app.seed.command import run

        run()
    except ClientNotGeneratedError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except FatalError as error:
        print(error.render(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
