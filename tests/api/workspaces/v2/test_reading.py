"""What v2 tells of a workspace: entries, findings, changes, checkpoints, differences, the log."""

import hashlib
from typing import Any

import pytest

from builders.papers import PAPER, a_tarball
from people.following import led_to, next_of
from people.person import API, Person


@pytest.fixture
def workspace(alice: Person) -> str:
    """The path of a workspace with a paper, an ancillary file and a removed one."""
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    files = {"main.tex": PAPER, "anc/b.txt": b"b\n", "sub/c.txt": b"c\n", ".junk": b"junk\n"}
    assert alice.put(f"{made}/files/all.tar.gz", a_tarball(files)).status_code == 201
    return made


def entries(alice: Person, workspace: str, query: str = "") -> list[dict[str, Any]]:
    response = alice.get(f"{workspace}/entries{query}")
    assert response.status_code == 200, response.text
    return list(response.get_json()["entries"])


def paths(alice: Person, workspace: str, query: str = "") -> list[str]:
    return [one["path"] for one in entries(alice, workspace, query)]


def test_entries_tell_all_that_is_known(alice: Person, workspace: str) -> None:
    entry = entries(alice, workspace, "?q=MAIN")[0]

    known = {
        "path": "main.tex", "area": "source", "kind": "LATEX2e", "media_type": "text/x-tex",
        "size_bytes": len(PAPER), "sha256": hashlib.sha256(PAPER).hexdigest(),
        "md5": hashlib.md5(PAPER, usedforsecurity=False).hexdigest(), "name_as_sent": None,
        "reason": None, "code": None, "kept_by_owner": False, "findings": [],
    }  # fmt: skip
    assert {key: value for key, value in entry.items() if key != "modified_at"} == known


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["anc/b.txt", "main.tex", "sub/c.txt"]), ("?area=source", ["main.tex", "sub/c.txt"]),
        ("?area=ancillary", ["anc/b.txt"]), ("?kind=LATEX2e", ["main.tex"]),
        ("?q=.TXT", ["anc/b.txt", "sub/c.txt"]), ("?q=%25", []), ("?area=removed", [".junk"]),
    ],
)  # fmt: skip
def test_entries_are_filtered(alice: Person, workspace: str, query: str, wanted: list[str]) -> None:
    assert paths(alice, workspace, query) == wanted


def test_entries_are_walked_by_their_links(alice: Person, workspace: str) -> None:
    found, path = [], f"{workspace}/entries?limit=1&q=t"
    while path:
        response = alice.get(path)
        found += [one["path"] for one in response.get_json()["entries"]]
        path = next_of(response).removeprefix(API)

    assert found == ["anc/b.txt", "main.tex", "sub/c.txt"]


def test_a_removed_entry_has_its_reason_and_finding(alice: Person, workspace: str) -> None:
    entry = entries(alice, workspace, "?area=removed")[0]

    assert (entry["code"], entry["findings"][0]["code"]) == ("hidden_files_dot",) * 2
    assert entry["reason"]


def test_entries_of_an_older_revision_stay_as_they_were(alice: Person, workspace: str) -> None:
    before = alice.get(f"{workspace}/entries").get_json()
    checkpoint = alice.post(f"{workspace}/checkpoints").get_json()
    alice.put(f"{workspace}/files/main.tex", PAPER.replace(b"Hello", b"Bye"))
    alice.delete(f"{workspace}/files/sub/c.txt")

    by_number = alice.get(f"{workspace}/entries?revision={before['revision']}")
    by_name = alice.get(f"{workspace}/entries?revision=checkpoint:{checkpoint['id']}")

    assert by_number.get_json() == by_name.get_json() == before
    assert by_number.headers["ETag"] == f'"{before["revision"]}"'
    assert paths(alice, workspace) == ["anc/b.txt", "main.tex"]


@pytest.mark.parametrize(
    ("revision", "status"),
    [("999", 404), ("checkpoint:999", 404), ("x", 422), ("-1", 422), ("checkpoint:", 422),
     ("9" * 19, 422), ("tag:1", 422)],
)  # fmt: skip
def test_a_revision_that_is_none_is_refused(
    alice: Person, workspace: str, revision: str, status: int
) -> None:
    found = [
        alice.get(f"{workspace}/{path}={revision}").status_code
        for path in ("entries?revision", "diff?from")
    ]

    assert found == [status, status]


def test_findings_have_codes_places_and_help(alice: Person, workspace: str) -> None:
    alice.put(f"{workspace}/files/paper.dvi", b"\xf7\x02" + bytes(30))

    found = alice.get(f"{workspace}/findings?severity=fatal").get_json()["findings"]

    told = [(one["code"], one["path"], one["help"]) for one in found]
    assert told == [
        (
            "dvi_not_allowed",
            "paper.dvi",
            "http://fooserver.localdomain/docs/findings/dvi_not_allowed",
        )
    ]
    assert alice.get(f"{workspace}/findings?code=nothing").get_json() == {"findings": []}


def test_changes_are_those_of_the_last_upload(alice: Person, workspace: str) -> None:
    first = alice.get(f"{workspace}/changes").get_json()["changes"]
    alice.put(f"{workspace}/files/d.txt", b"a\r\nb\r\n")
    second = alice.get(f"{workspace}/changes").get_json()["changes"]

    assert ("all.tar", "unpacked") in {(one["before"], one["alteration"]) for one in first}
    assert (".junk", "removed") in {(one["before"], one["alteration"]) for one in first}
    assert {one["before"] for one in second} <= {"d.txt"}


def test_a_checkpoint_has_a_name_and_is_found_again(alice: Person, workspace: str) -> None:
    wish = {"name": "v1: größer", "description": "As sent."}

    made = alice.post(f"{workspace}/checkpoints", json=wish)

    path = led_to(made).removeprefix(API)
    shown = alice.get(path)
    assert made.status_code == 201
    assert shown.get_json() == made.get_json()
    assert {key: shown.get_json()[key] for key in wish} == wish
    assert shown.headers["ETag"] == made.headers["ETag"]
    listed = alice.get(f"{workspace}/checkpoints").get_json()["checkpoints"]
    assert listed == [shown.get_json()]


def test_a_checkpoint_is_restored_in_a_new_revision(alice: Person, workspace: str) -> None:
    path = led_to(alice.post(f"{workspace}/checkpoints")).removeprefix(API)
    before = paths(alice, workspace)
    alice.delete(f"{workspace}/files/main.tex")
    tag = alice.get(workspace).headers["ETag"]

    stale = alice.post(f"{path}:restore", headers={"If-Match": '"0"'})
    restored = alice.post(f"{path}:restore", headers={"If-Match": tag})

    assert (stale.status_code, restored.status_code) == (412, 200)
    assert paths(alice, workspace) == before
    assert restored.get_json()["revision"] == int(tag.strip('"')) + 1


def test_a_checkpoint_is_deleted_in_the_state_read(alice: Person, workspace: str) -> None:
    made = alice.post(f"{workspace}/checkpoints")
    path = led_to(made).removeprefix(API)

    stale = alice.delete(path, headers={"If-Match": '"other"'})
    deleted = alice.delete(path, headers={"If-Match": made.headers["ETag"]})

    assert (stale.status_code, deleted.status_code) == (412, 204)
    assert alice.get(path).get_json()["code"] == "checkpoint_not_found"
    assert paths(alice, workspace)


def test_an_empty_workspace_has_nothing_to_name(alice: Person) -> None:
    made = alice.post("/v2/workspaces").get_json()["id"]

    response = alice.post(f"/v2/workspaces/{made}/checkpoints")

    assert (response.status_code, response.get_json()["code"]) == (400, "workspace_empty")


def test_the_eleventh_checkpoint_is_409(alice: Person, workspace: str) -> None:
    made = [alice.post(f"{workspace}/checkpoints") for _ in range(11)]

    assert [one.status_code for one in made] == [201] * 10 + [409]
    assert made[-1].get_json()["code"] == "checkpoint_limit_reached"


def test_a_difference_names_every_path_that_changed(alice: Person, workspace: str) -> None:
    start = alice.get(workspace).get_json()["revision"]
    alice.put(f"{workspace}/files/new.txt", b"new\n")
    alice.put(f"{workspace}/files/main.tex", PAPER.replace(b"Hello", b"Bye"))
    alice.delete(f"{workspace}/files/anc/b.txt")

    found = alice.get(f"{workspace}/diff?from={start}").get_json()
    back = alice.get(f"{workspace}/diff?from={start + 3}&to={start}").get_json()

    told = [(one["path"], one["change"]) for one in found["differences"]]
    assert told == [("anc/b.txt", "removed"), ("main.tex", "changed"), ("new.txt", "added")]
    assert (found["from_revision"], found["to_revision"]) == (start, start + 3)
    assert [one["change"] for one in back["differences"]] == ["added", "changed", "removed"]


def test_a_difference_is_a_patch_where_that_is_accepted(alice: Person, workspace: str) -> None:
    start = alice.get(workspace).get_json()["revision"]
    alice.put(f"{workspace}/files/main.tex", PAPER.replace(b"Hello", b"Bye"))
    alice.put(f"{workspace}/files/pic.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
    headers = {"Accept": "text/x-diff"}

    response = alice.get(f"{workspace}/diff?from={start}", headers=headers)

    known = {**headers, "If-None-Match": response.headers["ETag"]}
    again = alice.get(f"{workspace}/diff?from={start}", headers=known)
    json = alice.get(f"{workspace}/diff?from={start}", headers=known | {"Accept": "*/*"})
    assert (response.mimetype, response.headers["Vary"]) == ("text/x-diff", "Accept")
    assert "-Hello.\n+Bye.\n" in response.text
    assert "Binary files a/pic.png and b/pic.png differ\n" in response.text
    assert (again.status_code, json.status_code) == (304, 200)


def test_a_difference_needs_a_beginning(alice: Person, workspace: str) -> None:
    response = alice.get(f"{workspace}/diff")

    assert response.status_code == 422
    assert response.get_json()["errors"] == [{"parameter": "from", "detail": "Field required"}]


def test_the_log_is_paged_oldest_first(alice: Person, workspace: str) -> None:
    whole = alice.get(f"{workspace}/log").get_json()["lines"]

    found, path = [], f"{workspace}/log?limit=1"
    while path:
        response = alice.get(path)
        found += response.get_json()["lines"]
        path = next_of(response).removeprefix(API)

    assert found == whole
    assert [line["code"] for line in whole][:2] == ["create", "upload"]
