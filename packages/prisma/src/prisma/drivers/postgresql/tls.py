"""The TLS context of a connection, from the modes and files of the URL.

`sslmode` has libpq's meaning, except that `require` alone encrypts without checking the certificate, as Prisma does.
`sslaccept=strict` requires the full check in every mode, `sslaccept=accept_invalid_certs` in none. With `sslkey`,
`sslcert` is the client's certificate. Without `sslkey`, it is the authority's certificate, as in Prisma.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from prisma.drivers.identity_files import ClientCertificate, load_identity, read_identity, unusable
from prisma.drivers.postgresql.url import SslAccept, SslMode

if TYPE_CHECKING:
    from prisma.drivers.postgresql.url import ConnectionOptions, TlsFiles

Tls: TypeAlias = ssl.SSLContext | Literal["prefer", False]

SYSTEM_ROOTS = "system"  # libpq's word for the certificates that the machine trusts


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
        load_identity(context, files.identity, files.password)
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
        raise unusable("sslrootcert" if files.root else "sslcert", root) from error


def _load_pair(context: ssl.SSLContext, files: TlsFiles) -> None:
    certificate = files.certificate or files.key or ""
    try:
        # An empty password makes OpenSSL fail for an encrypted key instead of asking at the terminal.
        context.load_cert_chain(certificate, files.key, password=files.password or "")
    except OSError as error:
        raise unusable("sslcert and sslkey", f"{certificate}, {files.key}") from error


def client_certificate(files: TlsFiles) -> ClientCertificate | None:
    """Return what the client shows of itself, None for nothing; a DriverFault names a file that can't be used."""
    if files.identity is not None:
        return read_identity(files.identity, files.password)
    if files.key is None:
        return None
    certificate = files.certificate or files.key
    try:
        pem = b"".join(Path(path).read_bytes() for path in dict.fromkeys((certificate, files.key)))
    except OSError as error:
        raise unusable("sslcert and sslkey", f"{certificate}, {files.key}") from error
    return ClientCertificate(pem, files.password or "")
