"""A directory of a share: read by its query, shown as JSON."""

from urllib.parse import quote

from flask import Response

from filemanager.api.http.paging import next_link, text_of
from filemanager.api.http.reads import read
from filemanager.api.shares.door import contents
from filemanager.api.shares.guard import opened
from filemanager.api.shares.paths import item_path
from filemanager.api.shares.views import SharedLevelView, creators_of, folder_view, item_view
from filemanager.api.shares.wishes import LevelQuery
from filemanager.domain.packages.data_package import Level
from filemanager.services.shares.opening import Opened


def asked_level(query: LevelQuery) -> tuple[str, Level]:
    """The directory, without slashes around it, and the page of it. Raises ``ItemNotFound``."""
    directory = item_path(query.directory.strip("/"))
    after = text_of(query.cursor) or None
    return directory, contents().listing.level(opened(), directory, after)


def json_level(query: LevelQuery) -> Response:
    directory, level = asked_level(query)
    return read(_view(opened(), directory, level), headers=next_link(level.next))


def _view(share: Opened, directory: str, level: Level) -> SharedLevelView:
    edition = share.edition
    described = edition.described
    return SharedLevelView(
        name=described.name,
        description=described.description,
        license=described.license,
        creators=creators_of(edition),
        doi=described.doi,
        keywords=list(described.keywords),
        version=edition.number or "latest",
        digest=edition.digest,
        frozen_at=edition.frozen_at,
        items=edition.items,
        bytes=edition.size_bytes,
        directory=directory,
        folders=[folder_view(directory, folder) for folder in level.folders],
        entries=[item_view(item, f"f/{quote(item.path)}") for item in level.items],
    )
