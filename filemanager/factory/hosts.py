"""The hosts that the settings name."""

from urllib.parse import urlsplit

from filemanager.api.http.front.hosts import Hosts
from filemanager.settings.service import Settings


def hosts_of(settings: Settings) -> Hosts:
    """Those of the setting, and that of the public URL."""
    own = urlsplit(settings.public_url or "").hostname
    return Hosts(settings.hosts | ({own} if own else set()))
