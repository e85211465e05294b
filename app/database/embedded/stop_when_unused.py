"""The process that stops the embedded PostgreSQL once no program uses it.

It starts with the server, in case the last program that uses the server is killed and can't stop it:
`python -m app.database.embedded.stop_when_unused FOLDER`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.database.embedded import cluster_of
from app.database.embedded.usage_locks import UsageLocks


def stop_when_unused(data_folder: Path) -> None:
    """Wait until the server has no user, and stop it if it still runs."""
    with UsageLocks(data_folder) as users:
        while True:
            users.wait_until_unused()
            with users.exclusive():
                if users.leave():
                    cluster_of(data_folder).stop()
                    return


if __name__ == "__main__":
    stop_when_unused(Path(sys.argv[1]))
