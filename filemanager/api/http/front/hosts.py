"""The hosts that this service answers as: a page that rebound its name to it gets nothing."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache, partial

from flask import Flask, request
from werkzeug.exceptions import NotFound

from filemanager.api.http.context import base_url, services
from filemanager.api.http.dialects import below
from filemanager.domain.errors import HostUnknown

CONTENT = "/c"
"""Where all lies that the content origin has."""

_EVERY = "*"
_HOSTS = 64
"""Remembered whether they are taken."""

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Hosts:
    """``names`` are in lower case, without ports; ``*`` among them stands for every one.

    ``content`` is the content origin's, in every spelling, with the port where it has one.
    """

    names: frozenset[str]
    content: frozenset[str] = frozenset()

    def takes(self, host: str) -> bool:
        return _EVERY in self.names or self.knows(host) or self.is_content(host)

    def is_content(self, host: str) -> bool:
        return host.lower() in self.content

    def knows(self, host: str) -> bool:
        """By name, or as an address: a name can be rebound, an address leads where it says."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found["name"].lower().removesuffix(".")
        return name in self.names or name == "localhost" or _is_address(name)

    def ensure_known(self) -> None:
        """Raise ``HostUnknown`` for a name that is only let through by ``*``."""
        if not self.knows(request.host):
            raise HostUnknown


def install(app: Flask, hosts: Hosts) -> None:
    takes = lru_cache(maxsize=_HOSTS)(hosts.takes)

    @app.before_request
    def ensure_taken() -> None:
        if not takes(request.host):
            raise HostUnknown

    if hosts.content:
        app.before_request(partial(_keep_to_content, hosts))


def _keep_to_content(hosts: Hosts) -> None:
    """Nothing of ours is there. That nothing of it is with us is for the guard of its route."""
    is_reading = request.method in ("GET", "HEAD") and below(CONTENT, request.path)
    if hosts.is_content(request.host) and not is_reading:
        raise NotFound


def lasting_base() -> str:
    """Scheme, host and prefix that what is kept may name for good. Raises ``HostUnknown``."""
    if not services().public_url and not is_host(request.host):
        raise HostUnknown
    return base_url()


def is_host(text: str) -> bool:
    return _HOST.fullmatch(text) is not None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
