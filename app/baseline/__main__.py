"""`python -m app.baseline`: record the first migration in a database whose tables another application made."""

from __future__ import annotations

from app.command_line import exit_code_of


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return the exit code."""

    def command() -> int:
        # Here, because the modules behind it need the generated client.
        from app.baseline.command import run

        return run(arguments)

    return exit_code_of(command)


if __name__ == "__main__":
    raise SystemExit(main())
