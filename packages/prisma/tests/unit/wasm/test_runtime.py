"""The lock around WebAssembly, in processes that fork."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# The thread goes on when the fork is about to happen.
PROGRAM = """
import os, threading
from prisma.wasm.runtime import LOCK

held, forking = threading.Event(), threading.Event()
os.register_at_fork(before=forking.set)

def compile_something():
    with LOCK:
        held.set()
        forking.wait()

thread = threading.Thread(target=compile_something)
thread.start()
held.wait()
child = os.fork()
is_free = LOCK.acquire(blocking=False)
if not child:
    os._exit(0 if is_free else 1)
thread.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on POSIX")
def test_a_fork_waits_for_a_compilation() -> None:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0\n"
