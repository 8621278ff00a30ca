"""Ranges, tags, bodies and cursors of a request, at their edges; no application is needed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from filemanager.api.http.bodies import NoJson, parsed_json, sent_bytes
from filemanager.api.http.context import EXTENSION
from filemanager.api.http.paging import cursor_of, entry_of, next_link, number_of, text_of
from filemanager.api.http.preconditions import preconditions
from filemanager.api.http.responses import Shown, disposition, not_modified, send
from filemanager.domain.errors import Malformed, RequestTooLarge
from filemanager.domain.ids import MAX_ID
from filemanager.domain.trees.areas import Area
from filemanager.services.downloads import Download

AT = datetime(2026, 11, 28, 12, 0, 0, tzinfo=UTC)
TEN = b"0123456789"
FLASK = Flask(__name__)


def a_download(data: bytes = TEN) -> Download:
    def stream(start: int, stop: int) -> Iterator[bytes]:
        yield data[start:stop]

    return Download(
        name="a.txt", size_bytes=len(data), tag="tag", modified_at=AT, owner=None, stream=stream
    )


SHOWN = Shown(tag='"tag"', media="text/plain")


@pytest.mark.parametrize(
    ("asked", "status", "part", "content_range"),
    [
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
        ("bytes=9-", 206, b"9", "bytes 9-9/10"),
        ("bytes=3-100", 206, b"3456789", "bytes 3-9/10"),
        ("bytes=0-9", 206, TEN, "bytes 0-9/10"),
        ("bytes=-1", 206, b"9", "bytes 9-9/10"),
        ("bytes=-10", 206, TEN, "bytes 0-9/10"),
        ("bytes=-11", 206, TEN, "bytes 0-9/10"),
        ("bytes=007-007", 206, b"7", "bytes 7-7/10"),
        (f"bytes=0-{'9' * 5000}", 206, TEN, "bytes 0-9/10"),
        ("bytes=4-3", 200, TEN, None),
        ("bytes=-", 200, TEN, None),
        ("bytes=0-1,3-4", 200, TEN, None),
        ("lines=0-1", 200, TEN, None),
        ("", 200, TEN, None),
    ],
)
def test_a_range_is_answered_to_the_byte(
    asked: str, status: int, part: bytes, content_range: str | None
) -> None:
    with FLASK.test_request_context(headers={"Range": asked}):
        response = send(a_download(), SHOWN)
        sent = b"".join(response.response)  # type: ignore[arg-type]  # of bytes

    assert (response.status_code, sent) == (status, part)
    assert response.headers.get("Content-Range") == content_range
    assert response.headers["Content-Length"] == str(len(part))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-10", "bytes=-0", f"bytes={'9' * 5000}-"])
def test_a_range_outside_of_the_bytes_is_none(asked: str) -> None:
    with (
        FLASK.test_request_context(headers={"Range": asked}),
        pytest.raises(RequestedRangeNotSatisfiable) as refused,
    ):
        send(a_download(), SHOWN)

    assert refused.value.length == 10


def test_of_no_bytes_there_is_no_range() -> None:
    with (
        FLASK.test_request_context(headers={"Range": "bytes=0-0"}),
        pytest.raises(RequestedRangeNotSatisfiable),
    ):
        send(a_download(b""), SHOWN)


@pytest.mark.parametrize(
    ("tag", "status"), [('"tag"', 206), ("tag", 206), ('"other"', 200), ('W/"tag"', 200)]
)
def test_a_range_is_meant_for_the_tag_that_it_names(tag: str, status: int) -> None:
    headers = {"Range": "bytes=0-0", "If-Range": tag}
    with FLASK.test_request_context(headers=headers):
        assert send(a_download(), SHOWN).status_code == status


@pytest.mark.parametrize(
    ("date", "seconds", "status"),
    [
        ("Sat, 28 Nov 2026 12:00:00 GMT", 1, 206),
        ("Sat, 28 Nov 2026 12:00:00 GMT", 0.999, 200),
        ("Sat, 28 Nov 2026 12:00:01 GMT", 5, 200),
    ],
)
def test_a_date_names_a_state_that_a_whole_second_has_passed_over(
    date: str, seconds: float, status: int
) -> None:
    app = Flask(__name__)
    app.extensions[EXTENSION] = SimpleNamespace(clock=lambda: AT + timedelta(seconds=seconds))

    with app.test_request_context(headers={"Range": "bytes=0-0", "If-Range": date}):
        assert send(a_download(), SHOWN).status_code == status


def test_only_a_get_has_a_range_and_no_head_has_bytes() -> None:
    with FLASK.test_request_context(method="HEAD", headers={"Range": "bytes=0-0"}):
        response = send(a_download(), SHOWN)

    assert (response.status_code, response.headers["Content-Length"]) == (200, "10")
    assert list(response.response) == []


@pytest.mark.parametrize(
    ("headers", "is_known"),
    [
        ({"If-None-Match": '"tag"'}, True),
        ({"If-None-Match": 'W/"tag"'}, True),
        ({"If-None-Match": "*"}, True),
        ({"If-None-Match": 'other, "tag"'}, True),
        ({"If-None-Match": '"other"'}, False),
        ({}, False),
    ],
)
def test_what_the_client_has_is_not_sent_again(headers: dict[str, str], is_known: bool) -> None:
    with FLASK.test_request_context(headers=headers):
        assert (not_modified('"tag"') is not None) is is_known
        assert (send(a_download(), SHOWN).status_code == 304) is is_known


def test_a_weak_tag_names_no_state_that_is_to_be_changed() -> None:
    with FLASK.test_request_context(headers={"If-Match": 'W/"a", "b"'}):
        assert preconditions().if_match == frozenset({"b"})
    with FLASK.test_request_context(headers={"If-Match": "a , b"}):
        assert preconditions().if_match == frozenset({"a", "b"})


@pytest.mark.parametrize(
    "date",
    [
        "Sat, 28 Nov 2026 12:00:00 GMT",
        "Saturday, 28-Nov-26 12:00:00 GMT",
        "Sat Nov 28 12:00:00 2026",
    ],
)
def test_a_date_comes_in_three_forms(date: str) -> None:
    headers = {"If-Unmodified-Since": date, "If-Modified-Since": date}

    with FLASK.test_request_context(headers=headers):
        asked = preconditions()
    with FLASK.test_request_context(method="PUT", headers=headers):
        changed = preconditions()

    assert (asked.if_unmodified_since, asked.if_modified_since) == (AT, AT)
    assert (changed.if_unmodified_since, changed.if_modified_since) == (AT, None)


def test_a_body_has_so_many_bytes_and_no_more() -> None:
    with FLASK.test_request_context(method="POST", data=TEN):
        assert sent_bytes(10) == TEN
    with FLASK.test_request_context(method="POST", data=TEN), pytest.raises(RequestTooLarge):
        sent_bytes(9)
    untold = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    for most, is_taken in ((10, True), (9, False)):
        with FLASK.test_request_context(method="POST", data=TEN, environ_overrides=untold):
            try:
                assert (sent_bytes(most) == TEN) is is_taken
            except RequestTooLarge:
                assert not is_taken


@pytest.mark.parametrize("text", [b"", b"{", b"NaN", b'"\\ud800"', b"[" * 10_000])
def test_what_is_no_json_is_told(text: bytes) -> None:
    assert parsed_json(b"[1]") == [1]
    with pytest.raises(NoJson):
        parsed_json(text)


@pytest.mark.parametrize("place", [0, MAX_ID])
def test_a_cursor_says_where_a_page_begins(place: int) -> None:
    assert number_of(cursor_of(place)) == place
    assert (number_of(None), text_of(None), entry_of(None)) == (0, "", None)
    assert text_of(cursor_of("ä")) == "ä"
    assert entry_of(cursor_of(["source", "a/b"])) == (Area.SOURCE, "a/b")


@pytest.mark.parametrize("place", [-1, MAX_ID + 1, True, 1.0, "1", [1]])
def test_a_cursor_of_another_list_is_refused(place: object) -> None:
    for cursor in (cursor_of(place), "!", "AA=="):
        with pytest.raises(Malformed):
            number_of(cursor)


@pytest.mark.parametrize(
    "place", [["elsewhere", "a"], ["source"], ["source", 1], ["source", "\0"], "a"]
)
def test_what_names_no_entry_is_refused(place: object) -> None:
    with pytest.raises(Malformed):
        entry_of(cursor_of(place))


@pytest.mark.parametrize("place", [1, None, "\0", ["a"]])
def test_what_is_no_text_is_refused(place: object) -> None:
    with pytest.raises(Malformed):
        text_of(cursor_of(place))


def test_the_next_page_keeps_what_was_asked() -> None:
    with FLASK.test_request_context("/?limit=2&cursor=old"):
        link = next_link(7)["Link"]
        assert next_link(None) == {}

    assert link == f'<?limit=2&cursor={cursor_of(7).replace("=", "%3D")}>; rel="next"'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a b.txt", "attachment; filename=a_b.txt; filename*=UTF-8''a%20b.txt"),
        ("a.txt", "attachment; filename=a.txt"),
        ("日本.txt", "attachment; filename=file.txt; filename*=UTF-8''%E6%97%A5%E6%9C%AC.txt"),
    ],
)
def test_a_name_has_a_plain_one_beside_it(name: str, value: str) -> None:
    assert disposition(name, SHOWN) == value
