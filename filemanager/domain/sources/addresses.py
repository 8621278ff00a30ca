"""Where a source may be asked: endpoints, the hosts that the operator lists, and addresses."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from filemanager.domain.sources.errors import EndpointRefused

Address = IPv4Address | IPv6Address

_HOST = r"\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\.?"
_ENDPOINT = re.compile(rf"(https?)://({_HOST})(?::([0-9]{{1,5}}))?/?", re.ASCII)
_LISTED = re.compile(rf"({_HOST})(?::([0-9]{{1,5}}))?", re.ASCII)
_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65535

_METADATA = frozenset(
    map(
        ip_address,
        (
            "169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23",
            "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        ),
    )
)  # fmt: skip
"""Where clouds tell a machine its credentials."""

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/23"))
"""6to4, and what is assigned to protocols, Teredo among them (RFC 2928): Pythons differ in what of
it they call global.
"""

_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")))
_LOW_BITS = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``host`` is in lower case, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def is_encrypted(self) -> bool:
        return self.scheme == "https"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def endpoint_from(text: str) -> Endpoint:
    """Scheme, host and port alone, a closing slash aside. Raises ``EndpointRefused``."""
    found = _ENDPOINT.fullmatch(text)
    if found is None:
        # What is not repeated may be a password.
        shown = text.partition("?")[0].rpartition("@")[2]
        raise EndpointRefused(shown, "it is no URL of a scheme, a host and a port alone")
    scheme, host, port = found.groups()
    try:
        return Endpoint(scheme, _host(host), _port(port) or _PORTS[scheme])
    except ValueError as error:
        raise EndpointRefused(text, "it names no host") from error


@dataclass(frozen=True, slots=True)
class ListedHosts:
    """Hosts, each with one port or with any (None), that may be asked wherever they lie."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """``host`` and ``host:port``, with commas in between. Raises ``ValueError``."""
        return cls(frozenset(_listed(one.strip()) for one in text.split(",") if one.strip()))

    def __bool__(self) -> bool:
        return bool(self.hosts)

    def hold(self, host: str, port: int) -> bool:
        return not self.hosts.isdisjoint({(host.lower(), None), (host.lower(), port)})

    def ensure_may_be_called(self, endpoint: Endpoint) -> None:
        """Raise ``EndpointRefused`` for a host that is not listed and not asked by TLS, and for an
        address that nothing may connect to. What a name leads to is seen when it is asked.
        """
        if not endpoint.is_encrypted and not self.hold(endpoint.host, endpoint.port):
            raise EndpointRefused(str(endpoint), "without https its host has to be listed")
        with suppress(ValueError):
            if why := self.why_not(str(ip_address(endpoint.host)), endpoint.host, endpoint.port):
                raise EndpointRefused(str(endpoint), why)

    def ensure_listed(self, endpoint: Endpoint) -> None:
        """Raise ``EndpointRefused``."""
        if not self.hold(endpoint.host, endpoint.port):
            raise EndpointRefused(
                str(endpoint), "the operator has not listed its host in FILEMANAGER_SOURCE_HOSTS"
            )

    def why_not(self, address: str, host: str, port: int) -> str | None:
        """Why nothing may connect to an address that *host* has; None: it may."""
        # The zone of a link-local address says nothing of where it leads.
        found = ip_address(address.partition("%")[0])
        if is_metadata(found):
            return "it leads to a service that tells credentials of machines"
        if not is_public(found) and not self.hold(host, port):
            return "it leads to no public address, and its host is not listed"
        return None


def is_metadata(address: Address) -> bool:
    """In whatever form it is written."""
    return not _METADATA.isdisjoint(_forms(address))


def is_public(address: Address) -> bool:
    """Whether everybody reaches the same thing there, which is none of this machine or network."""
    meant = _meant(address)
    if meant.is_multicast or meant.is_reserved or not meant.is_global:
        return False
    if isinstance(meant, IPv4Address):
        return not any(meant in network for network in _SPECIAL)
    return meant in _GLOBAL_UNICAST and not any(meant in network for network in _TUNNELS)


def _forms(address: Address) -> Iterator[Address]:
    """An address, and all those of IPv4 that it might be translated to."""
    yield address
    if isinstance(address, IPv6Address):
        yield IPv4Address(int(address) & _LOW_BITS)
        if address.sixtofour is not None:
            yield address.sixtofour
        yield from address.teredo or ()


def _meant(address: Address) -> Address:
    """What it is translated to (RFC 4291, 2.5.5.2; RFC 6052, 2.1), else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & _LOW_BITS)
    return address.ipv4_mapped or address


def _listed(text: str) -> tuple[str, int | None]:
    found = _LISTED.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text[:200]}' is no host, and no host:port")
    return _host(found[1]), _port(found[2])


def _host(text: str) -> str:
    """As it is compared. Raises ``ValueError``."""
    if text.startswith("["):
        return str(IPv6Address(text[1:-1]))
    return text.lower().removesuffix(".")


def _port(text: str | None) -> int | None:
    """Raises ``ValueError``."""
    if text is None:
        return None
    if not 0 < int(text) <= _MAX_PORT:
        raise ValueError(f"there is no port {text}")
    return int(text)
