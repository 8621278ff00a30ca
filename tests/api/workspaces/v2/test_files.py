"""/v2 files: read, deleted, moved, brought back; and all of them as an archive."""

import hashlib
import io
import zipfile
from base64 import b64encode
from typing import Any

import pytest

from builders.papers import PAPER, members_of
from people.person import Person

DATA = bytes(range(256)) * 8
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def workspace(alice: Person) -> str:
    """The path of a workspace of the generic profile with one file, ``a.bin``."""
    wish = {"profile": "generic"}
    made = f"/v2/workspaces/{alice.post('/v2/workspaces', json=wish).get_json()['id']}"
    assert alice.put(f"{made}/files/a.bin", DATA).status_code == 201
    return made


DVI = b"\xf7\x02\x01" + b"\x83" * 40


def said(alice: Person, workspace: str) -> list[tuple[str, str]]:
    findings = alice.get(f"{workspace}/findings").get_json()["findings"]
    return [(one["code"], one["path"]) for one in findings if one["severity"] != "info"]


def paths(alice: Person, workspace: str, query: str = "") -> list[str]:
    return [one["path"] for one in alice.get(f"{workspace}/entries{query}").get_json()["entries"]]


def test_it_works(alice: Person, workspace: str) -> None:
    response = alice.get(f"{workspace}/files/a.bin")

    sent = {name: response.headers[name] for name in ("ETag", "Content-Length", "Repr-Digest")}
    digest = b64encode(bytes.fromhex(DIGEST)).decode()
    length = str(len(DATA))
    assert (response.status_code, response.data) == (200, DATA)
    assert sent == {
        "ETag": f'"{DIGEST}"', "Content-Length": length, "Repr-Digest": f"sha-256=:{digest}:",
    }  # fmt: skip
    assert response.headers["Accept-Ranges"] == "bytes"


def test_a_browser_runs_nothing_of_it(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/a.html", b"<html><script>alert(1)</script></html>\n")

    response = alice.get(f"{workspace}/files/a.html?inline=true")

    assert response.headers["Content-Disposition"] == "attachment; filename=a.html"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_plain_text_is_shown_inline_where_that_is_asked(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/a.txt", b"plain words\n")

    response = alice.get(f"{workspace}/files/a.txt?inline=true")

    assert response.mimetype == "text/plain"
    assert response.headers["Content-Disposition"] == "inline; filename=a.txt"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-", 5, 2048),
        ("bytes=-7", 2041, 2048),
        ("bytes=9-9999", 9, 2048),
    ],
)
def test_a_range_is_206(alice: Person, workspace: str, asked: str, start: int, stop: int) -> None:
    response = alice.get(f"{workspace}/files/a.bin", headers={"Range": asked})

    assert (response.status_code, response.data) == (206, DATA[start:stop])
    assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/2048"
    assert response.headers["ETag"] == f'"{DIGEST}"'


@pytest.mark.parametrize("asked", ["bytes=2048-", "bytes=-0", "bytes=" + "9" * 5000 + "-"])
def test_a_range_behind_the_end_is_416(alice: Person, workspace: str, asked: str) -> None:
    response = alice.get(f"{workspace}/files/a.bin", headers={"Range": asked})

    assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */2048")


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=9-2", "bytes=-"])
def test_what_is_no_range_gives_the_whole(alice: Person, workspace: str, asked: str) -> None:
    response = alice.get(f"{workspace}/files/a.bin", headers={"Range": asked})

    assert (response.status_code, response.data) == (200, DATA)


@pytest.mark.parametrize(("tag", "status"), [(f'"{DIGEST}"', 206), ('"other"', 200)])
def test_a_range_holds_for_the_state_named(
    alice: Person, workspace: str, tag: str, status: int
) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": tag}

    assert alice.get(f"{workspace}/files/a.bin", headers=headers).status_code == status


def test_a_known_state_is_304_and_another_412(alice: Person, workspace: str) -> None:
    path = f"{workspace}/files/a.bin"

    known = alice.get(path, headers={"If-None-Match": f'"x", "{DIGEST}"'})
    other = alice.get(path, headers={"If-Match": '"x"'})

    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", f'"{DIGEST}"')
    assert other.status_code == 412


@pytest.mark.parametrize("path", ["files/a.bin", "content.tar.gz", "content.zip", "files/b.bin"])
def test_head_is_get_without_the_body(alice: Person, workspace: str, path: str) -> None:
    get = alice.get(f"{workspace}/{path}")
    head = alice.head(f"{workspace}/{path}", headers={"Range": "bytes=0-0"})

    differing = {"X-Request-ID"} | ({"Content-Length"} if get.status_code == 404 else set())
    assert (head.status_code, head.data) == (get.status_code, b"")
    assert {k: v for k, v in head.headers if k not in differing} == {
        k: v for k, v in get.headers if k not in differing
    }


@pytest.mark.parametrize("wanted", ["md5=1", "sha-256=5, md5=3"])
def test_an_md5_is_sent_to_who_wants_it(alice: Person, workspace: str, wanted: str) -> None:
    response = alice.get(f"{workspace}/files/a.bin", headers={"Want-Repr-Digest": wanted})

    md5 = b64encode(hashlib.md5(DATA, usedforsecurity=False).digest()).decode()
    assert response.headers["Repr-Digest"].endswith(f", md5=:{md5}:")


@pytest.mark.parametrize("path", ["b.bin", "../a.bin", "%00", "a.bin/", "anc", "x" * 5000])
def test_a_missing_file_is_404(alice: Person, workspace: str, path: str) -> None:
    found = [alice.call(method, f"{workspace}/files/{path}") for method in ("GET", "DELETE")]

    codes = [(one.status_code, one.get_json()["code"]) for one in found]
    assert codes == [(404, "file_not_found")] * 2


def test_the_archives_hold_every_file(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/anc/b.txt", b"b\n")

    tar, packed = alice.get(f"{workspace}/content.tar.gz"), alice.get(f"{workspace}/content.zip")

    files = {"a.bin": DATA, "anc/b.txt": b"b\n"}
    lines = {f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items()}
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert set(held.pop("manifest-sha256.txt").decode().splitlines()) == lines
    assert held == files == members_of(tar.data)
    for response in (tar, packed):
        assert int(response.headers["Content-Length"]) == len(response.data)


@pytest.mark.parametrize("path", ["content.tar.gz", "content.zip"])
def test_an_archive_is_resumed_at_any_byte(alice: Person, workspace: str, path: str) -> None:
    whole = alice.get(f"{workspace}/{path}")
    tag = whole.headers["ETag"]

    ranges = [
        alice.get(f"{workspace}/{path}", headers={"Range": asked, "If-Range": tag}).data
        for asked in ("bytes=0-99", "bytes=100-")
    ]

    assert b"".join(ranges) == whole.data
    assert alice.get(f"{workspace}/{path}", headers={"If-None-Match": tag}).status_code == 304


def test_the_archives_have_different_tags(alice: Person, workspace: str) -> None:
    tags = {alice.get(f"{workspace}/content.{end}").headers["ETag"] for end in ("tar.gz", "zip")}

    assert len(tags) == 2


def test_a_deleted_file_is_listed_as_removed_and_comes_back(alice: Person, workspace: str) -> None:
    deleted = alice.delete(f"{workspace}/files/a.bin", headers={"If-Match": f'"{DIGEST}"'})

    removed = alice.get(f"{workspace}/entries?area=removed").get_json()["entries"]
    back = alice.post(f"{workspace}/files:undelete", json={"path": "a.bin"})
    entry = alice.get(f"{workspace}/entries").get_json()["entries"][0]
    assert deleted.status_code == 200
    assert [(one["path"], one["code"]) for one in removed] == [("a.bin", "deleted")]
    assert (back.status_code, entry["path"], entry["kept_by_owner"]) == (200, "a.bin", True)
    assert alice.get(f"{workspace}/files/a.bin").data == DATA


@pytest.mark.parametrize("method", ["delete", "move", "undelete"])
def test_a_stale_change_is_412(alice: Person, workspace: str, method: str) -> None:
    stale = {"If-Match": '"' + "0" * 64 + '"'}
    move = {"source": "a.bin", "target": "b.bin"}
    if method == "undelete":
        alice.delete(f"{workspace}/files/a.bin")
    before = paths(alice, workspace)

    if method == "delete":
        response = alice.delete(f"{workspace}/files/a.bin", headers=stale)
    else:
        body: Any = move if method == "move" else {"path": "a.bin"}
        response = alice.post(f"{workspace}/files:{method}", json=body, headers=stale)

    assert (response.status_code, response.get_json()["code"]) == (412, "workspace_changed")
    assert paths(alice, workspace) == before


def test_a_directory_is_deleted_by_its_closing_slash(alice: Person, workspace: str) -> None:
    for name in ("d/a.txt", "d/e/b.txt", "da.txt"):
        alice.put(f"{workspace}/files/{name}", name.encode())
    tag = alice.get(workspace).headers["ETag"]

    response = alice.delete(f"{workspace}/files/d/", headers={"If-Match": tag})

    assert response.status_code == 200
    assert paths(alice, workspace) == ["a.bin", "da.txt"]


def test_a_file_is_moved_with_its_bytes(alice: Person, workspace: str) -> None:
    move = {"source": "a.bin", "target": "anc/deep/b.bin"}

    response = alice.post(f"{workspace}/files:move", json=move)

    assert response.status_code == 200
    assert paths(alice, workspace) == ["anc/deep/b.bin"]
    assert alice.get(f"{workspace}/files/anc/deep/b.bin").data == DATA


@pytest.mark.parametrize(
    ("target", "code"),
    [("b.txt", "place_taken"), ("b.txt/a", "path_in_the_way"), ("d", "path_in_the_way")],
)
def test_a_move_is_never_over_another(
    alice: Person, workspace: str, target: str, code: str
) -> None:
    alice.put(f"{workspace}/files/b.txt", b"b\n")
    alice.put(f"{workspace}/files/d/c.txt", b"c\n")

    response = alice.post(f"{workspace}/files:move", json={"source": "a.bin", "target": target})

    assert (response.status_code, response.get_json()["code"]) == (409, code)
    assert paths(alice, workspace) == ["a.bin", "b.txt", "d/c.txt"]


@pytest.mark.parametrize(
    ("move", "status"),
    [
        ({"source": "no", "target": "b"}, 404), ({"source": "d/", "target": "b"}, 404),
        ({"source": "a.bin", "target": "../b"}, 400), ({"source": "a.bin"}, 422),
        ({"source": "a.bin", "target": 5}, 422), ([], 422),
    ],
)  # fmt: skip
def test_what_is_no_move_changes_nothing(
    alice: Person, workspace: str, move: Any, status: int
) -> None:
    alice.put(f"{workspace}/files/d/c.txt", b"c\n")

    response = alice.post(f"{workspace}/files:move", json=move)

    assert response.status_code == status
    assert paths(alice, workspace) == ["a.bin", "d/c.txt"]


def test_an_undelete_never_overwrites(alice: Person, workspace: str) -> None:
    alice.delete(f"{workspace}/files/a.bin")
    alice.put(f"{workspace}/files/a.bin", b"new\n")

    response = alice.post(f"{workspace}/files:undelete", json={"path": "a.bin"})

    assert (response.status_code, response.get_json()["code"]) == (409, "place_taken")
    assert alice.get(f"{workspace}/files/a.bin").data == b"new\n"


def test_what_was_taken_for_junk_comes_back_and_stays(alice: Person) -> None:
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    alice.put(f"{made}/files/main.tex", PAPER)
    alice.put(f"{made}/files/.hidden", b"words\n")

    back = alice.post(f"{made}/files:undelete", json={"path": ".hidden"})
    unseen = said(alice, made)
    checked = alice.post(f"{made}/check")

    assert (back.status_code, checked.status_code) == (200, 200)
    assert paths(alice, made) == [".hidden", "main.tex"]
    assert unseen == [("not_checked", ".hidden")]
    assert said(alice, made) == []


def test_what_no_check_has_seen_is_never_called_ready(alice: Person) -> None:
    """The checks behind the one that took it for junk have the last word."""
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    alice.put(f"{made}/files/main.tex", PAPER)
    alice.put(f"{made}/files/.old.dvi", DVI)

    alice.post(f"{made}/files:undelete", json={"path": ".old.dvi"})
    unseen = alice.get(made).get_json()["readiness"]
    alice.post(f"{made}/check")

    assert unseen == "ERRORS"
    assert alice.get(made).get_json()["readiness"] == "ERRORS"
    assert "not_checked" not in [code for code, _ in said(alice, made)]


@pytest.mark.parametrize("name", ["old.dvi", "new.dvi"])
def test_what_was_said_of_a_file_is_said_again_when_it_comes_back(alice: Person, name: str) -> None:
    workspace = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    alice.put(f"{workspace}/files/main.tex", PAPER)
    alice.put(f"{workspace}/files/old.dvi", DVI)
    alice.post(f"{workspace}/files:move", json={"source": "old.dvi", "target": name})
    before = alice.get(f"{workspace}/findings").get_json()["findings"]
    alice.delete(f"{workspace}/files/{name}")
    between = alice.get(workspace).get_json()["readiness"]

    alice.post(f"{workspace}/files:undelete", json={"path": name})

    assert between != "ERRORS"
    assert alice.get(workspace).get_json()["readiness"] == "ERRORS"
    assert alice.get(f"{workspace}/findings").get_json()["findings"] == before


def test_what_was_never_removed_is_404(alice: Person, workspace: str) -> None:
    response = alice.post(f"{workspace}/files:undelete", json={"path": "a.bin"})

    assert (response.status_code, response.get_json()["code"]) == (404, "file_not_found")


def test_what_a_check_refused_never_comes_back(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/C%3A%5Cevil.txt", b"words\n")
    removed = paths(alice, workspace, "?area=removed")

    response = alice.post(f"{workspace}/files:undelete", json={"path": removed[0]})

    assert (response.status_code, response.get_json()["code"]) == (400, "not_restorable")
    assert paths(alice, workspace) == ["a.bin"]


def test_a_list_tells_the_md5_of_a_large_file_once_it_was_asked_for(
    alice: Person, workspace: str
) -> None:
    data = bytes(range(256)) * (1 << 16) + b"."
    assert alice.put(f"{workspace}/files/data.bin", data).status_code == 201
    asked = f"{workspace}/entries?q=data.bin"

    before = alice.get(asked)
    alice.head(f"{workspace}/files/data.bin", headers={"Want-Repr-Digest": "md5=1"})
    after = alice.get(asked, headers={"If-None-Match": before.headers["ETag"]})

    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    told = [one.get_json()["entries"][0]["md5"] for one in (before, after)]
    assert told == [None, md5]
    again = alice.get(asked, headers={"If-None-Match": after.headers["ETag"]})
    assert again.status_code == 304
