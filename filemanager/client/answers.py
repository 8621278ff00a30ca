"""What the service answered: fields and headers, refusals in words, and what is no answer of it.

A proxy, a portal that wants a password, or another service at a mistyped address answers too.
"""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from filemanager.client.errors import ClientError, Refused

_MOST_DETAIL = 500
_WHY = re.compile(r'error_description="([^"]+)"')
"""What is wrong with a token is told there alone (RFC 6750, 3)."""


class NotTheService(ClientError):
    """What answered is not the service, or something between here and there spoke for it."""


class _Told(dict[str, Any]):
    """An object of an answer: to ask it for a field that it lacks raises ``NotTheService``."""

    def __missing__(self, name: str) -> Any:
        raise NotTheService(f"An answer is without '{name}', so that this service did not give it.")


def told_in(response: requests.Response) -> dict[str, Any]:
    """The object of an answer. Raises ``NotTheService``; so does each field that is not there."""
    try:
        told = response.json(object_hook=_Told)
    except requests.RequestException:
        told = None
    if not isinstance(told, _Told):
        raise _not_the_service(response)
    return told


def header_in(response: requests.Response, name: str) -> str:
    """Raises ``NotTheService``."""
    if name not in response.headers:
        raise _not_the_service(response)
    return response.headers[name]


def _not_the_service(response: requests.Response) -> NotTheService:
    media = response.headers.get("Content-Type") or "no type"
    return NotTheService(
        f"{_host(response.request.url)} answers {response.status_code} ({media[:_MOST_DETAIL]}),"
        " and not as this service does. Look at the address, and at what stands before it."
    )


def _host(url: str | None) -> str:
    place = urlsplit(url or "")
    return f"{place.scheme}://{place.netloc}"


def refusal(response: requests.Response) -> Refused:
    """The problem of an answer; what is no problem+json is told by its status."""
    with response:
        try:
            told = response.json()
        except requests.RequestException:
            told = {}
    told = told if isinstance(told, dict) else {}
    # The repositories door words what it says no with as RWS did.
    worded = told.get("detail") or told.get("message")
    detail = str(worded or f"The service answered {response.status_code}{_leading(response)}.")
    if why := _WHY.search(response.headers.get("WWW-Authenticate") or ""):
        detail += f": {why[1]}"
    errors = told.get("errors")
    for one in errors if isinstance(errors, list) else ():
        if isinstance(one, dict):
            detail += f" {one.get('pointer') or one.get('parameter') or ''}: {one.get('detail')}"
    return Refused(
        response.status_code,
        str(told.get("code") or ""),
        detail[:_MOST_DETAIL],
        wait_seconds=_wait_seconds(response.headers.get("Retry-After")),
    )


def _leading(response: requests.Response) -> str:
    """Where a redirect leads, which is not followed: the token would go there."""
    place = response.headers.get("Location")
    if place is None or not response.is_redirect:
        return ""
    return f": its address leads to {_host(urljoin(response.request.url or '', place))}"


def _wait_seconds(header: str | None) -> float | None:
    """Seconds, or a date (RFC 9110, 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
