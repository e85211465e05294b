"""A PostgreSQL that takes encrypted connections only: the system's, as the embedded one is built without TLS."""

from __future__ import annotations

import shutil
from pathlib import Path

import trustme

from servers.tcp import TcpServer

# Also on an address that is not `localhost`, for a service that believes to be in production.
OTHER_ADDRESS = "127.0.0.2"
DEBIAN = Path("/usr/lib/postgresql")
RULES = """
local   all all           trust
hostssl all all 0.0.0.0/0 scram-sha-256
"""
SETTINGS = """
listen_addresses = '127.0.0.1,{other}'
max_connections = 40
shared_buffers = 16MB
fsync = off
ssl = on
ssl_cert_file = '{folder}/server.pem'
ssl_key_file = '{folder}/server.key'
"""


def tls_binaries() -> Path | None:
    """Return the folder with the programs of the newest PostgreSQL of this machine, if it has one."""
    versions = [path for path in DEBIAN.glob("*/bin") if (path / "initdb").exists() and path.parent.name.isdecimal()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class TlsServer(TcpServer):
    """One server whose certificate is for `localhost` only; `authority_file` holds what it is to be checked against."""

    def __init__(self, binaries: Path) -> None:
        self.authority = trustme.CA()
        super().__init__(binaries)
        self.authority_file = self.folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(self.authority_file))
        self.authority_file.chmod(0o644)

    def encrypted_sessions(self, database: str) -> list[bool]:
        """Return for each session of a database whether it is encrypted."""
        found = self.run(
            "SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) "
            f"WHERE a.datname = '{database}' AND a.client_addr IS NOT NULL"
        )
        return [line == "t" for line in found.splitlines()]

    def _configure(self, data: Path) -> None:
        certificate = self.authority.issue_cert("localhost")
        files = {"server.key": certificate.private_key_pem, "server.pem": certificate.cert_chain_pems[0]}
        for name, pem in files.items():
            path = self.folder / name
            pem.write_to_path(str(path))
            path.chmod(0o600)
            self._give(path)
        (data / "pg_hba.conf").write_text(RULES)
        with (data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(folder=self.folder, other=OTHER_ADDRESS))
