"""Loads `.env` and `.env.local` into the environment of the command."""

from __future__ import annotations

import os
from pathlib import Path

# The later file wins; a variable that the process already has wins over both.
FILES = (".env", ".env.local")


def load_environment(folder: Path | None = None) -> None:
    """Put the variables of a folder's files (default: the working directory) into this process's environment."""
    place = folder or Path.cwd()
    given = set(os.environ)
    for name in FILES:
        path = place / name
        if not path.is_file():
            continue
        from dotenv import dotenv_values

        for variable, value in dotenv_values(path).items():
            if variable not in given and value is not None:
                os.environ[variable] = value
