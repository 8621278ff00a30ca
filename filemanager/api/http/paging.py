"""Pages of lists: opaque cursors and the ``Link`` to the next page (RFC 8288)."""

import base64
import binascii
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import request

from filemanager.api.http.wishes import is_storable
from filemanager.domain.errors import Malformed
from filemanager.domain.trees.areas import Area


def cursor_of(after: object) -> str:
    """Pack where a page ended."""
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode()


def place_of(cursor: str | None) -> object | None:
    """Where the page before ended; raises ``Malformed`` for a cursor that is not ours."""
    if cursor is None:
        return None
    try:
        return json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))  # type: ignore[no-any-return]  # callers look at what it is
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Malformed("The cursor is not one that this list gave out.") from error


def entry_of(cursor: str | None) -> tuple[Area, str] | None:
    """The entry of a tree that the page begins behind."""
    match place_of(cursor):
        case None:
            return None
        case [str(area), str(path)] if area in set(Area) and is_storable(path):
            return Area(area), path
    raise Malformed("The cursor is not one that this list gave out.")


def number_of(cursor: str | None) -> int:
    """An id that the page begins behind."""
    place = place_of(cursor)
    if place is None:
        return 0
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < 1 << 63:
        raise Malformed("The cursor is not one that this list gave out.")
    return place


def text_of(cursor: str | None) -> str:
    """A text that the page begins behind, and that every database takes."""
    place = "" if cursor is None else place_of(cursor)
    if not isinstance(place, str) or not is_storable(place):
        raise Malformed("The cursor is not one that this list gave out.")
    return place


def next_link(after: object | None) -> Mapping[str, str]:
    """The header for the next page, by its query alone; none on the last."""
    if after is None:
        return {}
    arguments = {**request.args.to_dict(), "cursor": cursor_of(after)}
    return {"Link": f'<?{urlencode(arguments)}>; rel="next"'}
