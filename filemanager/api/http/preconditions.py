"""The preconditions of a request, read off its headers: the one place for every route."""

import re
from datetime import UTC, datetime, timedelta

from flask import Response, request

from filemanager.api.http.context import services
from filemanager.domain.requests.preconditions import Preconditions, State, whole_second

ON_CHANGE = ("If-Match", "If-None-Match", "If-Unmodified-Since")
ON_READ = (*ON_CHANGE, "If-Modified-Since")
ON_DOWNLOAD = (*ON_READ, "Range", "If-Range")
"""What routes say that they accept."""

_TAG = re.compile(r'(W/)?"([^"]*)"')
_DATES = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
"""All three are to be understood (RFC 9110, 5.6.7)."""


def preconditions() -> Preconditions:
    """What cannot be read as a date is passed over, as the RFC asks (13.1.3)."""
    sent = request.environ
    is_read = sent["REQUEST_METHOD"] in ("GET", "HEAD")
    return Preconditions(
        if_match=_tags(sent.get("HTTP_IF_MATCH"), is_strong=True),
        if_unmodified_since=_date(sent.get("HTTP_IF_UNMODIFIED_SINCE")),
        if_none_match=_tags(sent.get("HTTP_IF_NONE_MATCH"), is_strong=False),
        if_modified_since=_date(sent.get("HTTP_IF_MODIFIED_SINCE")) if is_read else None,
    )


def known_already(state: State, headers: dict[str, str]) -> Response | None:
    """The 304 to a read of what the client has; None: it is to be sent. Raises
    ``ResourceChanged``.
    """
    asked = preconditions()
    asked.ensure_current(state)
    return Response(status=304, headers=headers) if asked.is_known(state) else None


def range_is_current(tag: str, modified_at: datetime) -> bool:
    """Whether ``Range`` is meant for this state: by ``If-Range``, or for want of it."""
    asked = request.headers.get("If-Range")
    if asked is None:
        return True
    date = _date(asked)
    if date is None:
        return asked.strip().strip('"') == tag
    # What changed in this very second may change once more in it (RFC 9110, 8.8.2.2).
    modified = whole_second(modified_at)
    return date == modified and services().clock() - modified >= timedelta(seconds=1)


def _tags(text: str | None, *, is_strong: bool) -> frozenset[str] | None:
    """None: there is no such header. Unquoted tags are taken too: the drop-in routes send them."""
    if text is None:
        return None
    quoted = _TAG.findall(text)
    if not quoted:
        return frozenset(part.strip() for part in text.split(","))
    return frozenset(tag for weak, tag in quoted if not (weak and is_strong))


def _date(text: str | None) -> datetime | None:
    for form in _DATES if text else ():
        try:
            return datetime.strptime(str(text).strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
