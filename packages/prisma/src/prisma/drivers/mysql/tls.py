"""The TLS context of a pool.

As for Prisma, a connection is encrypted where the server offers it, without asking which server it is. With
`sslaccept=strict` its certificate must be good, and be for the host of the URL.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from prisma.drivers.identity_files import load_identity, unusable
from prisma.drivers.mysql.url import SslAccept
from prisma.faults import DriverFault, FaultKind

if TYPE_CHECKING:
    from prisma.drivers.mysql.url import MysqlOptions


def context_for(options: MysqlOptions) -> ssl.SSLContext | None:
    """Return what encrypts a connection, None on a socket of the machine.

    Raises:
        DriverFault: of kind TLS_CONNECTION_ERROR, for a file that can't be used.
    """
    if options.socket is not None:
        return None
    files = options.tls_files
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if options.sslaccept is not SslAccept.STRICT:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif files.authority is None:
        context.load_default_certs()
    else:
        try:
            context.load_verify_locations(cafile=files.authority)
        except OSError as error:
            raise unusable("sslcert", files.authority) from error
    if files.identity is not None:
        load_identity(context, files.identity, files.password)
    return context


def not_offered() -> DriverFault:
    """Return the fault for a server without TLS, where the URL asks for it."""
    message = "the server does not offer TLS, and the URL asks for it"
    return DriverFault(FaultKind.TLS_CONNECTION_ERROR, {"message": message})
