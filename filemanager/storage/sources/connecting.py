"""Connections that lead where they are allowed to: a host is resolved once for each, every address
that it has is looked at, and one of those is what is connected to.

Nothing of the environment is asked: no proxies, no files of settings, no credentials.
"""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.httpsession import get_cert_path
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import connection
from urllib3.util.ssl_ import create_urllib3_context

from filemanager.domain.sources.addresses import Endpoint, ListedHosts
from filemanager.domain.sources.errors import EndpointRefused

Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as texts. Raises ``OSError``."""

_TIMES = Timeout(connect=5, read=30)
_CONNECTIONS = 64
_MOST_TRIED = 3


def resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Gate:
    """Which addresses may be connected to, and who tells them."""

    listed: ListedHosts
    resolve: Resolver = resolved

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """All that *host* has now. Raises ``EndpointRefused`` where one of them is not allowed."""
        found = self.resolve(host, port)
        for address in found:
            why = self.listed.why_not(address, host, port)
            if why is not None:
                raise EndpointRefused(host, why)
        return found[:_MOST_TRIED]


def pool_to(endpoint: Endpoint, gate: Gate) -> HTTPConnectionPool:
    """All threads may share it; connections beyond 64 are not kept."""
    told: dict[str, Any] = {"timeout": _TIMES, "maxsize": _CONNECTIONS, "gate": gate}
    if endpoint.is_encrypted:
        return _GatedHttpsPool(endpoint.host, endpoint.port, ssl_context=_trusting(), **told)
    return _GatedHttpPool(endpoint.host, endpoint.port, **told)


class _GatedHttp(HTTPConnection):
    def __init__(self, *arguments: Any, gate: Gate, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._gate = gate

    def _new_conn(self) -> socket.socket:
        return _connected(self, self._gate)


class _GatedHttps(HTTPSConnection):
    def __init__(self, *arguments: Any, gate: Gate, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._gate = gate

    def _new_conn(self) -> socket.socket:
        return _connected(self, self._gate)


# Pools hand on what they do not know to the connections that they make.


class _GatedHttpPool(HTTPConnectionPool):
    ConnectionCls = _GatedHttp


class _GatedHttpsPool(HTTPSConnectionPool):
    ConnectionCls = _GatedHttps


def _connected(wanted: HTTPConnection, gate: Gate) -> socket.socket:
    try:
        addresses = gate.addresses(wanted.host, wanted.port)
    except (OSError, UnicodeError) as error:
        # What no name of the DNS can be is no text for its resolver.
        raise NewConnectionError(wanted, "nobody knows the host") from error
    failure = OSError("the host has no address")
    for address in addresses:
        try:
            # An address is not resolved again, so that no second answer leads elsewhere.
            return connection.create_connection(
                (address, wanted.port), wanted.timeout, socket_options=wanted.socket_options
            )
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(wanted, "no answer in time") from failure
    raise NewConnectionError(wanted, "no connection") from failure


@cache
def _trusting() -> ssl.SSLContext:
    """Certificates as all who use the store trust them, and those that this machine trusts."""
    context = create_urllib3_context()
    context.load_verify_locations(get_cert_path(verify=True))
    context.load_default_certs()
    return context
