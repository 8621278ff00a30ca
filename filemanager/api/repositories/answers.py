"""What is at a path of the door, as an answer: a file, or a page for a directory."""

from collections.abc import Mapping
from enum import StrEnum

from flask import Response

from filemanager.api.http.responses import Shown, quoted, send
from filemanager.api.repositories.door import door
from filemanager.api.repositories.guard import seen, seen_beyond
from filemanager.api.repositories.pages import directory_page
from filemanager.domain.caller import Caller
from filemanager.domain.repositories.media_types import media_type
from filemanager.domain.trees.errors import FileNotFound
from filemanager.services.repositories.addresses import Above, located
from filemanager.services.repositories.finding import Freshness
from filemanager.services.repositories.reading import PublishedDirectory, PublishedFile

_FRESHNESS: Mapping[Freshness, str] = {
    Freshness.CHANGING: "no-cache",
    Freshness.LASTING: "max-age=31536000, immutable",
}


class PlaceKind(StrEnum):
    DIRECTORY = "directory"
    FILE = "file"


def shown(path: str, kind: PlaceKind | None) -> Response:
    """*kind* None: whichever it is. Raises ``FileNotFound`` and what ``seen`` does."""
    found = _found(path)
    if isinstance(found, PublishedDirectory):
        if kind is PlaceKind.FILE:
            raise FileNotFound
        return directory_page(found)
    if kind is PlaceKind.DIRECTORY:
        raise FileNotFound
    return _sent(found)


def _found(path: str) -> PublishedFile | PublishedDirectory:
    """Above repositories, those who may read private ones see these as well."""

    def look(asking: Caller | None) -> PublishedFile | PublishedDirectory:
        return door().reader.open(asking, path)

    found = seen(look)
    is_above = isinstance(found, PublishedDirectory) and isinstance(
        located(door().catalogue, path), Above
    )
    return seen_beyond(found, look) if is_above else found


def _sent(found: PublishedFile) -> Response:
    download = found.download
    privacy = "private" if found.is_private else "public"
    return send(
        download,
        Shown(
            tag=quoted(download.tag),
            media=media_type(download.name),
            cache_control=f"{privacy}, {_FRESHNESS[found.freshness]}",
            has_settled=found.has_settled,
        ),
    )
