"""The TLS context of a connection, from the modes and files of the URL.

`sslmode` has libpq's meaning, except that `require` alone encrypts without checking the certificate, as Prisma does.
`sslaccept=strict` requires the full check in every mode, `sslaccept=accept_invalid_certs` in none. With `sslkey`,
`sslcert` is the client's certificate. Without `sslkey`, it is the authority's certificate, as in Prisma.
"""

from __future__ import annotations

import secrets
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from prisma.drivers.postgresql.url import SslAccept, SslMode
from prisma.faults import DriverFault, FaultKind
from prisma.frozen import Frozen

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions, TlsFiles

Tls: TypeAlias = ssl.SSLContext | Literal["prefer", False]

SYSTEM_ROOTS = "system"  # libpq's word for the certificates that the machine trusts


class ClientCertificate(Frozen):
    """A client's certificate and its key, as PEM; the password is that of the key, empty if it has none."""

    pem: bytes
    password: str


def tls_for(options: ConnectionOptions) -> Tls:
    """Return asyncpg's `ssl` argument; a DriverFault of kind TLS_CONNECTION_ERROR names a file that can't be used."""
    over_tcp = any(address.socket_folder is None for address in options.addresses)
    if not over_tcp or options.sslmode is SslMode.DISABLE:
        return False
    files = options.tls_files
    strict = options.sslaccept is SslAccept.STRICT
    if options.sslmode is SslMode.PREFER and not strict and files.key is None and files.identity is None:
        return "prefer"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # As libpq: older versions are broken.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _require(context, options, strict=strict)
    if files.identity is not None:
        _load_identity(context, files.identity, files.password)
    elif files.key is not None:
        _load_pair(context, files)
    return context


def _require(context: ssl.SSLContext, options: ConnectionOptions, *, strict: bool) -> None:
    files = options.tls_files
    root = files.root or (files.certificate if files.key is None else None)
    # A root certificate in the URL asks for a check, even with `require`, as for libpq.
    verify = strict or options.sslmode in (SslMode.VERIFY_CA, SslMode.VERIFY_FULL) or files.root is not None
    if not verify or options.sslaccept is SslAccept.ACCEPT_INVALID_CERTS:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return
    context.check_hostname = strict or options.sslmode is SslMode.VERIFY_FULL
    context.verify_mode = ssl.CERT_REQUIRED
    if root is None or root == SYSTEM_ROOTS:
        context.load_default_certs()
        return
    try:
        context.load_verify_locations(cafile=root)
    except OSError as error:
        raise _unusable("sslrootcert" if files.root else "sslcert", root) from error


def _load_pair(context: ssl.SSLContext, files: TlsFiles) -> None:
    certificate = files.certificate or files.key or ""
    try:
        # An empty password makes OpenSSL fail for an encrypted key instead of asking at the terminal.
        context.load_cert_chain(certificate, files.key, password=files.password or "")
    except OSError as error:
        raise _unusable("sslcert and sslkey", f"{certificate}, {files.key}") from error


def _load_identity(context: ssl.SSLContext, path: str, password: str | None) -> None:
    identity = _read_identity(path, password)
    import tempfile

    # OpenSSL loads a chain from a file only.
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(identity.pem)
        file.flush()
        context.load_cert_chain(file.name, password=identity.password)


def client_certificate(files: TlsFiles) -> ClientCertificate | None:
    """Return what the client shows of itself, None for nothing; a DriverFault names a file that can't be used."""
    if files.identity is not None:
        return _read_identity(files.identity, files.password)
    if files.key is None:
        return None
    certificate = files.certificate or files.key
    try:
        pem = b"".join(Path(path).read_bytes() for path in dict.fromkeys((certificate, files.key)))
    except OSError as error:
        raise _unusable("sslcert and sslkey", f"{certificate}, {files.key}") from error
    return ClientCertificate(pem, files.password or "")


def _read_identity(path: str, password: str | None) -> ClientCertificate:
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
        raise _unusable("sslidentity", path) from error
    # A PKCS#12 file may hold certificates alone, as of authorities.
    if bundle.key is None or bundle.cert is None:
        raise _unusable("sslidentity", path)
    pem = serialization.Encoding.PEM
    # OpenSSL reads keys from files only, so this one is encrypted for its short stay on the disk.
    once = secrets.token_hex()
    key = bundle.key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(once.encode())
    )
    chain = b"".join(each.certificate.public_bytes(pem) for each in (bundle.cert, *bundle.additional_certs))
    return ClientCertificate(key + chain, once)


def _unusable(parameter: str, path: str) -> DriverFault:
    message = f"The file that {parameter} names can't be read as a certificate or key: {path}."
    return DriverFault(FaultKind.TLS_CONNECTION_ERROR, {"message": message, "parameter": parameter, "path": path})
