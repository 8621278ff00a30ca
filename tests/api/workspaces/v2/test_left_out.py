"""What archives held that was not taken: how long it is said, and when a workspace is ready."""

import io
import tarfile
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from builders.papers import PAPER
from people.person import Person

LINK = "Symbolic links are not allowed. Removing '{}'"
PNG = b"\x89PNG\r\n\x1a\n"


def a_tar_with_links(*links: str, files: tuple[str, ...] = ("main.tex",)) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name in files:
            file = tarfile.TarInfo(name)
            file.size = len(PAPER)
            archive.addfile(file, io.BytesIO(PAPER))
        for name in links:
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, "main.tex"
            archive.addfile(link)
    return target.getvalue()


@dataclass(frozen=True)
class Desk:
    alice: Person
    url: str

    def put(self, name: str, data: bytes) -> Any:
        return self.alice.put(f"{self.url}/files/{name}", data).get_json()

    @property
    def state(self) -> str:
        return str(self.alice.get(self.url).get_json()["readiness"])

    @property
    def lines(self) -> list[tuple[str, str]]:
        query = "findings?code=members_left_out"
        found = self.alice.get(f"{self.url}/{query}").get_json()["findings"]
        assert all(one["persistent"] and one["severity"] == "warn" for one in found)
        return [(one["path"], one["message"]) for one in found]


@pytest.fixture
def desk(alice: Person) -> Desk:
    made = alice.post("/v2/workspaces", json={}).get_json()
    return Desk(alice, f"/v2/workspaces/{made['id']}")


@pytest.mark.parametrize("name", ["図\u30001.png", "a\xa0b.png", "r\u202eb.png", "a\u200bb.png"])
def test_whatever_is_in_a_name_its_line_ends_when_it_is_there(desk: Desk, name: str) -> None:
    desk.put("a.tar", a_tar_with_links(name))
    said = desk.lines

    desk.put(quote(name), PNG)

    assert (len(said), desk.lines) == (1, [])
    assert not any(unicodedata.category(one) in ("Cc", "Cf") for one in said[0][1])


def test_it_is_said_until_each_path_is_there(desk: Desk) -> None:
    desk.put("a.tar", a_tar_with_links("fig.png", "b.png"))
    first = (desk.state, desk.lines)

    desk.put("fig.png", PNG)
    second = (desk.state, desk.lines)
    desk.put("b.png", PNG)

    both = [("a.tar", LINK.format("fig.png")), ("a.tar", LINK.format("b.png"))]
    assert first == ("READY_WITH_WARNINGS", both)
    assert second == ("READY_WITH_WARNINGS", both[1:])
    assert (desk.state, desk.lines) == ("READY", [])


def test_the_archive_is_among_the_removed_files_and_can_be_brought_back(desk: Desk) -> None:
    desk.put("a.tar", a_tar_with_links("fig.png"))
    removed = desk.alice.get(f"{desk.url}/entries?area=removed").get_json()["entries"]

    back = desk.alice.post(f"{desk.url}/files:undelete", json={"path": "a.tar"})

    assert [(one["path"], one["code"]) for one in removed] == [("a.tar", "members_left_out")]
    assert back.status_code == 200
    assert desk.lines == [("a.tar", LINK.format("fig.png"))]
    assert desk.alice.delete(f"{desk.url}/files/a.tar").status_code == 200
    assert desk.lines == []


@pytest.mark.parametrize("path", ["d/a.tar", "d/"])
def test_a_person_who_deletes_the_archive_hears_no_more_of_it(desk: Desk, path: str) -> None:
    desk.put("main.tex", PAPER)
    desk.put("d/a.tar", a_tar_with_links("fig.png", files=("part.tex",)))

    first = desk.alice.delete(f"{desk.url}/files/{path}")
    second = desk.alice.delete(f"{desk.url}/files/{path}")

    assert (first.status_code, second.status_code) == (200, 404)
    assert (desk.state, desk.lines) == ("READY", [])


def test_the_path_of_another_archive_is_not_found(desk: Desk) -> None:
    desk.put("d/a.tar", a_tar_with_links("fig.png"))

    gone = [desk.alice.delete(f"{desk.url}/files/{path}") for path in ("d", "a.tar", "d/a.tar/")]

    assert [one.status_code for one in gone] == [404, 404, 404]
    assert len(desk.lines) == 1


def test_an_archive_of_which_nothing_is_taken_stays_and_can_be_deleted(desk: Desk) -> None:
    desk.put("main.tex", PAPER)
    desk.put("a.tar", a_tar_with_links("fig.png", files=()))
    there = (desk.state, desk.lines)

    desk.alice.delete(f"{desk.url}/files/a.tar")

    assert there == ("READY_WITH_WARNINGS", [("a.tar", LINK.format("fig.png"))])
    assert (desk.state, desk.lines) == ("READY", [])


def test_it_goes_along_when_the_archive_is_moved(desk: Desk) -> None:
    desk.put("main.tex", PAPER)
    desk.put("a.tar", a_tar_with_links("fig.png", files=()))

    desk.alice.post(f"{desk.url}/files:move", json={"source": "a.tar", "target": "b/c.tar"})
    moved = desk.lines
    desk.put("fig.png", PNG)

    assert moved == [("b/c.tar", LINK.format("fig.png"))]
    assert desk.lines == []


def test_a_file_that_is_moved_or_brought_back_there_ends_it(desk: Desk) -> None:
    desk.put("b.png", PNG)
    desk.put("c.png", PNG)
    desk.alice.delete(f"{desk.url}/files/c.png")
    desk.put("a.tar", a_tar_with_links("fig.png", "c.png"))

    desk.alice.post(f"{desk.url}/files:move", json={"source": "b.png", "target": "fig.png"})
    moved = desk.lines
    desk.alice.post(f"{desk.url}/files:undelete", json={"path": "c.png"})

    assert moved == [("a.tar", LINK.format("c.png"))]
    assert (desk.state, desk.lines) == ("READY", [])


def test_checking_again_forgets_nothing_and_says_nothing_twice(desk: Desk) -> None:
    desk.put("a.tar", a_tar_with_links("fig.png"))
    desk.put("b.tar", a_tar_with_links("c.png", files=()))
    before = sorted(desk.lines)

    desk.alice.post(f"{desk.url}/check")

    assert sorted(desk.lines) == before
    assert desk.state == "READY_WITH_WARNINGS"


def test_a_checkpoint_brings_it_back(desk: Desk) -> None:
    desk.put("a.tar", a_tar_with_links("fig.png"))
    made = desk.alice.post(f"{desk.url}/checkpoints", json={}).get_json()
    desk.put("fig.png", PNG)

    desk.alice.post(f"{desk.url}/checkpoints/{made['id']}:restore")
    restored = (desk.state, desk.lines)
    desk.put("fig.png", PNG)

    assert restored == ("READY_WITH_WARNINGS", [("a.tar", LINK.format("fig.png"))])
    assert (desk.state, desk.lines) == ("READY", [])


def test_nothing_of_it_outlives_the_files(desk: Desk) -> None:
    desk.put("a.tar", a_tar_with_links("fig.png"))

    desk.alice.post(f"{desk.url.replace('/v2/workspaces', '')}/delete_all")

    assert (desk.state, desk.lines) == ("EMPTY", [])


def test_an_ancillary_archive_counts(desk: Desk) -> None:
    desk.put("main.tex", PAPER)

    shown = desk.put("anc/a.tar", a_tar_with_links("y.csv", files=("x.tex",)))

    assert shown["workspace"]["readiness"] == "READY_WITH_WARNINGS"
    assert desk.lines == [("anc/a.tar", LINK.format("y.csv"))]


def test_a_workspace_without_a_source_file_is_empty_and_not_ready(desk: Desk) -> None:
    new = desk.state
    ancillary = desk.put("anc/a.txt", b"x\n")["workspace"]["readiness"]
    full = desk.put("main.tex", PAPER)["workspace"]["readiness"]
    desk.alice.delete(f"{desk.url}/files/main.tex")
    listed = desk.alice.get("/v2/workspaces").get_json()["workspaces"][0]["readiness"]

    assert (new, ancillary, full, listed) == ("EMPTY", "EMPTY", "READY", "EMPTY")


def test_the_drop_in_says_the_last_of_it_once_and_is_never_empty(alice: Person) -> None:
    made = alice.create("a.tar", a_tar_with_links("a.png", "b.png"))
    number = made["upload_id"]
    again = alice.get(f"/{number}").get_json()
    emptied = alice.post(f"/{number}/delete_all").get_json()

    told = [["warn", "a.tar", LINK.format("b.png")]]
    assert [one for one in made["errors"] if one[1] == "a.tar"] == told
    assert again["errors"] == told
    assert (made["readiness"], again["readiness"]) == ("READY_WITH_WARNINGS",) * 2
    assert emptied["readiness"] == "READY"
