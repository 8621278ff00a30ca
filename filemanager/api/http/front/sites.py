"""Pages of other sites, which make a browser send what its user does not mean."""

from urllib.parse import urlsplit

from flask import request

from filemanager.api.http.context import base_url
from filemanager.domain.errors import Forbidden


class CrossSiteWrite(Forbidden):
    """A page of another site made the browser send this."""

    code = "cross_site_write"

    def __init__(self) -> None:
        super().__init__("A page of another site may not write here without a token.")


def ensure_same_site() -> None:
    """For a write that no token came with. Raises ``CrossSiteWrite``."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise CrossSiteWrite
    origin = request.headers.get("Origin")
    own = {request.host_url, base_url()}
    if origin is not None and _site(origin) not in {_site(one) for one in own}:
        raise CrossSiteWrite


def _site(url: str) -> str:
    """Host and port: a proxy in front may have another scheme."""
    return urlsplit(url).netloc
