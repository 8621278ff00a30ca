"""Fetching files: verified, gone on with, never elsewhere."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import requests

from filemanager.client.errors import ClientError, Damaged, PathUnsafe
from filemanager.client.fetching.pull import Pull, Pulled, PullWish
from filemanager.client.watching import Unwatched
from filemanager.client.workspaces import Workspaces
from worlds.scripted import Scripted, a_workspace_told, answered, connected, problem

PACKED_BYTES = 1000


def listed(**files: bytes) -> list[requests.Response]:
    """What is answered before any file is asked for."""
    told = [
        {
            "path": path, "sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data),
            "packed_bytes": PACKED_BYTES,
        }
        for path, data in files.items()
    ]  # fmt: skip
    return [answered(told=a_workspace_told()), answered(told={"first_at": 92, "files": told})]


def pull(service: Scripted, directory: Path) -> Pulled:
    connection = connected(service)
    wish = PullWish(workspace=17, directory=directory, threads=1)
    return Pull(connection, Workspaces(connection), wish, Unwatched()).run()


def test_files_are_fetched_whole_and_then_known(tmp_path: Path) -> None:
    files: Any = {"a": b"hello", "fig/b": b"you", "empty": b""}
    bodies = [answered(body=b"hello"), answered(body=b"you")]
    first = pull(Scripted(*listed(**files), *bodies), tmp_path)

    again = pull(Scripted(*listed(**files)), tmp_path)

    found = {path: (tmp_path / path).read_bytes() for path in files}
    assert found == files
    assert (first.revision, first.readiness) == (1, "READY")
    assert (first.fetched_files, first.fetched_bytes, first.known_files) == (3, 8, 0)
    assert (again.fetched_files, again.fetched_bytes, again.known_files) == (0, 0, 3)


def test_what_broke_off_goes_on_by_a_range_of_the_same_bytes(tmp_path: Path) -> None:
    service = Scripted(*listed(a=b"hello"), answered(body=b"he"), answered(206, body=b"llo"))

    pulled = pull(service, tmp_path)

    asked = service.asked[-1].headers
    assert (tmp_path / "a").read_bytes() == b"hello"
    assert asked["Range"] == "bytes=2-"
    assert asked["If-Match"] == f'"{hashlib.sha256(b"hello").hexdigest()}"'
    assert pulled.fetched_bytes == 5


def test_a_run_that_was_stopped_goes_on_in_the_next(tmp_path: Path) -> None:
    with pytest.raises(ClientError):
        pull(Scripted(*listed(a=b"hello"), answered(body=b"he"), problem(404, "x")), tmp_path)

    pulled = pull(Scripted(*listed(a=b"hello"), answered(206, body=b"llo")), tmp_path)

    assert (tmp_path / "a").read_bytes() == b"hello"
    assert pulled.fetched_bytes == 3


def test_a_range_that_is_answered_with_the_whole_begins_anew(tmp_path: Path) -> None:
    service = Scripted(*listed(a=b"hello"), answered(body=b"he"), answered(body=b"hello"))

    pull(service, tmp_path)

    assert (tmp_path / "a").read_bytes() == b"hello"


def test_bytes_of_another_digest_never_appear(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")

    with pytest.raises(Damaged, match="bytes of a"):
        pull(Scripted(*listed(a=b"hello"), answered(body=b"jello")), tmp_path)

    assert (tmp_path / "a").read_bytes() == b"mine"


def test_a_file_that_changed_meanwhile_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="has changed meanwhile"):
        pull(Scripted(*listed(a=b"hello"), problem(412, "workspace_changed")), tmp_path)


def test_a_path_that_leads_out_stops_everything_before_a_byte_is_written(tmp_path: Path) -> None:
    files: Any = {"a": b"hello", "../b": b"you"}

    with pytest.raises(PathUnsafe):
        pull(Scripted(*listed(**files)), tmp_path / "in")

    assert [one.name for one in tmp_path.iterdir()] == ["in"]
    assert list((tmp_path / "in").iterdir()) == []
