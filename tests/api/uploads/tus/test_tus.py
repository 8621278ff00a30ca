"""/uploads/tus: begun, continued, received, given up."""

import hashlib
import io
from base64 import b64encode
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_date

from builders.papers import a_tarball, a_token, a_zip
from people.following import led_to
from people.person import Person
from people.tus_uploader import MEDIA, TUS, Uploader, metadata, refusal

HELLO = b"Hello, world.\n"
NO_UPLOAD = (404, "upload_not_found")
UNKNOWN = f"{TUS}/{'0' * 32}"


@pytest.fixture
def uploader(alice: Person, client: FlaskClient) -> Uploader:
    """Alice, at a workspace of hers that takes any files."""
    made = alice.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    return Uploader(client, a_token("1"), made)


@pytest.fixture
def stranger(uploader: Uploader, client: FlaskClient) -> Uploader:
    return Uploader(client, a_token("3"), uploader.workspace)


def checksum(algorithm: str, data: bytes) -> str:
    return f"{algorithm} {b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def test_it_works(uploader: Uploader) -> None:
    made = uploader.create(len(HELLO))
    url = led_to(made)
    first = uploader.append(url, 0, HELLO[:5])
    seen = uploader.look(url)
    last = uploader.append(url, 5, HELLO[5:])

    assert (made.status_code, made.headers["Upload-Offset"]) == (201, "0")
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "5")
    assert (seen.status_code, seen.headers["Upload-Offset"]) == (200, "5")
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, "14")
    assert "Link" not in last.headers
    assert uploader.files() == {"a.txt": HELLO}
    state = uploader.state(url)
    assert (state["state"], state["path"], state["error"]) == ("received", "a.txt", None)
    assert state["result"]["path"] == "a.txt"


def test_every_answer_speaks_tus(uploader: Uploader) -> None:
    url = uploader.begin(3)

    answers = [uploader.look(url), uploader.append(url, 9, b"x"), uploader.look(UNKNOWN)]
    answers += [uploader.append(url, 0, b"abc"), uploader.tus("DELETE", url)]

    assert [one.status_code for one in answers] == [200, 409, 404, 204, 410]
    assert {one.headers["Tus-Resumable"] for one in answers} == {"1.0.0"}
    assert {one.headers["Cache-Control"] for one in answers} == {"no-store"}


def test_options_say_what_is_spoken_without_a_token(client: FlaskClient) -> None:
    for path in (TUS, UNKNOWN):
        headers = client.options(path).headers

        assert headers["Tus-Version"] == "1.0.0"
        assert headers["Tus-Max-Size"] == str(8 << 30)
        assert headers["Tus-Checksum-Algorithm"] == "sha1,md5,sha256"
        assert set(headers["Tus-Extension"].split(",")) == {
            "creation", "creation-with-upload", "creation-defer-length", "expiration",
            "checksum", "termination", "concatenation",
        }  # fmt: skip


def test_head_gives_back_what_the_client_said(uploader: Uploader) -> None:
    said = {"workspace": uploader.workspace, "filename": "größe.txt", "filetype": "text/plain"}
    made = uploader.tus("POST", TUS, Upload_Length="3", Upload_Metadata=metadata(said))

    seen = uploader.look(led_to(made))

    assert seen.headers["Upload-Metadata"] == metadata(said)
    assert seen.headers["Upload-Length"] == "3"
    expires = parse_date(seen.headers["Upload-Expires"])
    assert expires is not None
    assert expires == parse_date(made.headers["Upload-Expires"])


def test_a_creation_may_bring_bytes(uploader: Uploader) -> None:
    wanted = metadata({"workspace": uploader.workspace, "filename": "a.txt"})
    sent = {"Upload_Length": "14", "Upload_Metadata": wanted, "Content_Type": MEDIA}

    whole = uploader.tus("POST", TUS, HELLO, **sent)

    assert (whole.status_code, whole.headers["Upload-Offset"]) == (201, "14")
    assert uploader.files() == {"a.txt": HELLO}


def test_an_upload_without_a_byte_is_received_at_once(uploader: Uploader) -> None:
    made = uploader.create(0, "empty.txt")

    assert made.status_code == 201
    assert uploader.state(led_to(made))["state"] == "received"


def test_a_length_may_be_told_with_the_last_bytes(uploader: Uploader) -> None:
    url = uploader.begin(None)
    uploader.append(url, 0, HELLO[:5])
    seen = uploader.look(url)

    last = uploader.append(url, 5, HELLO[5:], Upload_Length="14")

    assert seen.headers["Upload-Defer-Length"] == "1"
    assert "Upload-Length" not in seen.headers
    assert last.status_code == 204
    assert uploader.files() == {"a.txt": HELLO}


def test_a_length_is_told_once(uploader: Uploader) -> None:
    url = uploader.begin(14)

    other = uploader.append(url, 0, HELLO[:3], Upload_Length="15")
    same = uploader.append(url, 0, HELLO[:3], Upload_Length="14")

    assert refusal(other) == (409, "offset_conflict")
    assert same.status_code == 204


@pytest.mark.parametrize("algorithm", ["sha1", "md5", "sha256"])
def test_bytes_count_only_with_their_checksum(uploader: Uploader, algorithm: str) -> None:
    url = uploader.begin(14)

    wrong = uploader.append(url, 0, HELLO, Upload_Checksum=checksum(algorithm, b"other"))
    offset = uploader.offset(url)
    right = uploader.append(url, 0, HELLO, Upload_Checksum=checksum(algorithm, HELLO))

    assert refusal(wrong) == (460, "checksum_mismatch")
    assert wrong.status == "460 Checksum Mismatch"
    assert (offset, right.status_code) == ("0", 204)
    assert uploader.files() == {"a.txt": HELLO}


def test_an_upload_that_is_given_up_is_gone(uploader: Uploader) -> None:
    url = uploader.begin(14)
    uploader.append(url, 0, HELLO[:5])

    gone = uploader.tus("DELETE", url)

    assert (gone.status_code, gone.data) == (204, b"")
    assert uploader.look(url).status_code == 404
    assert uploader.files() == {}


@pytest.mark.parametrize(("method", "status"), [("PATCH", 204), ("DELETE", 204), ("PUT", 405)])
def test_another_method_may_be_named(uploader: Uploader, method: str, status: int) -> None:
    url = uploader.begin(14)
    named = {"X_HTTP_Method_Override": method, "Upload_Offset": "0", "Content_Type": MEDIA}

    response = uploader.tus("POST", url, HELLO, **named)

    assert response.status_code == status
    assert uploader.files() == ({"a.txt": HELLO} if method == "PATCH" else {})


def test_an_archive_is_unpacked_unless_told_otherwise(uploader: Uploader) -> None:
    archive = a_tarball({"a.txt": b"a\n", "b.txt": b"b\n"})

    uploader.send(archive, "kept.tar.gz", unpack="false")
    uploader.send(archive, "all.tar.gz")

    assert uploader.files() == {"kept.tar.gz": archive, "a.txt": b"a\n", "b.txt": b"b\n"}


def test_a_document_is_unpacked_only_where_that_is_asked(uploader: Uploader) -> None:
    array = a_zip({"arr_0.npy": b"x\n"})

    uploader.send(array, "kept.npz")
    uploader.send(array, "open.npz", unpack="true")

    assert uploader.files() == {"kept.npz": array, "arr_0.npy": b"x\n"}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"filename": "a.txt"}, "a.txt"),
        ({"name": "a.txt"}, "a.txt"),
        ({"filename": "a.txt", "relativePath": "null"}, "a.txt"),
        ({"filename": "a.txt", "relativePath": "/d/a.txt"}, "d/a.txt"),
        ({"filename": "a.txt", "path": "e/b.txt", "relativePath": "d/a.txt"}, "e/b.txt"),
        ({"filename": "a.txt", "ancillary": "true"}, "anc/a.txt"),
        ({"path": "anc/a.txt", "ancillary": "True"}, "anc/a.txt"),
    ],
)
def test_a_path_is_what_clients_call_it(
    uploader: Uploader, said: dict[str, str], path: str
) -> None:
    wanted = metadata({"workspace": uploader.workspace, **said})
    made = uploader.tus("POST", TUS, Upload_Length="14", Upload_Metadata=wanted)

    assert uploader.state(led_to(made))["path"] == path


# What is refused.


def test_a_token_without_the_scope_begins_nothing(uploader: Uploader, client: FlaskClient) -> None:
    reader = Uploader(client, a_token("1", "upload:read"), uploader.workspace)

    here, elsewhere = reader.create(3), reader.create(3, workspace=999)
    part = reader.tus("POST", TUS, Upload_Concat="partial", Upload_Length="3")

    assert [refusal(one) for one in (here, elsewhere, part)] == [(403, "insufficient_scope")] * 3
    assert uploader.call("GET", "/uploads").get_json() == {"uploads": []}


def test_a_token_for_one_workspace_uploads_to_it_alone(
    uploader: Uploader, client: FlaskClient
) -> None:
    bound = Uploader(
        client, a_token("3", f"upload:update:{uploader.workspace}"), uploader.workspace
    )

    sent, elsewhere = bound.send(HELLO), bound.create(3, workspace=uploader.workspace + 1)

    assert sent.status_code == 204
    assert refusal(elsewhere) == (403, "insufficient_scope")
    assert uploader.files() == {"a.txt": HELLO}


def test_the_scope_is_looked_at_again_with_each_request(
    uploader: Uploader, client: FlaskClient
) -> None:
    url = uploader.begin(14)
    reader = Uploader(client, a_token("1", "upload:read"), uploader.workspace)

    refused = reader.append(url, 0, HELLO)
    files = uploader.files()
    asked = uploader.look(url)

    assert refusal(refused) == NO_UPLOAD
    assert files == {}
    assert (asked.status_code, asked.headers["Upload-Offset"]) == (200, "0")


def test_a_stranger_learns_nothing(uploader: Uploader, stranger: Uploader) -> None:
    url = uploader.begin(14)

    assert refusal(stranger.create(3)) == (404, "workspace_not_found")
    assert refusal(stranger.append(url, 0, HELLO)) == NO_UPLOAD
    assert refusal(stranger.tus("DELETE", url)) == NO_UPLOAD
    assert stranger.look(url).status_code == 404
    assert uploader.offset(url) == "0"


@pytest.mark.parametrize("url", [UNKNOWN, f"{TUS}/a", f"{TUS}/%C3%A4%00"])
def test_an_upload_that_is_not_there(uploader: Uploader, url: str) -> None:
    assert refusal(uploader.append(url, 0, HELLO)) == NO_UPLOAD
    assert refusal(uploader.tus("DELETE", url)) == NO_UPLOAD
    assert uploader.look(url).status_code == 404


@pytest.mark.parametrize("version", [{}, {"Tus_Resumable": "0.2.2"}])
def test_another_version_is_refused(uploader: Uploader, version: dict[str, str]) -> None:
    url = uploader.begin(14)

    answers = [uploader.call("POST", TUS, **version)]
    answers += [
        uploader.call("PATCH", url, HELLO, Content_Type=MEDIA, Upload_Offset="0", **version)
    ]
    answers += [uploader.call("DELETE", url, **version)]

    assert [refusal(one) for one in answers] == [(412, "tus_version_unknown")] * 3
    assert {one.headers["Tus-Version"] for one in answers} == {"1.0.0"}
    assert uploader.call("HEAD", url, **version).status_code == 412
    assert uploader.offset(url) == "0"


def said(**values: object) -> dict[str, str]:
    return {"Upload_Length": "3", "Upload_Metadata": metadata(values)}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        said(filename="a.txt"),
        said(workspace=1),
        said(workspace="one", filename="a"),
        said(workspace=2**63, filename="a"),
        said(workspace=1, bucket="b", filename="a"),
        said(package="p", filename="a"),
        said(repository="", filename="a"),
        said(workspace=1, filename="a", unpack="perhaps"),
        said(workspace=1, filename="a", batch="a/b"),
        said(workspace=1, filename="a", batch=""),
        {**said(workspace=1, filename="a"), "Upload_Length": "-1"},
        {**said(workspace=1, filename="a"), "Upload_Length": "1" * 20},
        {**said(workspace=1, filename="a"), "Upload_Defer_Length": "1"},
        {**said(workspace=1, filename="a"), "Upload_Defer_Length": "2"},
        {**said(workspace=1, filename="a"), "Upload_Concat": "whole"},
        {"Upload_Length": "3", "Upload_Metadata": "filename not-base64"},
        {"Upload_Length": "3", "Upload_Metadata": "filename /w=="},
        {"Upload_Length": "3", "Upload_Metadata": "a YQ==,a YQ=="},
        {"Upload_Metadata": metadata({"workspace": 1, "filename": "a"})},
        {"Upload_Concat": "final;"},
        {"Upload_Concat": "final;http://[/uploads/tus/a"},
    ],
)
def test_a_creation_that_cannot_be_read(uploader: Uploader, headers: dict[str, str]) -> None:
    assert refusal(uploader.tus("POST", TUS, **headers)) == (400, "header_refused")


def test_an_upload_may_be_a_drop_in_the_bucket(uploader: Uploader, client: FlaskClient) -> None:
    wanted = metadata({"bucket": "yes", "filename": "a.txt", "filetype": "x", "Topic": "greetings"})
    sent = {"Upload_Length": "14", "Upload_Metadata": wanted, "Content_Type": MEDIA}
    dropper = Uploader(client, a_token("1", "bucket:write", "bucket:read"))

    refused = uploader.tus("POST", TUS, HELLO, **sent)
    dropped = dropper.tus("POST", TUS, HELLO, **sent)

    assert refusal(refused) == (403, "insufficient_scope")
    assert dropped.status_code == 201
    result = dropper.state(led_to(dropped))["result"]
    assert result["sha256"] == hashlib.sha256(HELLO).hexdigest()
    assert dropper.call("GET", f"/bucket/{result['path']}").data == HELLO


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", "a\0b", "x" * 800])
def test_a_path_that_no_tree_can_hold(uploader: Uploader, path: str) -> None:
    assert refusal(uploader.create(3, path=path)) == (400, "path_refused")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Upload_Offset": "1"}, (409, "offset_conflict")),
        ({"Upload_Offset": "x"}, (400, "header_refused")),
        ({"Content_Type": "text/plain"}, (415, "unsupported_media_type")),
        ({"Upload_Checksum": "crc32 AAAA"}, (400, "header_refused")),
        ({"Upload_Checksum": "sha1 AAAA"}, (400, "header_refused")),
        ({"Upload_Checksum": "sha1"}, (400, "header_refused")),
    ],
)
def test_bytes_that_are_refused_do_not_count(
    uploader: Uploader, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    url = uploader.begin(14)

    refused = uploader.append(url, 0, HELLO, **headers)

    assert refusal(refused) == expected
    assert uploader.offset(url) == "0"


def test_an_append_without_an_offset_is_refused(uploader: Uploader) -> None:
    url = uploader.begin(14)

    refused = uploader.tus("PATCH", url, HELLO, Content_Type=MEDIA)

    assert refusal(refused) == (400, "header_refused")


def test_a_byte_too_many_is_refused_before_any_is_read(uploader: Uploader) -> None:
    url = uploader.begin(13)

    refused = uploader.append(url, 0, HELLO)

    assert refusal(refused) == (413, "upload_too_large")
    assert uploader.offset(url) == "0"


@pytest.mark.parametrize("special", [{"max_upload_bytes": 10}])
def test_what_is_too_large_is_never_begun(uploader: Uploader) -> None:
    unknown = uploader.begin(None)

    assert refusal(uploader.create(11)) == (413, "upload_too_large")
    assert refusal(uploader.append(unknown, 0, HELLO)) == (413, "upload_too_large")
    assert uploader.client.options(TUS).headers["Tus-Max-Size"] == "10"


@pytest.mark.parametrize("special", [{"max_request_bytes": 10}])
def test_the_limit_of_a_request_is_not_that_of_an_upload(uploader: Uploader) -> None:
    assert uploader.send(HELLO).status_code == 204


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 12_000}])
def test_room_is_reserved_and_refused(uploader: Uploader) -> None:
    unknown = uploader.begin(None)
    first, second = uploader.create(4097), uploader.create(4097)

    assert first.status_code == 201
    assert refusal(second) == (413, "quota_exceeded")
    assert refusal(uploader.append(unknown, 0, bytes(8000))) == (413, "quota_exceeded")
    assert uploader.offset(unknown) == "0"


@pytest.mark.parametrize("special", [{"max_open_uploads": 1}])
def test_open_uploads_are_bounded(uploader: Uploader) -> None:
    uploader.begin(14)

    assert refusal(uploader.create(14)) == (429, "too_many_uploads")


def test_a_locked_workspace_is_refused_and_what_came_is_kept(
    uploader: Uploader, alice: Person
) -> None:
    url = uploader.begin(14)
    alice.post(f"/{uploader.workspace}/lock")

    answers = [uploader.append(url, 0, HELLO), uploader.create(3)]
    asked = uploader.look(url)
    state = uploader.state(url)
    alice.post(f"/{uploader.workspace}/unlock")
    again = uploader.append(url, 14, b"")

    assert [refusal(one) for one in answers] == [(403, "workspace_locked")] * 2
    assert (asked.status_code, asked.headers.get("Upload-Offset")) == (403, None)
    assert (state["state"], state["error"]["code"]) == ("complete", "workspace_locked")
    assert again.status_code == 204
    assert uploader.files() == {"a.txt": HELLO}


@pytest.mark.parametrize("special", [{"max_unpacked_entries": 1}])
def test_what_is_refused_for_good_is_over(uploader: Uploader) -> None:
    archive = a_tarball({"a.txt": b"a\n", "b.txt": b"b\n"})
    url = uploader.begin(len(archive), "all.tar.gz")

    refused = uploader.append(url, 0, archive)

    assert refusal(refused) == (413, "over_budget")
    assert uploader.look(url).status_code == 410
    assert refusal(uploader.append(url, len(archive), b"")) == (410, "upload_over")
    state = uploader.state(url)
    assert (state["state"], state["error"]["code"]) == ("refused", "over_budget")
    assert uploader.files() == {}


def test_a_received_upload_is_not_given_up_or_continued(uploader: Uploader) -> None:
    url = uploader.begin(14)
    uploader.append(url, 0, HELLO)

    assert refusal(uploader.append(url, 14, b"")) == (410, "upload_over")
    assert refusal(uploader.tus("DELETE", url)) == (410, "upload_over")
    assert uploader.offset(url) == "14"
    assert uploader.files() == {"a.txt": HELLO}


def test_what_arrived_before_a_break_counts(uploader: Uploader, app: Flask) -> None:
    url = uploader.begin(14)
    environ: dict[str, Any] = {
        "wsgi.input": io.BytesIO(HELLO[:5]),
        "CONTENT_LENGTH": "14",
        "CONTENT_TYPE": MEDIA,
        "HTTP_UPLOAD_OFFSET": "0",
        "HTTP_TUS_RESUMABLE": "1.0.0",
        "HTTP_AUTHORIZATION": uploader.token,
    }

    broken = app.test_client().patch(url, environ_overrides=environ)

    assert broken.status_code == 400
    assert uploader.offset(url) == "5"


@pytest.mark.parametrize("prefix", ["", "https://files.example/somewhere"])
def test_parts_are_put_together(uploader: Uploader, prefix: str) -> None:
    parts = [uploader.part(HELLO), uploader.part(b"Goodbye.\n")]
    wanted = metadata({"workspace": uploader.workspace, "filename": "a.txt"})
    joined = "final;" + " ".join(prefix + part for part in parts)

    made = uploader.tus("POST", TUS, Upload_Concat=joined, Upload_Metadata=wanted)

    seen = uploader.look(led_to(made))
    assert (made.status_code, seen.headers["Upload-Length"]) == (201, "23")
    told = seen.headers["Upload-Concat"].removeprefix("final;").split()
    assert [urljoin(led_to(made), part) for part in told] == parts
    assert uploader.files() == {"a.txt": HELLO + b"Goodbye.\n"}
    assert [uploader.look(part).status_code for part in parts] == [404, 404]
    assert refusal(uploader.append(led_to(made), 23, b"")) == (403, "made_of_parts")


def test_a_part_says_that_it_is_one_and_goes_nowhere_by_itself(uploader: Uploader) -> None:
    url = uploader.part(HELLO)

    received = uploader.call("POST", f"{url.replace('/tus/', '/batches/')}:receive")

    assert uploader.look(url).headers["Upload-Concat"] == "partial"
    assert refusal(received) == (409, "part_of_another")


def test_only_whole_parts_of_ones_own_are_put_together(
    uploader: Uploader, stranger: Uploader
) -> None:
    theirs, whole = stranger.part(HELLO), uploader.part(HELLO)
    open_part = uploader.tus("POST", TUS, Upload_Concat="partial", Upload_Length="3")
    wanted = metadata({"workspace": uploader.workspace, "filename": "a.txt"})

    def join(*parts: str) -> tuple[int, str]:
        joined = "final;" + " ".join(parts)
        return refusal(uploader.tus("POST", TUS, Upload_Concat=joined, Upload_Metadata=wanted))

    assert join(whole, theirs) == NO_UPLOAD
    assert join(whole, "/elsewhere") == NO_UPLOAD
    assert join(whole, led_to(open_part)) == (409, "upload_incomplete")
    assert join(whole, whole) == (409, "part_unusable")
    assert join(whole, uploader.begin(0, batch="b")) == (409, "part_unusable")
    assert uploader.offset(whole) == "14"
    assert uploader.files() == {}


ORIGIN = "https://pages.example"


@pytest.mark.parametrize("special", [{"rawstore": {"cors_origins": ORIGIN}}])
def test_pages_of_named_origins_may_upload(client: FlaskClient) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}

    allowed = client.options(UNKNOWN, headers=asked).headers
    other = client.options(UNKNOWN, headers={**asked, "Origin": "https://other.example"}).headers

    assert allowed["Access-Control-Allow-Origin"] == ORIGIN
    assert "PATCH" in allowed["Access-Control-Allow-Methods"]
    assert "Upload-Offset" in allowed["Access-Control-Allow-Headers"]
    assert "Upload-Offset" in allowed["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in allowed
    assert "Access-Control-Allow-Origin" not in other
