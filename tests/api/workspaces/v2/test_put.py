"""PUT /v2/workspaces/<id>/files/<path>: raw bytes in."""

import hashlib
from base64 import b64encode
from typing import Any

import pytest
from flask import Flask

from builders.papers import PAPER, a_tarball, a_zip
from filemanager.api.http import requests
from filemanager.domain.blobs.blob import Content, hashed
from people.following import led_to
from people.person import API, Person

CLEAN = b"plain text\n"


@pytest.fixture
def files(alice: Person) -> str:
    """The path of the files of a workspace of Alice's."""
    return f"/v2/workspaces/{alice.post('/v2/workspaces', json={}).get_json()['id']}/files"


def paths(alice: Person, files: str, query: str = "") -> list[str]:
    listed = alice.get(files.replace("/files", f"/entries{query}")).get_json()["entries"]
    return [one["path"] for one in listed]


def structured(algorithm: str, data: bytes) -> str:
    digest = hashlib.new(algorithm.replace("-", ""), data).digest()
    return f"{algorithm}=:{b64encode(digest).decode()}:"


def test_it_works(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/notes.txt", CLEAN)

    shown = response.get_json()
    assert response.status_code == 201
    assert led_to(response) == f"{API}{files}/notes.txt"
    assert response.headers["ETag"] == f'"{hashlib.sha256(CLEAN).hexdigest()}"'
    assert (shown["workspace"]["file_count"], shown["changes"]) == (1, [])
    assert alice.get(f"{files}/notes.txt").data == CLEAN


def test_changed_bytes_have_a_location_and_no_tag(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/main.tex", PAPER.replace(b"\n", b"\r\n"))

    change = response.get_json()["changes"][0]
    assert led_to(response) == f"{API}{files}/main.tex"
    assert "ETag" not in response.headers
    assert (change["alteration"], change["before"]) == ("rewritten", "main.tex")
    assert alice.get(led_to(response).removeprefix(API)).data == PAPER


def test_a_renamed_file_is_found_by_its_location(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/my%20paper.tex", PAPER)

    location = led_to(response)
    assert location != f"{API}{files}/my%20paper.tex"
    assert response.headers["ETag"] == f'"{hashlib.sha256(PAPER).hexdigest()}"'
    assert alice.get(location.removeprefix(API)).data == PAPER


def test_a_location_is_plain_ascii(alice: Person) -> None:
    made = alice.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]

    response = alice.put(f"/v2/workspaces/{made}/files/größe%20?.txt".replace("?", "%23"), CLEAN)

    assert led_to(response).endswith("/files/gr%C3%B6%C3%9Fe%20%23.txt")
    assert alice.get(led_to(response).removeprefix(API)).data == CLEAN


@pytest.mark.parametrize("pack", [a_tarball, a_zip])
def test_an_archive_is_unpacked_beside_its_path(alice: Person, files: str, pack: Any) -> None:
    response = alice.put(f"{files}/sub/all.bin", pack({"a.tex": PAPER, "b/c.txt": CLEAN}))

    changes = response.get_json()["changes"]
    assert [one["alteration"] for one in changes if one["before"] == "sub/all.bin"] == ["unpacked"]
    assert "Location" not in response.headers
    assert "ETag" not in response.headers
    assert sorted(path.rpartition("/")[2] for path in paths(alice, files)) == ["a.tex", "c.txt"]


def test_an_archive_is_kept_where_that_is_asked(alice: Person, files: str) -> None:
    archive = a_zip({"a.txt": CLEAN})

    response = alice.put(f"{files}/all.zip?unpack=false", archive)

    assert response.headers["ETag"] == f'"{hashlib.sha256(archive).hexdigest()}"'
    assert paths(alice, files) == ["all.zip"]


def test_a_document_is_unpacked_only_where_that_is_asked(alice: Person, files: str) -> None:
    array = a_zip({"arr_0.npy": CLEAN})

    alice.put(f"{files}/kept.npz", array)
    alice.put(f"{files}/open.npz?unpack=true", array)

    assert paths(alice, files) == ["arr_0.npy", "kept.npz"]


def test_a_removed_file_is_told_and_listed_with_the_reason(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/__MACOSX", b"")

    entries = alice.get(files.replace("/files", "/entries?area=removed")).get_json()["entries"]
    assert response.status_code == 201
    assert "Location" not in response.headers
    assert [one["alteration"] for one in response.get_json()["changes"]] == ["removed"]
    assert entries[0]["reason"]
    assert entries[0]["code"]


@pytest.mark.parametrize("prefer", ["return=minimal", "respond-async, return=minimal; x=1"])
def test_a_minimal_answer_has_no_body(alice: Person, files: str, prefer: str) -> None:
    response = alice.put(f"{files}/a.txt", CLEAN, headers={"Prefer": prefer})

    assert (response.status_code, response.data) == (201, b"")
    assert response.headers["Preference-Applied"] == "return=minimal"
    assert {"ETag", "Location"} <= set(response.headers.keys())


def test_create_only_never_overwrites(alice: Person, files: str) -> None:
    create = {"If-None-Match": "*"}

    first = alice.put(f"{files}/a.txt", CLEAN, headers=create)
    second = alice.put(f"{files}/a.txt", b"other\n", headers=create)

    assert first.status_code == 201
    assert (second.status_code, second.get_json()["code"]) == (412, "already_there")
    assert alice.get(f"{files}/a.txt").data == CLEAN


@pytest.mark.parametrize("tag", ['"' + "0" * 64 + '"', '"1"'])
def test_an_overwrite_of_another_state_is_412(alice: Person, files: str, tag: str) -> None:
    alice.put(f"{files}/a.txt", CLEAN)

    response = alice.put(f"{files}/a.txt", b"other\n", headers={"If-Match": tag})

    assert (response.status_code, response.get_json()["code"]) == (412, "workspace_changed")
    assert alice.get(f"{files}/a.txt").data == CLEAN


@pytest.mark.parametrize("form", ['"0", {}', "{}", "*"])
def test_an_overwrite_of_the_state_read_works(alice: Person, files: str, form: str) -> None:
    tag = alice.put(f"{files}/a.txt", CLEAN).headers["ETag"]

    response = alice.put(f"{files}/a.txt", b"other\n", headers={"If-Match": form.format(tag)})

    assert response.status_code == 201
    assert alice.get(f"{files}/a.txt").data == b"other\n"


def test_a_star_matches_no_missing_file(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/a.txt", CLEAN, headers={"If-Match": "*"})

    assert response.status_code == 412
    assert paths(alice, files) == []


@pytest.mark.parametrize("header", ["Repr-Digest", "Content-Digest"])
@pytest.mark.parametrize("algorithm", ["sha-256", "md5"])
def test_digests_of_other_bytes_are_400(
    alice: Person, files: str, header: str, algorithm: str
) -> None:
    wrong = alice.put(f"{files}/a.txt", CLEAN, headers={header: structured(algorithm, b"other")})
    right = alice.put(f"{files}/b.txt", CLEAN, headers={header: structured(algorithm, CLEAN)})

    assert (wrong.status_code, wrong.get_json()["code"]) == (400, "digest_mismatch")
    assert right.status_code == 201
    assert paths(alice, files) == ["b.txt"]


def test_each_digest_counts_once(
    alice: Person, files: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(content: Content, algorithm: str) -> bytes:
        asked.append(algorithm)
        return hashed(content, algorithm)

    monkeypatch.setattr(requests, "hashed", counted)
    many = ", ".join([structured("md5", CLEAN)] * 100)

    response = alice.put(
        f"{files}/a.txt", CLEAN, headers={"Content-Digest": many, "Repr-Digest": many}
    )

    assert (response.status_code, asked) == (201, ["md5"])


def test_of_two_digests_that_differ_one_is_wrong(alice: Person, files: str) -> None:
    both = f"{structured('md5', CLEAN)}, {structured('md5', b'other')}"

    response = alice.put(f"{files}/a.txt", CLEAN, headers={"Content-Digest": both})

    assert (response.status_code, response.get_json()["code"]) == (400, "digest_mismatch")


def test_digests_nobody_knows_are_passed_over(alice: Person, files: str) -> None:
    headers = {"Repr-Digest": f"unknown=:AAAA:, {structured('sha-256', CLEAN)}"}

    assert alice.put(f"{files}/a.txt", CLEAN, headers=headers).status_code == 201


def test_a_digest_that_is_none_is_400(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/a.txt", CLEAN, headers={"Repr-Digest": "sha-256=abc"})

    assert response.status_code == 400
    assert paths(alice, files) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Range": "bytes 0-9/20"}, 400), ({"Content-Encoding": "gzip"}, 415)],
)
def test_a_body_that_is_not_the_whole_file_is_refused(
    alice: Person, files: str, headers: dict[str, str], status: int
) -> None:
    response = alice.put(f"{files}/a.txt", CLEAN, headers=headers)

    assert response.status_code == status
    assert paths(alice, files) == []


@pytest.mark.parametrize(
    "path",
    ["..", "a/../b", "a//b", "./a", "a/", "anc", "%00", "a%0Ab", "..%2Fa", "x" * 256, "y/" * 2500],
)
def test_a_path_that_no_tree_holds_is_404(alice: Person, files: str, path: str) -> None:
    response = alice.put(f"{files}/{path}", CLEAN)

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert paths(alice, files) == []


def test_a_file_is_never_the_directory_of_another(alice: Person, files: str) -> None:
    alice.put(f"{files}/fig", CLEAN)

    response = alice.put(f"{files}/fig/a.txt", b"inner\n")

    assert response.status_code in {201, 409}
    assert "fig" in paths(alice, files)
    assert "fig/a.txt" not in paths(alice, files)


def test_an_ancillary_file_is_put_by_its_public_path(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/anc/notes.txt", CLEAN)

    assert led_to(response) == f"{API}{files}/anc/notes.txt"
    assert paths(alice, files, "?area=ancillary") == ["anc/notes.txt"]


def test_a_body_over_the_limit_is_413_and_names_it(app: Flask, alice: Person, files: str) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100

    response = alice.put(f"{files}/a.txt", bytes(101))

    assert (response.status_code, response.get_json()["code"]) == (413, "request_too_large")
    assert "100 bytes" in response.get_json()["detail"]
    assert paths(alice, files) == []


def test_a_wrong_query_is_422_and_names_the_parameter(alice: Person, files: str) -> None:
    response = alice.put(f"{files}/a.txt?unpack=perhaps&other=1", CLEAN)

    assert (response.status_code, response.get_json()["code"]) == (422, "malformed_request")
    assert {one["parameter"] for one in response.get_json()["errors"]} == {"unpack", "other"}


def test_a_wrong_scope_changes_nothing(alice: Person, nobody: Person, files: str) -> None:
    response = nobody.put(f"{files}/a.txt", CLEAN)

    assert (response.status_code, response.get_json()["code"]) == (403, "insufficient_scope")
    assert paths(alice, files) == []
