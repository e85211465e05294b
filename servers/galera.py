"""A Galera cluster: three nodes of MariaDB on the loopback address, each of which takes reads and writes.

Its nodes begin with copies of one folder, so that a joining node needs only what was written since, which Galera sends
itself. For whole copies, MariaDB would run a script that comes with other packages; the script here says that the
folder is copied already. A node that was killed can't come back: its folder does not say how far it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from servers import free_port, with_parameters
from servers.mysql import START_TIMEOUT, MariaDb

LIBRARIES = (Path("/usr/lib/galera/libgalera_smm.so"), Path("/usr/lib64/galera-4/libgalera_smm.so"))
NODES = 3

# What MariaDB runs, by this name, where a node joins: first on the joining one, then on the one that gives. Each says
# its part in one line, and the joining one ends with the position of the copy. The folder is the place that both know.
TRANSFER = """\
#!/bin/sh
role= address= position= server= whole=yes
while [ $# -gt 0 ]; do
    case $1 in
        --role) role=$2 ;;
        --address) address=${2%%/*} ;;
        --gtid) position=$2 ;;
        --parent) server=$2 ;;
        --bypass) whole=no ;;
    esac
    shift
done
file="$(dirname "$0")/${address##*:}"
if [ "$role" = joiner ]; then
    echo "ready $address/copied"
    while [ ! -s "$file" ] && kill -0 "$server"; do sleep 0.05; done
    cat "$file"
elif [ $whole = no ]; then
    echo "$position" > "$file.new"
    mv "$file.new" "$file"
    echo "done $position"
else
    exit 22
fi
"""


def galera_library() -> Path | None:
    """Return the path of Galera's library, None if it is not installed."""
    return next((path for path in LIBRARIES if path.exists()), None)


class Node(MariaDb):
    """One server of the cluster, whose files are those of `origin`, which is stopped."""

    def __init__(self, program: str, origin: MariaDb, *options: str) -> None:
        self._origin = origin
        super().__init__(program, *options)

    @property
    def is_ready(self) -> bool:
        """Whether it has joined, and takes statements."""
        return self.status("wsrep_ready") == "ON"

    @property
    def size(self) -> int:
        """How many nodes it sees, itself included."""
        return int(self.status("wsrep_cluster_size"))

    def wait_until_lonely(self) -> None:
        """Wait until it takes no statements, because it has lost the others."""
        deadline = time.monotonic() + START_TIMEOUT
        while self.is_ready:
            if time.monotonic() > deadline:
                raise RuntimeError("The node did not notice that it is alone.")
            time.sleep(0.05)

    def status(self, name: str) -> str:
        """Return one of the server's status variables."""
        return self.run(f"SHOW GLOBAL STATUS LIKE '{name}'")[0][1]

    def _initialize(self) -> None:
        # Its notes about the nodes it knew, and the cache that only this node can go on with, are its own.
        own = shutil.ignore_patterns("galera.cache", "gvwstate.dat")
        shutil.copytree(self._origin.folder / "data", self.folder / "data", ignore=own)


class Galera:
    """Three nodes, all running; `provider_options` are further ones of Galera's library, such as times."""

    def __init__(self, program: str, library: Path, provider_options: Sequence[str] = ()) -> None:
        self._program, self._library, self._given = program, library, provider_options
        self._scripts = Path(tempfile.mkdtemp(prefix="wsrep-"))
        script = self._scripts / "wsrep_sst_copied"
        script.write_text(TRANSFER)
        script.chmod(0o755)
        self._ports = [free_port() for _ in range(NODES)]
        self.nodes: list[Node] = []
        self._start()

    @property
    def running(self) -> list[Node]:
        """The nodes that run."""
        return [node for node in self.nodes if node.running]

    def url(self, database: str, **parameters: str) -> str:
        """Return one URL with all nodes, in their order."""
        login = f"prisma:{quote(MariaDb.password, safe='')}"
        places = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return with_parameters(f"mysql://{login}@{places}/{quote(database, safe='')}", parameters)

    def wait_until_ready(self) -> None:
        """Wait until all running nodes are one cluster that takes statements."""
        deadline = time.monotonic() + START_TIMEOUT
        nodes = self.running
        while not all(node.is_ready and node.size == len(nodes) for node in nodes):
            if time.monotonic() > deadline:
                raise RuntimeError("The nodes did not become a cluster in time.")
            time.sleep(0.05)

    def destroy(self) -> None:
        """Stop all nodes and remove their files."""
        for node in self.nodes:
            node.destroy()
        shutil.rmtree(self._scripts, ignore_errors=True)

    def _start(self) -> None:
        before = os.environ.get("PATH", "")
        # The servers look there for the script.
        os.environ["PATH"] = f"{self._scripts}:{before}"
        try:
            self._found()
            self._join()
        except BaseException:
            self.destroy()
            raise
        finally:
            os.environ["PATH"] = before

    def _found(self) -> None:
        """Found the cluster on the first node, and copy its files once the server has stopped."""
        server = MariaDb(self._program)
        try:
            self.nodes.append(self._node(0, server, first=True))
        finally:
            server.destroy()
        self.nodes[0].start()
        self.wait_until_ready()
        self.nodes[0].stop()
        self.nodes += [self._node(place, self.nodes[0]) for place in range(1, NODES)]

    def _join(self) -> None:
        for node in self.nodes:
            node.start()
        self.wait_until_ready()

    def _node(self, place: int, origin: MariaDb, *, first: bool = False) -> Node:
        listening = self._ports[place]
        others = "" if first else ",".join(f"127.0.0.1:{port}" for port in self._ports)
        provider = [
            f"gmcast.listen_addr=tcp://127.0.0.1:{listening}",
            f"base_port={listening}",
            f"ist.recv_addr=127.0.0.1:{free_port()}",
            "gcache.size=16M",
            *self._given,
        ]
        return Node(
            self._program,
            origin,
            "--wsrep-on=ON",
            f"--wsrep-provider={self._library}",
            f"--wsrep-provider-options={';'.join(provider)}",
            "--wsrep-cluster-name=tests",
            f"--wsrep-cluster-address=gcomm://{others}",
            f"--wsrep-node-name=node{place + 1}",
            "--wsrep-node-address=127.0.0.1",
            "--wsrep-sst-method=copied",
            f"--wsrep-sst-receive-address=127.0.0.1:{free_port()}",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--default-storage-engine=InnoDB",
        )
