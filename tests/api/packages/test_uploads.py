"""Texts of packages that come as uploads: in pieces, in batches, straight to the store."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.papers import a_token
from filemanager.domain.ids import digest_of
from people.curators import Curator
from people.following import led_to
from people.granting import GRANTS, Sender, a_file
from people.tus_uploader import TUS, Uploader, metadata, refusal

DATA = b"# Hello\n" * 100


@pytest.fixture
def package(curator: Curator) -> str:
    return curator.create()


@pytest.fixture
def uploader(curator: Curator) -> Uploader:
    return Uploader(curator.client, curator.token)


def begin(uploader: Uploader, package: str, path: str, **wanted: object) -> TestResponse:
    told = {"package": package, "path": path, **wanted}
    length = {"Upload_Length": str(len(DATA))}
    return uploader.tus("POST", TUS, Upload_Metadata=metadata(told), **length)


def test_an_upload_in_pieces_becomes_a_text(
    uploader: Uploader, curator: Curator, package: str
) -> None:
    url = led_to(begin(uploader, package, "docs/README.md"))

    for start in range(0, len(DATA), 300):
        last = uploader.append(url, start, DATA[start : start + 300])

    assert last.status_code == 204
    told = {"package": package, "revision": 1, "sent": "docs/README.md", "path": "docs/README.md"}
    assert uploader.state(url)["result"] == told
    assert curator.json(f"/{package}/items/docs/README.md")["sha256"] == digest_of(DATA)


def test_the_texts_of_a_batch_are_one_revision(
    uploader: Uploader, curator: Curator, package: str
) -> None:
    for path in ("a.txt", "b.txt"):
        url = led_to(begin(uploader, package, path, batch="both"))
        assert uploader.append(url, 0, DATA).status_code == 204
    assert curator.paths(package) == []

    received = uploader.call("POST", "/uploads/batches/both:receive")

    assert received.status_code == 200, received.text
    assert curator.paths(package) == ["a.txt", "b.txt"]
    assert curator.json(f"/{package}")["revision"] == 1


def test_the_texts_of_a_grant_are_one_revision(
    client: FlaskClient, curator: Curator, package: str
) -> None:
    sender = Sender(client, curator.token, 0)
    texts = {"a.txt": b"one", "b/c.md": DATA}
    wish = {"package": package, "files": [a_file(path, data) for path, data in texts.items()]}
    begun = sender.ask("POST", GRANTS, json=wish)
    for file in begun.get_json()["files"]:
        assert sender.put(file, texts[file["path"]]) == 200

    done = sender.complete(led_to(begun))

    assert (done.status_code, done.get_json()["state"]) == (200, "received"), done.text
    assert done.get_json()["package"] == package
    assert curator.paths(package) == ["a.txt", "b/c.md"]


@pytest.mark.parametrize(
    ("package_id", "path", "status", "code"),
    [
        (None, "a.exe", 415, "not_a_text"),
        (None, "../a.txt", 400, "path_refused"),
        ("0" * 32, "a.txt", 404, "data_package_not_found"),
        ("p", "a.txt", 400, "header_refused"),
    ],
)
def test_what_would_be_refused_in_the_end_does_not_begin(
    uploader: Uploader, package: str, package_id: str | None, path: str, status: int, code: str
) -> None:
    assert refusal(begin(uploader, package_id or package, path)) == (status, code)


def test_what_is_no_text_is_refused_when_all_of_it_is_here(
    uploader: Uploader, curator: Curator, package: str
) -> None:
    told = metadata({"package": package, "path": "a.txt"})
    url = led_to(uploader.tus("POST", TUS, Upload_Metadata=told, Upload_Length="2"))

    refused = uploader.append(url, 0, b"\xff\xff")

    assert refusal(refused) == (415, "not_a_text")
    assert curator.paths(package) == []


def test_a_stranger_uploads_nothing(client: FlaskClient, package: str) -> None:
    stranger = Uploader(client, a_token("3", "package:write"))
    reader = Uploader(client, a_token("1", "package:read"))

    assert refusal(begin(stranger, package, "a.txt")) == (404, "data_package_not_found")
    assert refusal(begin(reader, package, "a.txt")) == (403, "insufficient_scope")
