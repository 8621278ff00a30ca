"""Sources: browsed by prefix, searched, and added from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from people.surfers import Surfer
from web.packages.conftest import HARM, Shelf

OBJECTS = "/sources/lab"


@pytest.fixture
def runs(lab: Path) -> Path:
    for path in ("runs/1/a.csv", "runs/1/b.csv", "runs/<b>.csv", "notes.txt"):
        place = lab / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.encode())
    return lab


def test_sources_that_one_reads_are_listed(shelf: Shelf, runs: Path) -> None:
    assert runs
    assert 'href="sources/lab"' in shelf.shown("/sources")


def test_objects_are_shown_by_prefix(shelf: Shelf, runs: Path) -> None:
    assert runs

    top, below = shelf.shown(OBJECTS), shelf.shown(f"{OBJECTS}?prefix=runs/")

    assert [one for one in ("notes.txt", ">runs/<") if one not in top] == []
    assert [one for one in ("&lt;b&gt;.csv", ">1/<") if one not in below] == []
    assert "a.csv" not in below
    assert "<b>" not in below


def test_a_search_looks_at_any_depth(shelf: Shelf, runs: Path) -> None:
    assert runs

    shown = shelf.shown(f"{OBJECTS}?q=a.csv")

    assert "runs/1/a.csv" in shown
    assert "b.csv" not in shown


def test_many_objects_have_pages(shelf: Shelf, lab: Path) -> None:
    for number in range(101):
        (lab / f"{number:03}.txt").write_bytes(b"x")

    first = shelf.shown(OBJECTS)
    more = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert "099.txt" in first
    assert "100.txt" not in first
    assert "100.txt" in shelf.surfer.get(f"{shelf.home}/sources/{more}").text


def test_what_is_ticked_is_added_under_other_names(
    shelf: Shelf, runs: Path, work: Callable[[], None]
) -> None:
    assert runs
    keys: dict[str, str | list[str]] = {
        "key": ["runs/1/a.csv", "notes.txt"],
        "path:runs/1/a.csv": "first.csv",
    }

    added = shelf.send("/add", **keys, source="lab", to="d")

    assert added.status_code == 303, added.text
    assert shelf.paths == ["d/first.csv", "d/notes.txt"]
    assert "Being worked out" in shelf.shown("?directory=d")
    work()
    shown = shelf.shown("?directory=d")
    assert "lab: runs/1/a.csv" in shown
    assert "Known" in shown


def test_everything_below_a_prefix_is_added(shelf: Shelf, runs: Path) -> None:
    assert runs

    shelf.send("/add", source="lab", prefix="runs/", all="true")

    assert sorted(shelf.paths) == ["1/a.csv", "1/b.csv", "<b>.csv"]


def test_a_version_waits_for_digests(shelf: Shelf, runs: Path, work: Callable[[], None]) -> None:
    assert runs
    shelf.send("/add", source="lab", key="notes.txt")

    promised = shelf.send("/freeze")
    before = shelf.shown("/versions?done=freezing")
    work()

    assert promised.headers["Location"] == "versions?done=freezing"
    assert "as soon as every digest is known" in before
    assert "1 item," in shelf.shown("/versions")


def test_refusals_are_pages_and_change_nothing(shelf: Shelf, runs: Path) -> None:
    assert runs
    before = shelf.revision
    refused = [
        shelf.send("/add", source="lab"),
        shelf.send("/add", source="none", key="a"),
        shelf.send("/add", source="lab", key="notes.txt", **{"path:notes.txt": "../a"}),
        shelf.send("/add", source="lab", key="notes.txt", revision="77"),
    ]
    shelf_less = shelf.surfer.get(f"{shelf.home}/sources/none")

    assert [one.status_code for one in refused] == [422, 404, 400, 412]
    assert {one.mimetype for one in (*refused, shelf_less)} == {"text/html"}
    assert shelf_less.status_code == 404
    assert shelf.revision == before


def test_paths_that_were_typed_stay_where_they_are_refused(shelf: Shelf, runs: Path) -> None:
    assert runs
    paths = {"path:notes.txt": f"../{HARM}", "path:runs/a.csv": "not-ticked"}

    refused = shelf.send("/add", source="lab", key="notes.txt", **paths)

    assert refused.status_code == 400
    assert "Path of notes.txt</label>" in refused.text
    assert 'value="../&lt;script&gt;' in refused.text
    assert 'type="hidden" name="path:runs/a.csv" value="not-ticked"' in refused.text
    assert HARM not in refused.text


def test_a_stranger_browses_by_no_package_of_others(
    shelf: Shelf, runs: Path, mallory: Surfer
) -> None:
    assert runs
    assert mallory.get(f"{shelf.home}{OBJECTS}").status_code in (403, 404)
