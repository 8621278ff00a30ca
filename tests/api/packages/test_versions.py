"""Versions over HTTP: frozen, listed, compared."""

from collections.abc import Callable
from pathlib import Path

import pytest

from people.curators import Curator


@pytest.fixture
def package(curator: Curator) -> str:
    made = curator.create()
    curator.text(made, "a.txt")
    return made


def test_a_package_is_frozen_once_for_each_revision(curator: Curator, package: str) -> None:
    frozen = curator.post(f"/{package}:freeze", {"name": "first"})
    again = curator.post(f"/{package}:freeze")

    assert frozen.status_code == again.status_code == 201
    told = frozen.get_json()
    assert told == again.get_json() == curator.json(f"/{package}/versions/1")
    assert (told["number"], told["name"], told["items"], told["bytes"]) == (1, "first", 1, 4)
    assert told["described"]["name"] == "study"
    assert frozen.headers["ETag"] == f'"{told["digest"]}"'
    assert frozen.headers["Location"].endswith(f"{package}/versions/1")


def test_an_empty_package_is_not_frozen(curator: Curator) -> None:
    refused = curator.post(f"/{curator.create()}:freeze")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "nothing_to_freeze")


def test_a_freeze_waits_for_digests_or_goes_without(
    curator: Curator, package: str, lab: Path, work: Callable[[], None]
) -> None:
    (lab / "a.tif").write_bytes(b"image")
    curator.point(package, "a.tif", source="lab", key="a.tif")

    partial = curator.post(f"/{package}:freeze", {"partial": True})
    waiting, again = (curator.post(f"/{package}:freeze") for _ in range(2))
    work()

    assert (partial.status_code, partial.get_json()["pending"]) == (201, 1)
    assert (waiting.status_code, again.status_code) == (202, 202)
    assert waiting.headers["Location"] == again.headers["Location"]
    exact = curator.post(f"/{package}:freeze").get_json()
    assert (exact["number"], exact["pending"]) == (2, 0)
    (change,) = curator.json(f"/{package}/diff?from=1&to=2")["differences"]
    assert (change["path"], change["old"]["sha256"]) == ("a.tif", None)
    assert change["new"]["sha256"] is not None


def test_versions_are_listed_newest_first(curator: Curator, package: str) -> None:
    for number in range(3):
        curator.post(f"/{package}:freeze", {"name": f"n{number}"})
        curator.text(package, f"{number}.txt")

    first = curator.get(f"/{package}/versions?limit=2")
    link = first.headers["Link"].partition(">")[0].lstrip("<")
    rest = curator.json(f"/{package}/versions{link}")

    numbers = [one["number"] for one in [*first.get_json()["versions"], *rest["versions"]]]
    assert numbers == [3, 2, 1]


def test_versions_are_compared_a_page_at_a_time(curator: Curator, package: str) -> None:
    curator.post(f"/{package}:freeze")
    for path in ("a.txt", "b.txt", "c.txt"):
        curator.text(package, path, b"other")
    curator.post(f"/{package}:freeze")
    curator.call("DELETE", f"/{package}/items/c.txt")

    first = curator.get(f"/{package}/diff?from=1&to=2&limit=2")
    link = first.headers["Link"].partition(">")[0].lstrip("<")
    rest = curator.json(f"/{package}/diff{link}")
    now = curator.json(f"/{package}/diff?from=2")

    found = [*first.get_json()["differences"], *rest["differences"]]
    told = [(one["path"], one["old"] is None, one["new"] is None) for one in found]
    assert told == [("a.txt", False, False), ("b.txt", True, False), ("c.txt", True, False)]
    (gone,) = now["differences"]
    assert (gone["path"], gone["new"]) == ("c.txt", None)


def test_what_was_never_frozen_is_not_there(curator: Curator, package: str) -> None:
    for rest in (
        "/versions/1",
        f"/versions/{2**63}",
        "/items?version=1",
        "/items/a.txt?version=1",
        "/diff?from=1",
    ):
        gone = curator.get(f"/{package}{rest}")
        assert (gone.status_code, gone.get_json()["code"]) == (404, "version_not_found")


def test_a_version_shows_what_it_was(curator: Curator, package: str) -> None:
    curator.post(f"/{package}:freeze")
    curator.text(package, "b.txt")
    curator.call("DELETE", f"/{package}/items/a.txt")

    assert curator.paths(package, "?version=1") == ["a.txt"]
    assert curator.paths(package) == ["b.txt"]
    assert curator.json(f"/{package}/items/a.txt?version=1")["bytes"] == 4


def test_without_a_key_there_is_no_statement(curator: Curator, package: str) -> None:
    curator.post(f"/{package}:freeze")

    told = curator.get(f"/{package}/versions/1/statement.json")

    assert (told.status_code, told.get_json()["code"]) == (404, "no_statements")
