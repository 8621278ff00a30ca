"""POST /<id>: another file or archive."""

import pytest

from builders.papers import PAPER, a_tarball, members_of
from people.answers import (
    LOCKED,
    NOT_ACTIVE,
    answer,
    everything,
    paths,
)
from people.person import Person


def test_it_works(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    response = alice.upload("/1", "fig.png", b"\x89PNG\r\n\x1a\n")

    summary = response.get_json()
    assert response.status_code == 201
    assert paths(summary) == ["main.tex", "fig.png"]
    assert summary["upload_total_size"] == len(PAPER) + 8
    assert response.headers["ETag"] == summary["checksum"]
    assert response.headers["ARXIV-OWNER"] == "1"
    assert response.headers["Location"] == "http://fooserver.localdomain/filemanager/api/1"


def test_a_file_of_the_same_name_is_replaced_in_its_place(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.upload("/1", "b.txt", b"b\n")

    summary = alice.upload("/1", "main.tex", PAPER + b"% more\n").get_json()

    assert paths(summary) == ["main.tex", "b.txt"]
    assert alice.get("/1/main.tex/content").data == PAPER + b"% more\n"


def test_an_ancillary_file_lies_under_anc(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    summary = alice.upload("/1", "notes.md", b"# Notes\n", ancillary="True").get_json()

    assert paths(summary) == ["main.tex", "anc/notes.md"]
    assert summary["readiness"] == "READY"
    assert members_of(alice.get("/1/content").data)["anc/notes.md"] == b"# Notes\n"


@pytest.mark.parametrize("value", ["False", "true", "1", ""])
def test_only_the_word_true_makes_a_file_ancillary(alice: Person, value: str) -> None:
    alice.create("main.tex", PAPER)

    summary = alice.upload("/1", "notes.md", b"# Notes\n", ancillary=value).get_json()

    assert paths(summary) == ["main.tex", "notes.md"]


def test_everything_of_an_ancillary_archive_is_ancillary(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    archive = a_tarball({"a.csv": b"1,2\n", "more/b.csv": b"3,4\n"})

    summary = alice.upload("/1", "data.tar.gz", archive, ancillary="True").get_json()

    assert paths(summary) == ["main.tex", "anc/a.csv", "anc/more/b.csv"]


def test_a_leading_dot_slash_is_dropped(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    summary = alice.upload("/1", "./b.txt", b"b\n").get_json()

    assert paths(summary) == ["main.tex", "b.txt"]


def test_transient_findings_are_told_once(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    told = alice.upload("/1", "a b.txt", b"b\n").get_json()
    later = alice.get("/1").get_json()

    assert (told["readiness"], later["readiness"]) == ("READY_WITH_WARNINGS", "READY")
    assert [error[:2] for error in told["errors"]] == [["warn", "a_b.txt"]]
    assert later["errors"] == []


def test_a_locked_workspace_refuses(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/lock")
    before = everything(bob)

    response = alice.upload("/1", "b.txt", b"b\n")

    assert answer(response) == LOCKED
    assert everything(bob) == before


def test_a_released_workspace_refuses(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/release")
    before = everything(bob)

    response = alice.upload("/1", "b.txt", b"b\n")

    assert answer(response) == NOT_ACTIVE
    assert everything(bob) == before


def test_released_is_said_before_locked(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/lock")
    alice.post("/1/release")

    response = alice.upload("/1", "b.txt", b"b\n")

    assert answer(response) == NOT_ACTIVE


def test_a_deleted_workspace_refuses(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")
    before = everything(bob)

    response = alice.upload("/1", "b.txt", b"b\n")

    assert answer(response) == NOT_ACTIVE
    assert everything(bob) == before


def test_a_file_is_never_the_directory_of_another(alice: Person) -> None:
    alice.create("fig", PAPER)

    summary = alice.upload("/1", "fig/a.txt", b"a\n").get_json()

    assert paths(summary) == ["fig", "fig_1/a.txt"]
    reason = "'fig/a.txt' would be a file and a directory at once. Renamed to 'fig_1/a.txt'."
    assert summary["errors"] == [["warn", "fig_1/a.txt", reason]]


def test_no_name_is_400(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = alice.upload("/1", "", b"b\n")

    wanted = {"reason": "file argument missing filename or file not selected"}
    assert answer(response) == (400, wanted)
    assert everything(bob) == before


def test_no_bytes_are_400(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = alice.upload("/1", "b.txt", b"")

    assert answer(response) == (400, {"reason": "file payload is zero length"})
    assert everything(bob) == before


def test_a_locked_workspace_is_told_before_an_empty_file(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/lock")

    response = alice.upload("/1", "b.txt", b"")

    assert answer(response) == LOCKED


@pytest.mark.parametrize("special", [{"max_workspace_files": 2}])
def test_a_full_workspace_refuses(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.upload("/1", "b.txt", b"b\n")
    before = everything(bob)

    response = alice.upload("/1", "c.txt", b"c\n")

    reason = "The workspace would hold more than the limit of 2 files."
    assert answer(response) == (413, {"reason": reason})
    assert everything(bob) == before


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 100}])
def test_a_workspace_has_a_limit_in_bytes(alice: Person, bob: Person) -> None:
    response = alice.upload("/", "main.tex", PAPER + b"%" * 100)

    reason = (
        "The workspace's limit is 100 bytes, 0 of them are used or reserved, and 4096 more were"
        " asked for. Earlier versions of files count until they are pruned."
    )
    assert answer(response) == (413, {"reason": reason})
    assert everything(bob)["workspaces"] == []


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 10_000}])
def test_earlier_versions_count_against_the_workspace(alice: Person, bob: Person) -> None:
    alice.upload("/", "a.txt", b"x" * 5999 + b"\n")
    before = everything(bob)

    response = alice.upload("/1", "a.txt", b"y" * 4100 + b"\n")

    reason = (
        "The workspace's limit is 10000 bytes, 6000 of them are used or reserved, and 4101 more"
        " were asked for. Earlier versions of files count until they are pruned."
    )
    assert answer(response) == (413, {"reason": reason})
    assert everything(bob) == before


@pytest.mark.parametrize("special", [{"max_owner_bytes": 10_000}])
def test_an_owner_has_a_limit_over_all_workspaces(alice: Person, bob: Person) -> None:
    alice.upload("/", "a.txt", b"x" * 5999 + b"\n")
    before = everything(bob)

    refused = alice.upload("/", "b.txt", b"y" * 4100 + b"\n")
    unchanged = everything(bob)
    others = bob.upload("/", "b.txt", b"y" * 40 + b"\n")

    reason = (
        "The owner's limit is 10000 bytes, 6000 of them are used or reserved, and 4101 more were"
        " asked for. Earlier versions of files count until they are pruned."
    )
    assert answer(refused) == (413, {"reason": reason})
    assert unchanged == before
    assert others.status_code == 201


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 4096}])
def test_a_full_workspace_can_be_deleted_from_and_restored(alice: Person) -> None:
    alice.upload("/", "a.txt", b"x" * 99 + b"\n")
    checksum = alice.post("/1/checkpoint").headers["ETag"]

    deleted = alice.delete("/1/a.txt")
    restored = alice.post(f"/1/restore_checkpoint/{checksum}")

    assert deleted.status_code == 200
    assert restored.status_code == 200
