"""What proxies in front say of a request: believed of those that the operator names, and of nobody
else.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from filemanager.api.http.front.hosts import Hosts, is_host

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

_PREFIX = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
_PORT = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<v4>[0-9.]+))(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Proxies:
    """``hosts`` are those that a proxy may name; ``networks`` hold its addresses."""

    networks: Sequence[Network]
    hosts: Hosts

    def before(self, application: Application) -> Application:
        """*application*, which is told who and where the client is as the client sees it."""
        if not self.networks:
            return application

        def believing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ.update(self.told(environ))
            return application(environ, start_response)

        return believing

    def told(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """What is to be changed of a request; nothing unless a trusted proxy sent it."""
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is None or not self._trusts(peer):
            return {}
        told = {"REMOTE_ADDR": str(self._client(peer, environ.get("HTTP_X_FORWARDED_FOR", "")))}
        if (scheme := _last(environ, "PROTO").lower()) in ("http", "https"):
            told["wsgi.url_scheme"] = scheme
        if is_host(host := _last(environ, "HOST")) and self.hosts.takes(host):
            told["HTTP_HOST"] = host
        if _PREFIX.fullmatch(prefix := environ.get("HTTP_X_FORWARDED_PREFIX", "")) and prefix:
            told["SCRIPT_NAME"] = prefix
        return told

    def _client(self, peer: Address, forwarded: str) -> Address:
        """The last that is not trusted: who comes before it may be made up."""
        client = peer
        for text in reversed(forwarded.split(",")):
            address = _address(text.strip())
            if address is None:
                break
            client = address
            if not self._trusts(client):
                break
        return client

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def _last(environ: Mapping[str, str], name: str) -> str:
    """What the nearest proxy said; each adds its own behind a comma."""
    return environ.get(f"HTTP_X_FORWARDED_{name}", "").rpartition(",")[2].strip()


def _address(text: str) -> Address | None:
    """Some proxies write the port too, and IPv4 as IPv6."""
    found = _PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address((found["v6"] or found["v4"]) if found else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
