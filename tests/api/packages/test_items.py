"""Items over HTTP: texts and pointers, put, listed, read, moved and deleted."""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Lane
from filemanager.domain.packages.references import FILE_BYTES
from filemanager.jobs.worker import Worker
from people.curators import Curator

SHA256 = digest_of(b"text")


@pytest.fixture
def package(curator: Curator) -> str:
    return curator.create()


def test_a_text_is_put_shown_and_read(curator: Curator, package: str) -> None:
    put = curator.text(package, "docs/b%20%C3%BC.md", b"text")

    shown = curator.get(f"/{package}/items/docs/b%20%C3%BC.md")
    read = curator.get(f"/{package}/contents/docs/b%20%C3%BC.md")
    assert put.status_code == 201
    assert put.get_json() == shown.get_json()
    assert put.headers["ETag"] == shown.headers["ETag"] == read.headers["ETag"] == f'"{SHA256}"'
    assert shown.get_json() == {
        "path": "docs/b ü.md",
        "kind": "text",
        "media_type": "text/markdown",
        "bytes": 4,
        "sha256": SHA256,
        "md5": "1cb251ec0d568de6a929b520c4aed8d1",
        "state": "exact",
        "source": None,
        "key": None,
        "version": None,
        "etag": None,
        "url": None,
    }
    assert (read.data, read.headers["Content-Type"]) == (b"text", "text/markdown")
    assert read.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("path", "data", "status", "code"),
    [
        ("a.exe", b"text", 415, "not_a_text"),
        ("a.txt", b"\xff", 415, "not_a_text"),
        ("a.txt", b"a" * (5 << 20), 413, "text_too_large"),
        ("a%00.txt", b"", 400, "path_refused"),
        ("..%2fa.txt", b"", 400, "path_refused"),
        ("a//b.txt", b"", 400, "path_refused"),
    ],
)
def test_what_is_no_text_is_refused(
    curator: Curator, package: str, path: str, data: bytes, status: int, code: str
) -> None:
    refused = curator.text(package, path, data)

    assert (refused.status_code, refused.get_json()["code"]) == (status, code)
    assert curator.paths(package) == []


def test_a_body_that_tells_no_length_is_no_longer_than_a_text(
    curator: Curator, package: str
) -> None:
    refused = curator.call(
        "PUT",
        f"/{package}/items/a.txt",
        input_stream=io.BytesIO(b"a" * (6 << 20)),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert refused.status_code == 413
    assert curator.paths(package) == []


def test_a_change_keeps_its_condition(curator: Curator, package: str) -> None:
    first = curator.text(package, "a.txt", b"one", headers={"If-None-Match": "*"})
    taken = curator.text(package, "a.txt", b"two", headers={"If-None-Match": "*"})
    other = curator.text(package, "a.txt", b"two", headers={"If-Match": '"other"'})
    right = curator.text(package, "a.txt", b"two", headers={"If-Match": first.headers["ETag"]})
    by_revision = curator.text(package, "b.txt", headers={"If-Match": '"2"'})
    old = curator.text(package, "b.txt", headers={"If-Match": '"2"'})

    answers = (first, taken, other, right, by_revision, old)
    assert [one.status_code for one in answers] == [201, 412, 412, 201, 201, 412]


def test_a_pointer_to_an_object_is_pending_until_it_was_read(
    curator: Curator, package: str, lab: Path, work: Callable[[], None]
) -> None:
    (lab / "a.tif").write_bytes(b"text")

    put = curator.point(package, "image.tif", source="lab", key="a.tif")
    work()

    assert put.status_code == 201, put.get_json()
    told = put.get_json()
    assert (told["kind"], told["source"], told["key"]) == ("object", "lab", "a.tif")
    assert (told["state"], told["sha256"], told["bytes"]) == ("pending", None, 4)
    exact = curator.json(f"/{package}/items/image.tif")
    assert (exact["state"], exact["sha256"]) == ("exact", SHA256)
    refused = curator.get(f"/{package}/contents/image.tif")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "item_elsewhere")


def test_a_pointer_to_a_url_needs_a_host_that_is_named(curator: Curator, package: str) -> None:
    told = {"size": 4, "sha256": SHA256.upper()}

    put = curator.point(package, "a.tif", url="https://files.test/a.tif", **told)
    other = curator.point(package, "b.tif", url="https://evil.test/a.tif", **told)

    assert (put.status_code, put.get_json()["sha256"]) == (201, SHA256)
    assert (other.status_code, other.get_json()["code"]) == (400, "pointer_refused")


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"source": "lab"},
        {"key": "a"},
        {"source": "lab", "key": "a", "url": "https://files.test/a"},
        {"url": "https://files.test/a", "size": 1},
        {"url": "https://files.test/a", "size": 1, "sha256": SHA256, "version": "1"},
        {"url": "https://files.test/a", "size": -1, "sha256": SHA256},
        {"workspace": 1},
        {"source": "lab", "key": "a", "more": 1},
    ],
)
def test_a_pointer_is_of_one_kind(curator: Curator, package: str, wish: dict[str, object]) -> None:
    refused = curator.point(package, "a.tif", **wish)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "malformed_request")


def test_a_source_that_is_not_there_is_told(curator: Curator, package: str) -> None:
    refused = curator.point(package, "a.tif", source="none", key="a")

    assert (refused.status_code, refused.get_json()["code"]) == (404, "source_unknown")


def test_objects_are_added_by_prefix_and_by_key(curator: Curator, package: str, lab: Path) -> None:
    (lab / "s2").mkdir()
    for name in ("a.tif", "b ü.tif"):
        (lab / "s2" / name).write_bytes(name.encode())

    by_prefix = curator.post(
        f"/{package}/items:add", {"source": "lab", "prefix": "s2/", "to": "data"}
    )
    keys = [{"key": "s2/a.tif", "path": "renamed.tif"}]
    by_key = curator.post(f"/{package}/items:add", {"source": "lab", "keys": keys})

    assert by_prefix.status_code == 201, by_prefix.get_json()
    assert by_prefix.get_json() == {"added": 2, "revision": 1}
    assert by_key.get_json() == {"added": 1, "revision": 2}
    assert curator.paths(package) == ["data/a.tif", "data/b ü.tif", "renamed.tif"]


def test_many_objects_are_added_by_a_job(
    curator: Curator, package: str, lab: Path, workers: Mapping[Lane, Worker]
) -> None:
    for number in range(1001):
        (lab / f"{number}.tif").touch()

    promised = curator.post(f"/{package}/items:add", {"source": "lab", "prefix": ""})
    refused = curator.post(f"/{package}:freeze")
    while workers[Lane.LONG].run_next():
        pass

    assert promised.status_code == 202
    assert (refused.status_code, refused.get_json()["code"]) == (409, "adds_running")
    assert refused.headers["Retry-After"] == "5"
    job = curator.client.get(
        f"/jobs/{promised.get_json()['id']}", headers={"Authorization": curator.token}
    ).get_json()
    assert (job["state"], job["result"]) == ("done", {"added": 1001, "revision": 2})


@pytest.mark.parametrize(
    "body", [{}, {"source": "lab"}, {"source": "lab", "prefix": "", "keys": [{"key": "a"}]}]
)
def test_an_add_names_a_prefix_or_keys(curator: Curator, package: str, body: object) -> None:
    assert curator.post(f"/{package}/items:add", body).status_code == 422


def test_references_are_imported(curator: Curator, package: str) -> None:
    one = {"name": "a.tif", "url": "https://files.test/a", "size": 4, "sha256": SHA256}

    added = curator.call("POST", f"/{package}/items:import?to=x", data=json.dumps([one]))
    refused = curator.call(
        "POST", f"/{package}/items:import", data=json.dumps([one, {**one, "name": "../b"}])
    )

    assert (added.status_code, added.get_json()) == (201, {"added": 1, "revision": 1})
    assert (refused.status_code, refused.get_json()["code"]) == (400, "reference_refused")
    assert "Line 2" in refused.get_json()["detail"]
    assert curator.paths(package) == ["x/a.tif"]


def test_references_whose_length_is_not_told_are_all_taken_or_none(
    curator: Curator, package: str
) -> None:
    one = {"url": "https://files.test/a", "size": 1, "sha256": SHA256}

    refused = curator.call(
        "POST",
        f"/{package}/items:import",
        input_stream=io.BytesIO(json.dumps([one]).encode() + b" " * FILE_BYTES),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert refused.status_code == 413
    assert curator.paths(package) == []


def test_items_are_listed_flat_and_by_level(curator: Curator, package: str) -> None:
    for path in ("a/b/c.txt", "a/d.txt", "e.txt", "f.txt"):
        curator.text(package, path)

    flat = curator.get(f"/{package}/items?limit=3")
    link = flat.headers["Link"].partition(">")[0].lstrip("<")
    rest = curator.paths(package, f"{link}")
    top = curator.json(f"/{package}/items?directory=")
    within = curator.json(f"/{package}/items?directory=a")
    first = curator.get(f"/{package}/items?directory=&limit=1")
    link = first.headers["Link"].partition(">")[0].lstrip("<")
    second = curator.json(f"/{package}/items{link}")

    assert [one["path"] for one in flat.get_json()["items"]] == ["a/b/c.txt", "a/d.txt", "e.txt"]
    assert rest == ["f.txt"]
    assert top["directories"] == [{"name": "a", "items": None, "bytes": None}]
    assert [one["path"] for one in top["items"]] == ["e.txt", "f.txt"]
    assert [one["name"] for one in within["directories"]] == ["b"]
    assert (second["directories"], second["items"][0]["path"]) == ([], "e.txt")


@pytest.mark.parametrize("cursor", ["x", "e30=", "IjEi", "IlwwIg==", "IlxVMDAi"])
@pytest.mark.parametrize("directory", ["", "&directory="])
def test_a_cursor_of_another_list_is_refused_or_an_end(
    curator: Curator, package: str, cursor: str, directory: str
) -> None:
    answer = curator.get(f"/{package}/items?cursor={cursor}{directory}")

    assert answer.status_code in (200, 422)


def test_a_directory_that_is_not_there_is_told(curator: Curator, package: str) -> None:
    for directory in ("none", "..", "a%00"):
        gone = curator.get(f"/{package}/items?directory={directory}")
        assert gone.status_code in (404, 422)


def test_items_and_directories_are_moved_and_deleted(curator: Curator, package: str) -> None:
    for path in ("a/b.txt", "a/c.txt", "d.txt"):
        curator.text(package, path)

    moved = curator.post(f"/{package}/items:move", {"from": "a/", "to": "x/y/"})
    deleted = curator.call("DELETE", f"/{package}/items/d.txt")
    below = curator.call("DELETE", f"/{package}/items/x/y/", headers={"If-Match": '"3"'})
    taken = curator.post(f"/{package}/items:move", {"from": "x/y/b.txt", "to": "x/y/c.txt"})

    assert (moved.status_code, moved.get_json()["items"]) == (200, 3)
    assert (deleted.status_code, below.status_code) == (200, 412)
    assert (taken.status_code, taken.get_json()["code"]) == (409, "place_taken")
    assert curator.paths(package) == ["x/y/b.txt", "x/y/c.txt"]
    assert curator.call("DELETE", f"/{package}/items/x/").get_json()["items"] == 0
