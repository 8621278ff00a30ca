"""What may stand in the paths of shares, and what it is read as."""

import re
import unicodedata

from werkzeug.routing import BaseConverter

from filemanager.api.http.wishes import is_storable
from filemanager.domain.packages.data_package import ItemNotFound
from filemanager.domain.shares.pack import PackKind
from filemanager.exports.documents import DOCUMENTS


class DocumentConverter(BaseConverter):
    """One of the lists and formats, some of which lie in a directory."""

    part_isolating = False
    regex = "|".join(map(re.escape, sorted(DOCUMENTS)))
    weight = 150


class PackConverter(BaseConverter):
    """Which repository it is."""

    regex = "|".join(sorted(PackKind))


class HexConverter(BaseConverter):
    """A part of a digest."""

    regex = r"[0-9a-f]{2}(?:[0-9a-f]{28})?"


def item_path(text: str) -> str:
    """Raise ``ItemNotFound`` for what no database could be asked for."""
    if not is_storable(text):
        raise ItemNotFound(text.replace("\0", "\ufffd"))
    return storable_path(text)


def storable_path(text: str) -> str:
    """As paths are kept, of what a wish has looked at already."""
    return unicodedata.normalize("NFC", text)
