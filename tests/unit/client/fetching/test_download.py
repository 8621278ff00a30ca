"""One file, verified, to a place or a pipe."""

import hashlib
import io
from pathlib import Path

import pytest
import requests

from filemanager.client.errors import Damaged, PathUnsafe, Refused, Unreachable
from filemanager.client.fetching.download import Download
from filemanager.client.folders.choosing import PART_PREFIX
from filemanager.client.watching import Unwatched
from filemanager.client.workspaces import Workspaces
from worlds.scripted import Scripted, answered, connected, problem

SHA256 = hashlib.sha256(b"hello").hexdigest()
HEAD = answered(ETag=f'"{SHA256}"', Content_Length="5")


def download(service: Scripted) -> Download:
    connection = connected(service, attempts=3)
    return Download(connection, Workspaces(connection), 17, Unwatched())


def test_a_file_is_put_where_it_is_wanted_and_then_known(tmp_path: Path) -> None:
    place = tmp_path / "here" / "mine.txt"
    first = download(Scripted(HEAD, answered(body=b"hello"))).to(place, "fig/a b.txt")

    service = Scripted(HEAD)
    again = download(service).to(place, "fig/a b.txt")

    assert place.read_bytes() == b"hello"
    assert (first.place, first.sha256, first.size_bytes) == (str(place), SHA256, 5)
    assert (first.fetched_bytes, again.fetched_bytes) == (5, 0)
    assert service.lines == ["HEAD /filemanager/api/v2/workspaces/17/files/fig/a%20b.txt"]


def test_what_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    breaking = Scripted(HEAD, answered(body=b"he"), *[requests.ConnectionError()] * 2)
    with pytest.raises(Unreachable):
        download(breaking).to(tmp_path / "a", "a")
    (part,) = tmp_path.iterdir()
    service = Scripted(HEAD, answered(206, body=b"llo"))

    downloaded = download(service).to(tmp_path / "a", "a")

    assert part.name.startswith(PART_PREFIX)
    assert service.asked[-1].headers["Range"] == "bytes=2-"
    assert downloaded.fetched_bytes == 3
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"hello"


def test_other_bytes_than_promised_are_never_under_the_name(tmp_path: Path) -> None:
    with pytest.raises(Damaged):
        download(Scripted(HEAD, answered(body=b"hullo"))).to(tmp_path / "a", "a")

    assert not (tmp_path / "a").exists()


def test_a_place_that_is_no_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathUnsafe):
        download(Scripted(HEAD)).to(tmp_path / "..", "a")


def test_a_pipe_gets_the_bytes_in_order_though_they_break_off() -> None:
    out = io.BytesIO()
    service = Scripted(HEAD, answered(body=b"he"), answered(206, body=b"llo"))

    file = download(service).into(out, "a")

    assert (out.getvalue(), file.size_bytes) == (b"hello", 5)


@pytest.mark.parametrize(
    "answers",
    [
        [answered(body=b"hullo")],
        # A service that begins again where it was asked to go on.
        [answered(body=b"he"), answered(200, body=b"hello")],
    ],
)
def test_a_pipe_that_got_other_bytes_is_told_so(answers: list[requests.Response]) -> None:
    with pytest.raises(Damaged, match="Fetch it again"):
        download(Scripted(HEAD, *answers)).into(io.BytesIO(), "a")


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    service = Scripted(answered(404), problem(404, "file_not_found", "There is no such file."))

    with pytest.raises(Refused, match="There is no such file"):
        download(service).to(tmp_path / "a", "a")

    assert list(tmp_path.iterdir()) == []
