"""A directory of a share: read by its query, shown as JSON."""

from urllib.parse import quote

from flask import Response

from filemanager.api.http.paging import next_link, text_of
from filemanager.api.http.reads import read
from filemanager.api.http.wishes import is_storable
from filemanager.api.shares.door import contents
from filemanager.api.shares.guard import opened
from filemanager.api.shares.paths import item_path
from filemanager.api.shares.views import SharedLevelView, creators_of, folder_view, item_view
from filemanager.api.shares.wishes import LevelQuery
from filemanager.domain.errors import Malformed
from filemanager.domain.packages.data_package import Level
from filemanager.services.shares.opening import Opened


def asked_level(query: LevelQuery) -> tuple[str, Level]:
    """The directory, without slashes around it, and the page of it. Raises ``ItemNotFound``, and
    ``Malformed`` for a cursor that no list gave out.
    """
    directory, after = item_path(query.directory.strip("/")), text_of(query.cursor)
    if not is_storable(after):
        raise Malformed("The cursor is not one that this list gave out.")
    return directory, contents().listing.level(opened(), directory, after or None)


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
