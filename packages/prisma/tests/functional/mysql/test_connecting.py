"""Ways to a server: TLS, sockets, logins, limits of time, and what is said where there is no way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate

from prisma.errors import PrismaError
from servers.mysql import MariaDb, mariadb_program

pytestmark = [pytest.mark.schema("blog"), pytest.mark.only_mysql]

LOCALHOST = "localhost"


class TlsServer:
    """A server with TLS, whose certificate is for `localhost` alone."""

    def __init__(self, program: str, folder: Path) -> None:
        self._folder = folder
        authority = trustme.CA()
        issued = authority.issue_cert(LOCALHOST)
        client = authority.issue_cert("client@example.com", key_type=trustme.KeyType.ECDSA)
        self._write("authority", authority.cert_pem)
        self._write("stranger", trustme.CA().cert_pem)
        self._write("server", issued.cert_chain_pems[0])
        self._write("key", issued.private_key_pem)
        key = serialization.load_pem_private_key(client.private_key_pem.bytes(), None)
        assert isinstance(key, EllipticCurvePrivateKey)
        certificate = load_pem_x509_certificate(client.cert_chain_pems[0].bytes())
        lock = serialization.BestAvailableEncryption(b"pw")
        (folder / "identity.pem").write_bytes(pkcs12.serialize_key_and_certificates(None, key, certificate, None, lock))
        ssl = {"ca": "authority", "cert": "server", "key": "key"}
        self.server = MariaDb(program, *(f"--ssl-{name}={folder / f'{file}.pem'}" for name, file in ssl.items()))
        self.server.start()
        self.server.run("CREATE DATABASE shop; CREATE USER known@'%' REQUIRE X509; GRANT ALL ON shop.* TO known@'%'")

    def url(self, *, host: str = LOCALHOST, user: str | None = None, **parameters: str) -> str:
        """Return a URL; parameters that name a file get its path."""
        files = {path.stem: str(path) for path in self._folder.iterdir()}
        url = self.server.url("shop", **{name: files.get(value, value) for name, value in parameters.items()})
        url = url.replace("@127.0.0.1:", f"@{host}:")
        return url if user is None else f"mysql://{user}@{url.rpartition('@')[2]}"

    def _write(self, name: str, pem: trustme.Blob) -> None:
        pem.write_to_path(str(self._folder / f"{name}.pem"))


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsServer]:
    program = mariadb_program()
    if program is None:
        pytest.skip("MariaDB is not installed (Debian: apt-get install mariadb-server-core).")
    made = TlsServer(program, tmp_path_factory.mktemp("tls"))
    yield made
    made.server.destroy()


Reach = Callable[[str], Any]


@pytest.fixture
def reach(make_client: Callable[..., Any]) -> Reach:
    """Connect; return the cipher of the connection, or the code of the refusal and its sentence."""

    async def reached(url: str) -> tuple[str | None, str]:
        try:
            async with make_client(datasource={"url": url}) as client:
                [row] = await client.query_raw("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
                return None, row["Value"]
        except PrismaError as error:
            return getattr(error, "code", None), str(error)

    return reached


# Parameters of the URL → the beginning of the cipher, or the code of the refusal with its sentence.
ENCRYPTED = (None, "TLS_")
BAD_CERTIFICATE = "Error opening a TLS connection: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
UNKNOWN_AUTHORITY = ("P1011", f"{BAD_CERTIFICATE}self")
REFUSED_LOGIN = (
    "P1000",
    "Authentication failed against the database server: the credentials of `known` are not valid.",
)
UNREADABLE = ("P1011", "Error opening a TLS connection: The file that ")
ENCRYPTING: list[tuple[dict[str, str], tuple[str | None, str]]] = [
    ({}, ENCRYPTED),
    ({"host": "127.0.0.1"}, ENCRYPTED),
    ({"sslaccept": "accept_invalid_certs", "sslcert": "stranger"}, ENCRYPTED),
    ({"sslaccept": "strict", "sslcert": "authority"}, ENCRYPTED),
    ({"sslaccept": "strict", "sslcert": "stranger"}, UNKNOWN_AUTHORITY),
    ({"sslaccept": "strict"}, UNKNOWN_AUTHORITY),
    (
        {"sslaccept": "strict", "sslcert": "authority", "host": "127.0.0.1"},
        ("P1011", f"{BAD_CERTIFICATE}IP"),
    ),
    ({"sslaccept": "strict", "sslcert": "missing"}, UNREADABLE),
    ({"sslidentity": "missing"}, UNREADABLE),
    ({"sslidentity": "identity", "sslpassword": "guess"}, UNREADABLE),
    ({"user": "known"}, REFUSED_LOGIN),
    ({"user": "known", "sslidentity": "identity", "sslpassword": "pw"}, ENCRYPTED),
]


async def test_tls(tls: TlsServer, reach: Reach) -> None:
    found = [await reach(tls.url(**parameters)) for parameters, _ in ENCRYPTING]
    expected = [outcome for _, outcome in ENCRYPTING]
    assert [(code, said[: len(start)]) for (code, said), (_, start) in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize("sslaccept", ["strict", "accept_invalid_certs"])
async def test_a_server_without_tls(mysql_server: MariaDb, reach: Reach, sslaccept: str) -> None:
    refusal = "Error opening a TLS connection: the server does not offer TLS, and the URL asks for it"
    assert await reach(mysql_server.url("mysql", sslaccept=sslaccept)) == ("P1011", refusal)
    assert await reach(mysql_server.url("mysql")) == (None, "")


async def test_a_socket(mysql_server: MariaDb, reach: Reach, tmp_path: Path) -> None:
    # It wins over the host. Nobody else can listen, so it is not encrypted, whatever the URL asks for.
    local = f"mysql://root@nowhere.invalid/mysql?socket={mysql_server.socket}"
    assert await reach(f"{local}&sslaccept=strict") == (None, "")
    gone = tmp_path / "gone.sock"
    assert await reach(f"mysql://root@localhost/mysql?socket={gone}") == (
        "P1001",
        f"Can't reach database server at `{gone}`",
    )


async def test_logins(mysql_server: MariaDb, reach: Reach) -> None:
    place = f"127.0.0.1:{mysql_server.port}"
    mysql_server.run("CREATE OR REPLACE USER few@'%' IDENTIFIED BY ''")
    refusals = [
        await reach(f"mysql://{login}@{place}/{database}")
        for login, database in (("prisma:wrong", "mysql"), ("nobody", "mysql"), ("few", "mysql"), ("few", "nowhere"))
    ]
    refusals.append(await reach(mysql_server.url("nothing")))
    invalid = "Authentication failed against the database server: the credentials of `{}` are not valid."
    assert refusals == [
        ("P1000", invalid.format("prisma")),
        ("P1000", invalid.format("nobody")),
        ("P1010", "User `few` was denied access on the database `mysql`"),
        ("P1010", "User `few` was denied access on the database `nowhere`"),
        ("P1003", "Database `nothing` does not exist on the database server."),
    ]


def packet(content: bytes, number: int) -> bytes:
    return len(content).to_bytes(3, "little") + bytes([number]) + content


def greet(listener: socket.socket, plugin: bytes) -> None:
    """Greet one client as a server does that wants a login of this kind."""
    connection, _ = listener.accept()
    # With a database, long passwords, transactions and kinds of logins.
    low, high = b"\x0d\xa2", b"\x0f\0"
    greeting = b"\x0a8.0.0\0" + b"\1\0\0\0" + b"12345678\0" + low + b"\x2d\x02\0" + high + b"\x15" + b"\0" * 10
    greeting += b"123456789012\0mysql_native_password\0"
    with connection:
        connection.sendall(packet(greeting, 0))
        connection.recv(4096)
        connection.sendall(packet(b"\xfe" + plugin + b"\0" + b"12345678901234567890123456789012\0", 2))
        connection.recv(4096)


@pytest.mark.parametrize(
    ("plugin", "words"),
    [(b"client_ed25519", "one more package: 'pynacl' package is required"), (b"other", "plugin")],
)
async def test_a_login_that_the_library_does_not_know(reach: Reach, plugin: bytes, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener, plugin))
        thread.start()
        code, said = await reach(f"mysql://a:b@127.0.0.1:{listener.getsockname()[1]}/shop")
        thread.join()
    assert (code, words in said) == ("P2039", True), said


async def test_a_server_that_does_not_answer(reach: Reach, db: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        code, _ = await reach(f"mysql://a:b@127.0.0.1:{port}/shop?connect_timeout=0.2")
    assert code == "P1001"


async def test_a_statement_that_takes_too_long(make_client: Callable[..., Any], url: str) -> None:
    async with make_client(datasource={"url": f"{url}&socket_timeout=0.3&connection_limit=1"}) as client:
        with pytest.raises(PrismaError) as caught:
            await client.query_raw("SELECT SLEEP(60)")
        assert getattr(caught.value, "code", None) == "P1008"
        # The only connection was replaced, and the statement does not run on.
        assert await client.query_raw(
            "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE ?", "SELECT SLEEP%"
        ) == [{"n": 0}]


async def test_a_pool_without_a_free_connection(make_client: Callable[..., Any], url: str) -> None:
    url = url.replace("pool_timeout=10", "pool_timeout=0.2")
    async with make_client(datasource={"url": f"{url}&connection_limit=1"}) as client, client.tx():
        with pytest.raises(PrismaError) as caught:
            await client.user.count()
        assert getattr(caught.value, "code", None) == "P2024"
