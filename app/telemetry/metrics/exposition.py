"""The metrics as text, of this process or of all processes that share its folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest, multiprocess
from prometheus_client.registry import Collector

from app.errors import FatalError

# The variable with the folder of the numbers; the library reads it when it is imported.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def shared_by_processes() -> bool:
    """Tell whether several processes keep their numbers in one folder."""
    return bool(os.environ.get(FOLDER))


def exposition() -> bytes:
    """Return every metric in Prometheus' text format."""
    if not shared_by_processes():
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    registry.register(_Processes(Path(os.environ[FOLDER])))
    return generate_latest(registry)


class _Processes(Collector):
    """The metrics of all processes that share a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        files = [str(file) for file in self._folder.glob("*.db") if _has_numbers(file)]
        return multiprocess.MultiProcessCollector.merge(files, accumulate=True)


def _has_numbers(file: Path) -> bool:
    """Tell whether a file can be read: it is empty while a new process makes it, and is deleted when a process ends."""
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False


@contextmanager
def shared_folder() -> Generator[None]:
    """Give the processes that start inside the block a folder for their numbers: the one in the environment, or a new
    one.

    Raises:
        FatalError: there is none that can be written.
    """
    given = os.environ.get(FOLDER)
    try:
        if given is None:
            folder = tempfile.mkdtemp(prefix="metrics-")
        else:
            folder = given
            Path(folder).mkdir(parents=True, exist_ok=True)
            # Delete the numbers of a service that has ended, or they would be added to ours.
            for file in Path(folder).glob("*.db"):
                file.unlink()
    except OSError as error:
        raise FatalError(
            "There is no folder in which several workers can keep their numbers.",
            f"Mount a tmpfs on /tmp, set {FOLDER} to a folder that can be written, or WORKERS=1.",
        ) from error
    os.environ[FOLDER] = folder
    try:
        yield
    finally:
        if given is None:
            del os.environ[FOLDER]
            shutil.rmtree(folder, ignore_errors=True)


def forget_process(pid: int) -> None:
    """Take the gauges of a process that has ended out of the sums."""
    multiprocess.mark_process_dead(pid)
