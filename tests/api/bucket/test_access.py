"""Who may do what at the bucket door."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from people.following import led_to
from people.visitors import Visitor, a_form, a_visitor, md5

NO_SESSION = {"status": "unauthorized", "code": 401, "error": "Not a valid session"}
DENIED = {"status": "forbidden", "code": 403, "error": "Access denied"}
READING = ("config", "blob/", "replica/", f"checksum/{md5(b'1')}", f"blob/{md5(b'1')}")
OPEN = {"bucket": {"bucket_anonymous": "write"}}


def a_setting(**chosen: Any) -> dict[str, Any]:
    return {"bucket": {"bucket_anonymous": "write", **chosen}}


def test_writing_needs_a_token(dana: Visitor, passer_by: Visitor) -> None:
    response = passer_by.send({"a": b"1"})

    assert (response.status_code, response.get_json()) == (401, NO_SESSION)
    assert dana.get("blob/").get_json()["files"] == []


def test_a_token_for_workspaces_opens_nothing(client: FlaskClient, dana: Visitor) -> None:
    stranger = a_visitor(client, "5", "upload:read", "upload:write")

    found = [stranger.get(path) for path in READING] + [stranger.send({"a": b"1"})]

    assert [(one.status_code, one.get_json()) for one in found] == [(403, DENIED)] * 6
    assert dana.get("blob/").get_json()["files"] == []


def test_a_reader_reads_what_others_sent_and_writes_nothing(
    client: FlaskClient, dana: Visitor
) -> None:
    reader = a_visitor(client, "5", "bucket:read")
    path = dana.keep("a", b"1")["path"]["blob"]

    refused = reader.send({"b": b"2"})

    assert reader.get(path).data == b"1"
    assert (refused.status_code, refused.get_json()) == (403, DENIED)
    assert refused.headers["WWW-Authenticate"].endswith('scope="bucket:write"')


@pytest.mark.parametrize("special", [{"bucket": {"bucket_anonymous": "read"}}])
def test_open_to_read_is_not_open_to_write(dana: Visitor, passer_by: Visitor) -> None:
    path = dana.keep("a", b"1")["path"]["blob"]

    assert passer_by.get(path).data == b"1"
    assert passer_by.send({"b": b"2"}).status_code == 401


@pytest.mark.parametrize("special", [OPEN])
def test_a_bad_token_is_401_even_where_none_is_needed(client: FlaskClient) -> None:
    assert Visitor(client, "nonsense").send({"a": b"1"}).status_code == 401


@pytest.mark.parametrize("special", [OPEN])
@pytest.mark.parametrize(
    "headers",
    [{"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_a_page_of_another_site_writes_nothing(
    dana: Visitor, passer_by: Visitor, headers: dict[str, str]
) -> None:
    response = passer_by.send({"a": b"1"}, **headers)

    error = "A page of another site may not write here without a token."
    assert response.status_code == 403
    assert response.get_json() == {"status": "forbidden", "code": 403, "error": error}
    assert dana.get("blob/").get_json()["files"] == []


@pytest.mark.parametrize("special", [OPEN])
def test_a_page_of_our_own_may_write(passer_by: Visitor) -> None:
    own = {"Sec_Fetch_Site": "same-origin", "Origin": "https://fooserver.localdomain"}

    assert passer_by.send({"a": b"1"}, **own).status_code == 200


def test_with_a_token_any_page_may_write(dana: Visitor) -> None:
    assert dana.send({"a": b"1"}, Origin="https://other.example").status_code == 200


@pytest.mark.parametrize("special", [a_setting(bucket_anonymous_uploads_per_minute=2)])
def test_uploads_without_a_token_are_counted(dana: Visitor, passer_by: Visitor) -> None:
    found = [passer_by.send({name: b"1"}) for name in "abc"]

    assert [one.status_code for one in found] == [200, 200, 429]
    assert found[0].headers["RateLimit"].startswith('"anonymous";r=1;t=')
    assert found[2].headers["RateLimit-Policy"] == '"anonymous";q=2;w=60'
    assert 0 < int(found[2].headers["Retry-After"]) <= 60
    assert found[2].get_json()["status"] == "too many requests"
    assert len(dana.get("blob/").get_json()["files"]) == 2
    assert dana.send({"d": b"1"}).status_code == 200


@pytest.mark.parametrize("special", [a_setting(bucket_anonymous_bytes=8191)])
def test_uploads_without_a_token_have_a_quota(dana: Visitor, passer_by: Visitor) -> None:
    first = passer_by.send({"a": b"123456"})

    second = passer_by.send({"b": b"123456"})

    assert (first.status_code, second.status_code) == (200, 413)
    assert "limit is 8191 bytes, 4096 of them are used" in second.get_json()["error"]
    assert len(dana.get("blob/").get_json()["files"]) == 1


@pytest.mark.parametrize("special", [a_setting(bucket_anonymous_drops=2)])
def test_uploads_without_a_token_are_so_many_files(dana: Visitor, passer_by: Visitor) -> None:
    found = [passer_by.send({name: b"1"}) for name in "abc"]

    assert [one.status_code for one in found] == [200, 200, 413]
    assert "BUCKET_ANONYMOUS_DROPS" in found[2].get_json()["error"]
    assert len(dana.get("blob/").get_json()["files"]) == 2


@pytest.mark.parametrize("special", [a_setting(bucket_max_form_drops=2)])
@pytest.mark.parametrize("count", [3, 150, 300])
def test_a_form_has_so_many_files(dana: Visitor, count: int) -> None:
    """Also where so many come that the rest of the form is not read."""
    refused = dana.send({str(number): b"1" for number in range(count)})

    assert refused.status_code == 413
    assert "More than 2 files" in refused.get_json()["error"]
    assert "BUCKET_MAX_FORM_DROPS" in refused.get_json()["error"]
    assert dana.get("blob/").get_json()["files"] == []
    assert dana.send({"1": b"1", "2": b"2"}).status_code == 200


def test_the_owner_deletes_with_replicas_and_nobody_else_does(
    client: FlaskClient, dana: Visitor
) -> None:
    eve = a_visitor(client, "5", "bucket:read", "bucket:write")
    path = dana.keep("a", b"1")["path"]["blob"]

    refused = eve.delete(path)
    done = dana.delete(path)

    error = "It was sent by somebody else, who alone may delete it."
    assert (refused.status_code, refused.get_json()["error"]) == (403, error)
    assert done.get_json() == {"status": "Success", "code": 200, "deleted": 1}
    assert [dana.get(path).status_code, dana.delete(path).status_code] == [404, 404]


def test_each_takes_out_what_is_theirs_and_an_admin_all(client: FlaskClient, dana: Visitor) -> None:
    eve = a_visitor(client, "5", "bucket:read", "bucket:write")
    staff = a_visitor(client, "6", "upload:admin")
    path = [dana.keep("a", b"1"), eve.keep("b", b"1"), eve.keep("c", b"1")][0]["path"]["blob"]

    assert dana.delete(path).get_json()["deleted"] == 1
    assert eve.get(path).data == b"1"
    assert staff.delete(path).get_json()["deleted"] == 2
    assert eve.get(path).status_code == 404


@pytest.mark.parametrize("special", [OPEN])
def test_nobody_deletes_without_a_token(passer_by: Visitor) -> None:
    path = passer_by.keep("a", b"1")["path"]["blob"]

    assert passer_by.delete(path).status_code == 401
    assert passer_by.get(path).data == b"1"


@pytest.mark.parametrize("path", ["", "upload", "upload/inspect"])
def test_anybody_sees_the_form(passer_by: Visitor, path: str) -> None:
    response = passer_by.get(path)

    assert response.status_code == 200
    assert response.mimetype == "text/html"


@pytest.mark.parametrize(
    ("special", "prefix"),
    [
        ({"bucket": {"bucket_prefix": ""}}, ""),
        ({"bucket": {"bucket_prefix": "/drop/box"}}, "/drop/box"),
    ],
)
def test_the_door_is_where_the_setting_says(client: FlaskClient, prefix: str) -> None:
    eve = a_visitor(client, "5", "bucket:read", "bucket:write", prefix=prefix)

    path = eve.keep("a", b"1")["path"]["blob"]
    location = led_to(eve.head(f"checksum/{md5(b'1')}"))

    assert location == f"{prefix}/{path}"
    assert client.get(location, headers={"Authorization": str(eve.token)}).data == b"1"
    assert eve.get("blob/00").get_json()["status"] == "not found"


@pytest.mark.parametrize("special", [OPEN])
def test_a_form_of_a_browser_without_scripts_works(passer_by: Visitor) -> None:
    body, content_type = a_form({"a.txt": b"1", "": b""})

    response = passer_by.call("POST", "upload", data=body, content_type=content_type)

    assert [one["name"] for one in response.get_json()["files"]] == ["a.txt"]
