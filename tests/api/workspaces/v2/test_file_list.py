"""The list of files by which clients compare and fetch: each part of the archive stands alone."""

import hashlib
import zlib
from typing import Any

import pytest

from people.following import next_of
from people.person import API, Person

FILES = {
    "a.txt": b"text that is compressed " * 100,
    "anc/empty": b"",
    "d/é.bin": bytes(range(256)) * 300,
    f"{'d' * 90}/{'n' * 90}/{'n' * 90}": b"far",
}


@pytest.fixture
def workspace(alice: Person) -> str:
    made = alice.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    for path, data in FILES.items():
        place = f"/v2/workspaces/{made}/files/{path}"
        assert alice.put(place, data).status_code == 201
    return f"/v2/workspaces/{made}"


def inflated(archive: bytes, start: int, file: dict[str, Any]) -> bytes:
    part = archive[start : start + file["packed_bytes"]]
    tar = zlib.decompressobj(-zlib.MAX_WBITS).decompress(part)
    assert len(tar) % 512 == 0
    end = len(tar) - -file["size_bytes"] % 512
    return tar[end - file["size_bytes"] : end]


def test_each_part_of_the_archive_can_be_inflated_alone(alice: Person, workspace: str) -> None:
    listed = alice.get(f"{workspace}/files").get_json()
    archive = alice.get(f"{workspace}/content.tar.gz").data

    start, found = listed["first_at"], {}
    for file in listed["files"]:
        found[file["path"]] = inflated(archive, start, file)
        start += file["packed_bytes"]

    assert found == FILES
    assert listed["revision"] == len(FILES)
    assert {file["path"]: file["sha256"] for file in listed["files"]} == {
        path: hashlib.sha256(data).hexdigest() for path, data in FILES.items()
    }


def test_files_are_walked_by_their_links(alice: Person, workspace: str) -> None:
    found, path = list[str](), f"{workspace}/files?limit=1"
    while path:
        response = alice.get(path)
        found += [one["path"] for one in response.get_json()["files"]]
        path = next_of(response).removeprefix(API)

    whole = alice.get(f"{workspace}/files").get_json()["files"]
    assert found == [one["path"] for one in whole]


def test_an_older_revision_is_listed_as_it_was(alice: Person, workspace: str) -> None:
    listed = alice.get(f"{workspace}/files?revision=1").get_json()

    assert [one["path"] for one in listed["files"]] == ["a.txt"]


def test_nothing_has_changed_for_who_knows_the_list(alice: Person, workspace: str) -> None:
    tag = alice.get(f"{workspace}/files").headers["ETag"]

    assert alice.get(f"{workspace}/files", headers={"If-None-Match": tag}).status_code == 304


def test_strangers_and_unknown_workspaces_get_no_list(
    charlie: Person, anonymous: Person, workspace: str
) -> None:
    answers = [
        charlie.get(f"{workspace}/files"),
        anonymous.get(f"{workspace}/files"),
        charlie.get("/v2/workspaces/99999/files"),
    ]

    assert [one.status_code for one in answers] == [404, 401, 404]
