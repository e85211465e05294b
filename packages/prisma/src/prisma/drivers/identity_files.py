"""Identity files: a client's certificate and key in PKCS#12, as `sslidentity` names them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.faults import DriverFault, FaultKind
from prisma.frozen import Frozen

if TYPE_CHECKING:
    import ssl


class ClientCertificate(Frozen):
    """A client's certificate and its key, as PEM; the password is that of the key, empty if it has none."""

    pem: bytes
    password: str


def load_identity(context: ssl.SSLContext, path: str, password: str | None) -> None:
    """Let a context show the certificate of an identity; a DriverFault names a file that can't be used."""
    identity = read_identity(path, password)
    import tempfile

    # OpenSSL loads a chain from a file only.
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(identity.pem)
        file.flush()
        context.load_cert_chain(file.name, password=identity.password)


def read_identity(path: str, password: str | None) -> ClientCertificate:
    """Return the certificates and the key of an identity; a DriverFault names a file that can't be used."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.serialization import pkcs12
    except ImportError as error:
        message = (
            "sslidentity needs the package cryptography: install it, or convert the file with `openssl pkcs12 -nodes` "
            "and name the result as sslcert and sslkey."
        )
        raise DriverFault(FaultKind.TLS_CONNECTION_ERROR, {"message": message, "parameter": "sslidentity"}) from error
    try:
        bundle = pkcs12.load_pkcs12(Path(path).read_bytes(), (password or "").encode() or None)
    except (OSError, ValueError) as error:
        raise unusable("sslidentity", path) from error
    # A PKCS#12 file may hold certificates alone, as of authorities.
    if bundle.key is None or bundle.cert is None:
        raise unusable("sslidentity", path)
    pem = serialization.Encoding.PEM
    # OpenSSL reads keys from files only, so this one is encrypted for its short stay on the disk.
    once = secrets.token_hex()
    key = bundle.key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(once.encode())
    )
    chain = b"".join(each.certificate.public_bytes(pem) for each in (bundle.cert, *bundle.additional_certs))
    return ClientCertificate(key + chain, once)


def unusable(parameter: str, path: str) -> DriverFault:
    """Return the fault for a file that a parameter of the URL names."""
    message = f"The file that {parameter} names can't be read as a certificate or key: {path}."
    return DriverFault(FaultKind.TLS_CONNECTION_ERROR, {"message": message, "parameter": parameter, "path": path})
