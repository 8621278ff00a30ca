"""Requests that clients of every door make alike."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from filemanager.client.connection import Ask, Connection

_PAGE = {"limit": "1000"}


def post_once(
    connection: Connection, path: str, sent: Mapping[str, object] | None = None
) -> Mapping[str, Any]:
    """The key is the same at each try, so that a lost answer is answered again."""
    headers = {"Idempotency-Key": f'"{uuid.uuid4()}"'}
    asked = Ask(method="POST", path=path, headers=headers, json=sent or {})
    told: Mapping[str, Any] = connection.ask(asked).json()
    return told


def pages(connection: Connection, path: str, **query: str) -> Iterator[Mapping[str, Any]]:
    asked: Mapping[str, str] | None = {**_PAGE, **query}
    while asked is not None:
        response = connection.ask(Ask(method="GET", path=path, query=asked))
        following = response.links.get("next")
        # The path is known; only what the service says of the page is taken from the link.
        asked = following and dict(parse_qsl(urlsplit(following["url"]).query))
        yield response.json()
