"""POST /v2/workspaces/<id>/files:undelete with a change: the bytes from before it."""

import hashlib
from typing import Any

import pytest

from builders.papers import PAPER
from people.person import Person

SENT = PAPER.replace(b"\n", b"\r\n")
POSTSCRIPT = b"%!PS-Adobe-3.0\r\n%%BeginPreview\r\nff\r\n%%EndPreview\r\nshow\r\n"


@pytest.fixture
def workspace(alice: Person) -> str:
    """The path of a workspace of Alice's, with a paper whose line ends were repaired."""
    made = f"/v2/workspaces/{alice.post('/v2/workspaces', json={}).get_json()['id']}"
    alice.put(f"{made}/files/main.tex", SENT)
    return made


def changes(alice: Person, workspace: str) -> list[dict[str, Any]]:
    return list(alice.get(f"{workspace}/changes").get_json()["changes"])


def undo(alice: Person, workspace: str, path: str, change: str, **sent: Any) -> Any:
    wish = {"path": path, "change": change}
    return alice.post(f"{workspace}/files:undelete", json=wish, **sent)


def read(alice: Person, workspace: str, path: str = "main.tex") -> bytes:
    return bytes(alice.get(f"{workspace}/files/{path}").data)


def entry(alice: Person, workspace: str, path: str = "main.tex") -> dict[str, Any]:
    entries = alice.get(f"{workspace}/entries").get_json()["entries"]
    return next(one for one in entries if one["path"] == path)


def test_it_works(alice: Person, workspace: str) -> None:
    (change,) = changes(alice, workspace)
    before = alice.get(workspace).get_json()["revision"]

    response = undo(alice, workspace, "main.tex", change["id"])

    assert response.status_code == 200
    assert response.get_json()["revision"] == before + 1
    assert read(alice, workspace) == SENT
    assert entry(alice, workspace)["kept_by_owner"]
    assert entry(alice, workspace)["size_bytes"] == len(SENT)
    assert change["before_sha256"] == hashlib.sha256(SENT).hexdigest()


def test_the_answer_of_the_upload_names_the_change(alice: Person, workspace: str) -> None:
    response = alice.put(f"{workspace}/files/b.tex", SENT)

    (change,) = response.get_json()["changes"]
    assert [change] == changes(alice, workspace)
    assert undo(alice, workspace, "b.tex", change["id"]).status_code == 200
    assert read(alice, workspace, "b.tex") == SENT


def test_no_check_rewrites_it_again(alice: Person, workspace: str) -> None:
    (change,) = changes(alice, workspace)
    undo(alice, workspace, "main.tex", change["id"])

    response = alice.post(f"{workspace}/check", json={})

    assert response.get_json()["changes"] == []
    assert read(alice, workspace) == SENT


def test_it_works_after_other_uploads_and_under_another_name(alice: Person, workspace: str) -> None:
    (change,) = changes(alice, workspace)
    alice.put(f"{workspace}/files/notes.txt", b"x\n")
    alice.post(f"{workspace}/files:move", json={"source": "main.tex", "target": "d/paper.tex"})
    alice.delete(f"{workspace}/files/d/paper.tex")
    alice.post(f"{workspace}/files:undelete", json={"path": "d/paper.tex"})

    response = undo(alice, workspace, "d/paper.tex", change["id"])

    assert response.status_code == 200
    assert read(alice, workspace, "d/paper.tex") == SENT


def test_what_rewrote_a_file_is_listed_for_as_long_as_it_lives(
    alice: Person, workspace: str
) -> None:
    told = changes(alice, workspace)
    alice.put(f"{workspace}/files/notes.txt", b"x\n")

    response = alice.get(f"{workspace}/changes?path=main.tex")

    assert changes(alice, workspace) == []
    assert response.get_json()["changes"] == told
    assert alice.get(f"{workspace}/changes?path=notes.txt").get_json()["changes"] == []
    assert alice.get(f"{workspace}/changes?path=gone").status_code == 404


def test_each_of_several_changes_gives_what_was_before_it(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/a.ps", POSTSCRIPT)
    ends, preview = changes(alice, workspace)

    undo(alice, workspace, "a.ps", preview["id"])

    assert read(alice, workspace, "a.ps") == POSTSCRIPT.replace(b"\r\n", b"\n")
    assert undo(alice, workspace, "a.ps", ends["id"]).status_code == 404


def test_the_first_of_several_gives_what_was_sent(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/a.ps", POSTSCRIPT)
    ends, _ = changes(alice, workspace)

    undo(alice, workspace, "a.ps", ends["id"])

    findings = alice.get(f"{workspace}/findings").get_json()["findings"]
    assert read(alice, workspace, "a.ps") == POSTSCRIPT
    assert not [one for one in findings if one["code"] == "postscript_preview_stripped"]


@pytest.mark.parametrize("change", ["", "0-0", "1-1", "99-0", "x", "1", "9" * 40])
def test_an_unknown_change_is_not_found(alice: Person, workspace: str, change: str) -> None:
    response = undo(alice, workspace, "main.tex", change)

    assert response.status_code == 404
    assert response.get_json()["type"].endswith("change_not_found")
    assert read(alice, workspace) == PAPER


def test_a_change_of_another_file_is_not_found(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/b.tex", SENT)
    (change,) = changes(alice, workspace)

    response = undo(alice, workspace, "main.tex", change["id"])

    assert response.status_code == 404
    assert read(alice, workspace) == PAPER


def test_a_change_that_rewrote_nothing_is_not_found(alice: Person, workspace: str) -> None:
    response = alice.put(f"{workspace}/files/a%20b.tex", PAPER)
    (change,) = response.get_json()["changes"]

    assert change["alteration"] == "renamed"
    assert undo(alice, workspace, "a_b.tex", change["id"]).status_code == 404


@pytest.mark.parametrize("path", ["gone.tex", "main.tex/", "d/"])
def test_a_missing_file_is_not_found(alice: Person, workspace: str, path: str) -> None:
    (change,) = changes(alice, workspace)

    response = undo(alice, workspace, path, change["id"])

    assert response.status_code == 404
    assert read(alice, workspace) == PAPER


def test_a_file_sent_again_has_no_such_change(alice: Person, workspace: str) -> None:
    (change,) = changes(alice, workspace)
    alice.put(f"{workspace}/files/main.tex", PAPER)

    assert undo(alice, workspace, "main.tex", change["id"]).status_code == 404


def test_a_stale_tag_refuses(alice: Person, workspace: str) -> None:
    (change,) = changes(alice, workspace)

    response = undo(alice, workspace, "main.tex", change["id"], headers={"If-Match": '"99"'})

    assert response.status_code == 412
    assert read(alice, workspace) == PAPER


def test_a_right_tag_allows(alice: Person, workspace: str) -> None:
    (change,) = changes(alice, workspace)
    tag = f'"{hashlib.sha256(PAPER).hexdigest()}"'

    response = undo(alice, workspace, "main.tex", change["id"], headers={"If-Match": tag})

    assert response.status_code == 200


@pytest.mark.parametrize("state", ["lock", "release"])
def test_a_closed_workspace_refuses(alice: Person, workspace: str, state: str) -> None:
    (change,) = changes(alice, workspace)
    alice.post(f"{workspace.removeprefix('/v2/workspaces')}/{state}")

    response = undo(alice, workspace, "main.tex", change["id"])

    assert response.status_code == 403
    assert read(alice, workspace) == PAPER


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 2 * 4096}])
def test_another_version_needs_room(alice: Person, workspace: str) -> None:
    (change,) = changes(alice, workspace)

    response = undo(alice, workspace, "main.tex", change["id"])

    assert response.status_code == 413
    assert read(alice, workspace) == PAPER


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 2 * 4096 + len(SENT)}])
def test_the_bytes_before_count(alice: Person, workspace: str) -> None:
    assert alice.put(f"{workspace}/files/main.tex", SENT).status_code == 413
    assert alice.put(f"{workspace}/files/main.tex", PAPER).status_code == 201


def test_a_stranger_finds_nothing(charlie: Person, workspace: str) -> None:
    assert undo(charlie, workspace, "main.tex", "1-0").status_code == 404


def test_nobody_without_a_token(anonymous: Person, workspace: str) -> None:
    assert undo(anonymous, workspace, "main.tex", "1-0").status_code == 401


def test_nobody_without_the_scope(nobody: Person, workspace: str) -> None:
    assert undo(nobody, workspace, "main.tex", "1-0").status_code == 403
