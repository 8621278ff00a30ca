"""Requests that clients of every door make alike."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from requests import Response

from filemanager.client.answers import header_in, told_in
from filemanager.client.connection import Ask, Connection
from filemanager.client.errors import ClientError, Refused

_PAGE = {"limit": "1000"}
_LOOK_SECONDS = 1.0


def post_once(
    connection: Connection,
    path: str,
    sent: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """The key is the same at each try, so that a lost answer is answered again."""
    return connection.told(_keyed(path, sent, headers))


def run_once(
    connection: Connection, path: str, headers: Mapping[str, str], watch: Callable[[int], None]
) -> None:
    """``post_once`` of what becomes a job, and wait for its end; *watch* as ``await_job``."""
    asked = _keyed(path, None, {**headers, "Prefer": "respond-async"})
    await_job(connection, asked, connection.ask(asked), watch)


def await_job(
    connection: Connection, asked: Ask, response: Response, watch: Callable[[int], None]
) -> None:
    """Wait for the job that *response* promises, if it does: it is a 202 then.

    *watch* is told how far it is, 0 to 100. Raises ``Refused`` where it fails.
    """
    if response.status_code != HTTPStatus.ACCEPTED:
        return
    job = f"/jobs/{name_below('/jobs/', asked, response)}"
    while True:
        told = connection.told(Ask(method="GET", path=job))
        watch(told["progress"])
        if told["state"] == "failed":
            error = told["error"]
            raise Refused(HTTPStatus.CONFLICT, error["code"], error["detail"])
        if told["state"] == "done":
            return
        connection.patience.pause(_LOOK_SECONDS)


def name_below(path: str, asked: Ask, response: Response) -> str:
    """What ``Location`` names below *path*; it may be relative to what was asked."""
    told = urlsplit(urljoin(asked.path, header_in(response, "Location"))).path
    _, found, name = told.partition(path)
    if not found or not name.isalnum():
        raise ClientError("The answer of the service does not say what it began.")
    return name


def delete_once(
    connection: Connection, path: str, headers: Mapping[str, str] | None = None
) -> Response | None:
    """Delete a thing; None: it was gone at a second try, as the answer said that was lost."""
    tries = 0

    def attempt() -> Response | None:
        nonlocal tries
        tries += 1
        try:
            return connection.once(Ask(method="DELETE", path=path, headers=headers or {}))
        except Refused as refused:
            if tries == 1 or refused.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    return connection.patiently(attempt)


def if_match(revision: int | None) -> Mapping[str, str]:
    """The header that has a change refused where the workspace is at another revision."""
    return {} if revision is None else {"If-Match": f'"{revision}"'}


def _keyed(path: str, sent: Mapping[str, object] | None, headers: Mapping[str, str] | None) -> Ask:
    key = {"Idempotency-Key": f'"{uuid.uuid4()}"'}
    return Ask(method="POST", path=path, headers={**key, **(headers or {})}, json=sent or {})


def pages(connection: Connection, path: str, **query: str) -> Iterator[Mapping[str, Any]]:
    asked: Mapping[str, str] | None = {**_PAGE, **query}
    while asked is not None:
        response = connection.ask(Ask(method="GET", path=path, query=asked))
        following = response.links.get("next")
        # The path is known; only what the service says of the page is taken from the link.
        asked = following and dict(parse_qsl(urlsplit(following["url"]).query))
        yield told_in(response)
