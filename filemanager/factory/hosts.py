"""The hosts that the settings name."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from filemanager.api.http.front.hosts import Hosts
from filemanager.settings.service import Settings
from filemanager.settings.values import DEFAULT_PORTS


def hosts_of(settings: Settings) -> Hosts:
    """Those of the setting, and that of the public URL; apart from them that of the content origin,
    where there are pages that show something from it.
    """
    own = urlsplit(settings.public_url or "").hostname
    origin = settings.pages.content_origin if settings.pages.web else None
    return Hosts(
        settings.hosts | ({own} if own else set()),
        frozenset(_spellings(origin)) if origin else frozenset(),
    )


def _spellings(origin: str) -> Iterator[str]:
    """A name may end in a dot, and a proxy that ends TLS may name the port that goes without."""
    place = urlsplit(origin)
    ports = [f":{place.port}"] if place.port else ["", f":{DEFAULT_PORTS[place.scheme]}"]
    for port in ports:
        yield f"{place.hostname}{port}"
        yield f"{place.hostname}.{port}"
