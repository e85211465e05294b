"""Exposition: the metrics as text, of this process alone or of all that share its folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess

# Where the processes keep their numbers; the library reads the variable when it is imported.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def shared_by_processes() -> bool:
    """Tell whether several processes keep their numbers in one folder."""
    return bool(os.environ.get(FOLDER))


def exposition() -> bytes:
    """Return every metric in Prometheus' text format."""
    if not shared_by_processes():
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)


@contextmanager
def shared_folder() -> Generator[None]:
    """Give the processes that are started inside the block a folder for their numbers, unless they have one."""
    if shared_by_processes():
        yield
        return
    with tempfile.TemporaryDirectory(prefix="metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def forget_process(pid: int) -> None:
    """Take the gauges of a process that has ended out of the sums."""
    multiprocess.mark_process_dead(pid)
