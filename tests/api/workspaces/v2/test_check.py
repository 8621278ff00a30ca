"""POST /v2/workspaces/<id>/check and changes of profile: every file is looked at again."""

from typing import Any

import pytest

from builders.papers import PAPER, a_tarball, a_zip
from people.person import Person

DOS = PAPER.replace(b"\n", b"\r\n")
FILES = {"main.tex": DOS, "b c.txt": b"words\n", "refs.bib": b"@book{a}\n", "x.synctex": b"x\n"}


@pytest.fixture
def workspace(alice: Person) -> str:
    """The path of a generic workspace with files that the profile ``arxiv`` would change."""
    wish = {"profile": "generic"}
    made = f"/v2/workspaces/{alice.post('/v2/workspaces', json=wish).get_json()['id']}"
    assert alice.put(f"{made}/files/all.tar", a_tarball(FILES, "w")).status_code == 201
    return made


def state(alice: Person, workspace: str) -> dict[str, Any]:
    """Everything that a reader sees, but for revision and times."""
    listed = alice.get(f"{workspace}/entries").get_json()["entries"]
    for one in listed:
        del one["modified_at"]
    findings = alice.get(f"{workspace}/findings").get_json()["findings"]
    shown = alice.get(workspace).get_json()
    return {
        "entries": listed,
        "findings": sorted(map(str, findings)),
        **{key: shown[key] for key in ("readiness", "source_format", "profile", "total_bytes")},
    }


def test_it_works(alice: Person, workspace: str) -> None:
    before = alice.get(workspace).get_json()

    response = alice.post(f"{workspace}/check")

    shown = response.get_json()
    assert (response.status_code, shown["changes"]) == (200, [])
    assert shown["workspace"]["revision"] == before["revision"] + 1
    assert response.headers["ETag"] == f'"{before["revision"] + 1}"'


def test_files_that_stay_keep_their_place_and_time(alice: Person, workspace: str) -> None:
    before = alice.get(f"{workspace}/entries").get_json()["entries"]

    alice.post(f"{workspace}/check")

    assert alice.get(f"{workspace}/entries").get_json()["entries"] == before


def test_another_profile_needs_staff(alice: Person, bob: Person, workspace: str) -> None:
    before = state(alice, workspace)

    refused = alice.patch(workspace, json={"profile": "arxiv", "name": "new"})
    unknown = bob.patch(workspace, json={"profile": "nothing"})

    assert (refused.status_code, refused.get_json()["code"]) == (403, "insufficient_scope")
    assert (unknown.status_code, unknown.get_json()["code"]) == (400, "profile_unknown")
    assert state(alice, workspace) == before
    assert alice.patch(workspace, json={"profile": "generic"}).status_code == 200


def test_another_profile_checks_everything_as_if_just_sent(
    alice: Person, bob: Person, workspace: str
) -> None:
    revision = alice.get(workspace).get_json()["revision"]

    changed = bob.patch(workspace, json={"profile": "arxiv", "name": "new"})

    fresh = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    alice.put(f"{fresh}/files/all.tar", a_tarball(FILES, "w"))
    found, wanted = state(alice, workspace), state(alice, fresh)
    assert (changed.status_code, changed.get_json()["revision"]) == (200, revision + 1)
    assert changed.get_json()["name"] == "new"
    for one in (*found["entries"], *wanted["entries"]):
        del one["name_as_sent"]
    wanted["findings"] = [one for one in wanted["findings"] if "all.tar" not in one]
    assert found == wanted
    assert alice.get(f"{workspace}/files/main.tex").data == PAPER


def test_a_stale_change_of_profile_does_nothing(alice: Person, bob: Person, workspace: str) -> None:
    before = state(alice, workspace)

    response = bob.patch(workspace, json={"profile": "arxiv"}, headers={"If-Match": '"0"'})

    assert response.status_code == 412
    assert state(alice, workspace) == before


def test_a_dry_run_tells_and_changes_nothing(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/more.zip?unpack=false", a_zip({"in.txt": b"in\n"}))
    before = alice.get(workspace).get_json()

    told = alice.post(f"{workspace}/check?dry_run=true").get_json()

    assert [(one["before"], one["alteration"]) for one in told["changes"]] == [
        ("more.zip", "unpacked")
    ]
    assert told["workspace"] == before == alice.get(workspace).get_json()


def test_an_archive_that_was_kept_is_unpacked(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/more.zip?unpack=false", a_zip({"in.txt": b"in\n"}))

    alice.post(f"{workspace}/check")

    paths = [one["path"] for one in state(alice, workspace)["entries"]]
    assert "in.txt" in paths
    assert "more.zip" not in paths


def test_a_locked_workspace_is_checked_only_dry(alice: Person, workspace: str) -> None:
    alice.post(f"{workspace}/lock")

    wet = alice.post(f"{workspace}/check")
    dry = alice.post(f"{workspace}/check?dry_run=true")

    assert (wet.status_code, wet.get_json()["code"], dry.status_code) == (
        403, "workspace_locked", 200,
    )  # fmt: skip


def test_checking_twice_says_the_same_again(alice: Person) -> None:
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    alice.put(f"{made}/files/a.docx", b"PK\x03\x04 not a zip, and not a document")
    alice.put(f"{made}/files/paper.dvi", b"\xf7\x02" + bytes(30))
    alice.post(f"{made}/check")
    once = state(alice, made)

    alice.post(f"{made}/check")

    assert state(alice, made) == once
    assert once["readiness"] == "ERRORS"


def test_an_empty_workspace_is_checked(alice: Person) -> None:
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"

    response = alice.post(f"{made}/check")

    assert (response.status_code, response.get_json()["changes"]) == (200, [])
    assert response.get_json()["workspace"]["readiness"] == "EMPTY"
