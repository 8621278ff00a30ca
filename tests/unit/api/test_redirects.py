"""Downloads that the store gives out itself."""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from flask import Flask, Response

from filemanager.api.http.responses import Shown, quoted, send
from filemanager.services.downloads import Download

URL = "https://s3.example.org/blobs/a?X-Amz-Signature=1"


def shown_as(media_type: str, disposition: str) -> str:
    assert (media_type, disposition) == ("application/x-deb", "attachment; filename=a.deb")
    return URL


DOWNLOAD = Download(
    name="a.deb",
    size_bytes=3,
    tag="abc",
    modified_at=datetime(2026, 1, 1, tzinfo=UTC),
    owner=None,
    stream=lambda start, stop: iter((b"abc"[start:stop],)),
    link=shown_as,
)


def sent(headers: dict[str, str], method: str = "GET", download: Download = DOWNLOAD) -> Response:
    with Flask(__name__).test_request_context("/", method=method, headers=headers):
        return send(download, Shown(tag=quoted("abc"), media="application/x-deb"))


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=1-"}, {"If-None-Match": '"old"'}])
def test_readers_are_sent_to_a_url_that_nobody_keeps(asked: dict[str, str]) -> None:
    response = sent(asked)

    assert response.status_code == HTTPStatus.FOUND
    assert response.headers["Location"] == URL
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.data


def test_who_has_it_is_told_so_by_us() -> None:
    assert sent({"If-None-Match": '"abc"'}).status_code == HTTPStatus.NOT_MODIFIED


def test_who_asks_about_it_is_answered_by_us() -> None:
    """A signature is for one method."""
    response = sent({}, "HEAD")

    assert response.status_code == HTTPStatus.OK
    assert response.headers["Content-Length"] == "3"


def test_without_a_link_we_send_it() -> None:
    assert sent({}, download=replace(DOWNLOAD, link=None)).status_code == HTTPStatus.OK
