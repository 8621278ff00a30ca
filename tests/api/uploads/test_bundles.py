"""Bundles by tus: many files as one resumable upload."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders.bundles import NOTHING, a_bundle
from builders.papers import a_token
from people.person import Person
from people.tus_uploader import TUS, Uploader, metadata, refusal

FILES = {"a.txt": b"one\n", "d/b.txt": b"two\n", "anc/c.csv": b"1\n"}


@pytest.fixture
def uploader(alice: Person, client: FlaskClient) -> Uploader:
    return Uploader(client, a_token("1"), made_by(alice))


@pytest.fixture
def stranger(charlie: Person, client: FlaskClient) -> Uploader:
    """Somebody else, at a workspace of their own."""
    return Uploader(client, a_token("3"), made_by(charlie))


def made_by(person: Person) -> int:
    return int(person.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"])


def send(
    uploader: Uploader, files: Mapping[str, bytes], known: Mapping[str, bytes] = NOTHING
) -> tuple[str, Any]:
    """The URL of a bundle, and the answer to its last byte."""
    data = a_bundle(files, known)
    url = uploader.begin(len(data), "my.tar", bundle="")
    return url, uploader.append(url, 0, data)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def ask(uploader: Uploader, *files: bytes) -> list[str]:
    answer = uploader.client.post(
        "/uploads/known",
        json={"sha256": [sha256(data) for data in files]},
        headers={"Authorization": uploader.token or ""},
    )
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["sha256"])


def test_it_works(uploader: Uploader) -> None:
    url, answer = send(uploader, FILES)

    state = uploader.state(url)
    assert answer.status_code == 204
    assert (state["path"], state["state"]) == ("my.tar", "received")
    assert state["result"] == {
        "workspace": uploader.workspace, "revision": 1, "files": 3, "changed": [],
    }  # fmt: skip
    assert uploader.files() == FILES


def test_a_key_without_a_value_is_enough(uploader: Uploader) -> None:
    data = a_bundle(FILES)
    sent = f"{metadata({'workspace': uploader.workspace})},bundle"

    made = uploader.tus(
        "POST", TUS, data,
        Upload_Metadata=sent, Upload_Length=str(len(data)),
        Content_Type="application/offset+octet-stream",
    )  # fmt: skip

    assert made.status_code == 201
    assert uploader.files() == FILES


def test_a_bundle_goes_on_in_the_middle_of_a_file(uploader: Uploader) -> None:
    data = a_bundle(FILES)
    url = uploader.begin(len(data), bundle="")
    uploader.append(url, 0, data[:1537])

    offset = uploader.offset(url)
    uploader.append(url, 1537, data[1537:])

    assert offset == "1537"
    assert uploader.files() == FILES


def test_a_member_that_is_not_what_was_announced_refuses_all(uploader: Uploader) -> None:
    data = a_bundle(FILES).replace(b"two\n", b"six\n")
    url = uploader.begin(len(data), bundle="")

    refused = uploader.append(url, 0, data)

    assert refusal(refused) == (400, "bundle_refused")
    assert refused.get_json()["detail"] == (
        "'d/b.txt' of the bundle cannot be taken: its bytes have not the SHA-256 that is said of"
        " them. Nothing of it was kept."
    )
    assert uploader.files() == {}
    assert uploader.state(url)["state"] == "refused"


def test_known_bytes_are_taken_without_being_sent(alice: Person, uploader: Uploader) -> None:
    send(uploader, FILES)
    other = Uploader(uploader.client, uploader.token, made_by(alice))

    known = ask(other, *FILES.values(), b"new")
    send(other, {"new.txt": b"new"}, FILES)

    assert known == sorted(sha256(data) for data in FILES.values())
    assert other.files() == {**FILES, "new.txt": b"new"}


def test_a_file_of_no_bytes_is_known_to_everybody(uploader: Uploader) -> None:
    send(uploader, {}, {"empty.txt": b""})

    assert uploader.files() == {"empty.txt": b""}


def test_what_somebody_else_has_is_neither_told_nor_taken(
    uploader: Uploader, stranger: Uploader
) -> None:
    send(uploader, FILES)

    url, refused = send(stranger, {}, {"stolen.txt": b"one\n"})

    assert ask(stranger, *FILES.values()) == []
    assert refusal(refused) == (409, "upload_incomplete")
    assert "stolen.txt" in refused.get_json()["detail"]
    assert stranger.files() == {}
    assert stranger.state(url)["state"] == "complete"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"bundle": "yes"}, "without a value"),
        ({"bundle": "", "ancillary": "true"}, "not 'ancillary'"),
        ({"bundle": "", "workspace": "x"}, "by its number"),
    ],
)
def test_wishes_that_contradict_a_bundle_are_refused(
    uploader: Uploader, more: dict[str, str], why: str
) -> None:
    refused = uploader.create(10, **more)

    assert refusal(refused) == (400, "header_refused")
    assert why in refused.get_json()["detail"]


@pytest.mark.parametrize("where", ["bucket", "package", "repository"])
def test_only_workspaces_take_bundles(uploader: Uploader, where: str) -> None:
    refused = uploader.tus(
        "POST", TUS, Upload_Metadata=metadata({where: "x", "bundle": ""}), Upload_Length="10"
    )

    assert refusal(refused) == (400, "header_refused")


def test_a_strangers_workspace_takes_no_bundle(uploader: Uploader, stranger: Uploader) -> None:
    refused = stranger.create(10, bundle="", workspace=uploader.workspace)

    assert refused.status_code == 404


def test_nobody_asks_without_a_token(client: FlaskClient) -> None:
    assert client.post("/uploads/known", json={"sha256": [sha256(b"a")]}).status_code == 401


@pytest.mark.parametrize(
    "asked",
    [[], ["x"], ["0" * 63], [1], "0" * 64],
    ids=["none", "a word", "too short", "a number", "no list"],
)
def test_questions_that_name_no_digests_are_malformed(uploader: Uploader, asked: object) -> None:
    answer = uploader.client.post(
        "/uploads/known", json={"sha256": asked}, headers={"Authorization": uploader.token or ""}
    )

    assert answer.status_code == 422
