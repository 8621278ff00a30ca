"""Signposting: links that tell machines what a share is (FAIR Signposting Profile, RFC 9264)."""

import json
import re
from collections.abc import Iterable, Iterator

from filemanager.exports.listing import Edition, ListedItem
from filemanager.services.shares.opening import Opened

LINKSET_MEDIA = "application/linkset+json"
_SPDX = re.compile(r"[A-Za-z0-9.+-]{1,64}")
_URL = re.compile(r"https?://[!-~]{1,1000}")


def signposts(share: Opened) -> dict[str, str]:
    """Headers of the page; each reference is relative to it."""
    links = [
        '<linkset.json>; rel="linkset"; type="application/linkset+json"',
        '<datapackage.json>; rel="describedby"; type="application/json"',
        '<ro-crate-metadata.json>; rel="describedby"; type="application/ld+json"',
        '<package.zip>; rel="item"; type="application/zip"',
    ]
    if (license_url := license_of(share.edition.described.license)) is not None:
        links.append(f'<{license_url}>; rel="license"')
    return {"Link": ", ".join(links)}


def linkset(edition: Edition, items: Iterable[ListedItem]) -> Iterator[bytes]:
    """Every item, a line each."""
    about: dict[str, object] = {
        "anchor": edition.base,
        "describedby": [{"href": f"{edition.base}datapackage.json", "type": "application/json"}],
    }
    if (license_url := license_of(edition.described.license)) is not None:
        about["license"] = [{"href": license_url}]
    yield f'{{"linkset":[{json.dumps(about)[:-1]}, "item":['.encode()
    before = ""
    for item in items:
        link = {"href": edition.url_of(item.path), "type": item.media_type}
        yield f"{before}\n{json.dumps(link)}".encode()
        before = ","
    yield b"\n]}]}\n"


def license_of(said: str) -> str | None:
    """What is said may be a URL, or a name of SPDX's list; of anything else there is no link."""
    if _URL.fullmatch(said) and not set('<>"') & set(said):
        return said
    return f"https://spdx.org/licenses/{said}" if _SPDX.fullmatch(said) else None
