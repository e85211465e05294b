"""Cases that `prisma studio` refuses. The service's tests show that it displays and edits rows."""

from __future__ import annotations

import socket
from typing import Any

Project = Any


def test_a_port_that_is_taken_is_one_message(project: Project, database: str) -> None:
    project.use(database)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = project.run("studio", "--port", str(port), more={"PATH": ""})
    assert (done.code, f"Port {port} is taken" in done.err, f"--port {port + 1}" in done.err) == (1, True, True), done


def test_a_server_that_is_away_and_a_foreign_host_are_one_message(project: Project) -> None:
    project.use("postgresql://ada:s3cret@127.0.0.1:1/x")
    away = project.run("studio")
    assert (away.code, "Can't reach database server at 127.0.0.1:1" in away.err, "s3cret" in away.err) == (
        1,
        True,
        False,
    )
    foreign = project.run("studio", "--hostname", "0.0.0.0")
    assert (foreign.code, "listens on 127.0.0.1 only" in foreign.err) == (1, True)
