"""`python -m app.keys create --user ada@example.com`: make an API key."""

from __future__ import annotations

import sys

from app.errors import FatalError
from prisma.errors import ClientNotGeneratedError


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return the exit code."""
    try:
        # Here, because the modules behind it need the generated client.
        from app.keys.command import run

        run(arguments)
    except ClientNotGeneratedError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except FatalError as error:
        print(error.render(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
