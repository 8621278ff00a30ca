"""Visits, as routes see them: what a request asks of which bytes, and where it is sent first."""

import re
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, request

from filemanager.api.http.front.references import absolute, relative
from filemanager.api.shares.door import door
from filemanager.api.shares.guard import opened
from filemanager.services.shares.opening import Opened
from filemanager.services.shares.visiting import Fetch

NEVER_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""Of answers that name what opens something."""

_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


def sent_ahead() -> Response | None:
    """The way to the place that a visit has for itself, where visits are limited; None: this is it,
    or no bytes are asked for. Raises ``ShareUsedUp``.
    """
    share = opened()
    has_place = share.capability is not None or share.visit is not None
    if request.method != "GET" or share.share.max_visits is None or has_place:
        return None
    visit = door().visits.begin(share)
    return sent_to(relative(door().visits.place(share, visit) + _rest_of(share)))


def count(item: str, size_bytes: int | None) -> None:
    """Count and note a GET of *item*; a HEAD is free. Raises ``ShareUsedUp``."""
    if request.method == "GET":
        door().visits.fetch(opened(), _fetch(item, size_bytes))


def _rest_of(share: Opened) -> str:
    """What was asked below the place of the share, percent-encoded, with its query."""
    rest = quote(request.path[len(share.place) :], safe="/")
    query = request.query_string.decode("ascii", "replace")
    return f"{rest}?{query}" if query else rest


def sent_to(url: str, status: HTTPStatus = HTTPStatus.SEE_OTHER) -> Response:
    return Response(status=status, headers={"Location": url, **NEVER_KEPT})


def base_of(share: Opened) -> str:
    """The absolute URL that was asked under."""
    return absolute(share.place)


def _fetch(item: str, size_bytes: int | None) -> Fetch:
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or size_bytes is None:
        return Fetch(item=item, size_bytes=size_bytes)
    start = int(asked[1])
    stop = min(size_bytes, int(asked[2]) + 1) if asked[2] else size_bytes
    return Fetch(item=item, size_bytes=max(0, stop - start), is_continued=start > 0)
