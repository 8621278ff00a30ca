"""POST /: a new workspace with its first upload."""

import io

import pytest
from flask.testing import FlaskClient

from builders.papers import PAPER, a_tarball, a_zip, members_of
from people.person import API, Person

KEYS = {
    "checksum", "completion_datetime", "created_datetime", "errors", "files", "lock_state",
    "modified_datetime", "readiness", "source_format", "start_datetime", "upload_compressed_size",
    "upload_id", "upload_status", "upload_total_size",
}  # fmt: skip


def test_it_works(alice: Person) -> None:
    response = alice.upload("/", "main.tex", PAPER)

    summary = response.get_json()
    assert response.status_code == 201
    assert set(summary) == KEYS
    assert summary["readiness"] == "READY"
    assert summary["source_format"] == "tex"
    assert [file["public_filepath"] for file in summary["files"]] == ["main.tex"]
    assert response.headers["ETag"] == summary["checksum"]
    assert response.headers["ARXIV-OWNER"] == "1"
    location = f"http://fooserver.localdomain{API}/{summary['upload_id']}"
    assert response.headers["Location"] == location


def test_the_summary_at_its_location_is_the_same(alice: Person) -> None:
    response = alice.upload("/", "main.tex", PAPER)

    path = response.headers["Location"].removeprefix(f"http://fooserver.localdomain{API}")
    assert alice.get(path).get_json() == response.get_json()


@pytest.mark.parametrize("special", [{"public_url": "https://files.example.org"}])
def test_a_setting_says_how_links_begin(alice: Person) -> None:
    response = alice.upload("/", "main.tex", PAPER)

    assert response.headers["Location"] == f"https://files.example.org{API}/1"


def test_the_ancillary_field_is_passed_over(alice: Person) -> None:
    response = alice.upload("/", "main.tex", PAPER, ancillary="True")

    assert [file["public_filepath"] for file in response.get_json()["files"]] == ["main.tex"]


def test_a_second_upload_of_the_same_makes_a_second_workspace(alice: Person) -> None:
    first, second = alice.create("main.tex", PAPER), alice.create("main.tex", PAPER)

    assert first["upload_id"] != second["upload_id"]
    assert first["checksum"] == second["checksum"]


@pytest.mark.parametrize("pack", [a_tarball, a_zip])
def test_an_archive_comes_back_file_by_file(alice: Person, pack: object) -> None:
    files = {"main.tex": PAPER, "fig/a.png": b"\x89PNG\r\n\x1a\n" + bytes(100), "anc/d.txt": b"x\n"}
    summary = alice.create("paper.tar.gz", pack(files))  # type: ignore[operator]  # a builder

    content = alice.get(f"/{summary['upload_id']}/content")

    assert members_of(content.data) == files
    assert int(content.headers["Content-Length"]) == len(content.data)
    assert summary["upload_compressed_size"] == len(content.data)


@pytest.mark.parametrize("token", ["", "garbage", "Bearer x.y.z"])
def test_a_bad_token_is_401(client: FlaskClient, token: str) -> None:
    response = client.post(f"{API}/", headers={"Authorization": token})

    assert (response.status_code, response.get_json()) == (401, {"reason": "Invalid auth token"})


def test_another_part_is_400(alice: Person) -> None:
    form = {"other": (io.BytesIO(PAPER), "main.tex")}

    response = alice.post("/", data=form, content_type="multipart/form-data")

    wanted = {"reason": "missing file/archive payload"}
    assert (response.status_code, response.get_json()) == (400, wanted)


def test_no_name_is_400(alice: Person) -> None:
    response = alice.upload("/", "", PAPER)

    wanted = {"reason": "file argument missing filename or file not selected"}
    assert (response.status_code, response.get_json()) == (400, wanted)


def test_no_bytes_are_400_and_leave_no_workspace(alice: Person, bob: Person) -> None:
    response = alice.upload("/", "main.tex", b"")

    wanted = {"reason": "file payload is zero length"}
    assert (response.status_code, response.get_json()) == (400, wanted)
    assert bob.get("/v2/workspaces").get_json() == {"workspaces": []}
