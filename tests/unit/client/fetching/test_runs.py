"""Runs of small files: one range for many, each verified, gone on with where it broke off."""

import hashlib
import zlib
from pathlib import Path
from typing import Any

import pytest
import requests

from filemanager.client.errors import ClientError, Damaged, Unreachable
from filemanager.client.fetching.runs import SMALL_BYTES, RunFetcher, runs_of
from filemanager.client.folders.target_directory import TargetDirectory
from filemanager.client.values import ListedFile
from filemanager.client.workspaces import Workspaces
from worlds.scripted import Scripted, answered, connected, problem

DATA = [b"file %d\n" % number * number for number in range(10)]
FIRST_AT = 92


def packed(data: bytes) -> bytes:
    """A part of an archive: a header, the bytes and zeros, up to the border of a byte."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    tar = b"header".ljust(512, b"\0") + data + bytes(-len(data) % 512)
    return deflate.compress(tar) + deflate.flush(zlib.Z_FULL_FLUSH)


PARTS = [packed(data) for data in DATA]
ARCHIVE = b"".join(PARTS)


def files(parts: list[bytes] = PARTS, data: list[bytes] = DATA) -> list[ListedFile]:
    found, at = list[ListedFile](), FIRST_AT
    for number, (part, one) in enumerate(zip(parts, data, strict=True)):
        digest = hashlib.sha256(one).hexdigest()
        found.append(ListedFile(f"d/{number}", digest, len(one), at, at + len(part)))
        at += len(part)
    return found


def at(start: int, size_bytes: int, stop: int | None = None) -> ListedFile:
    return ListedFile(str(start), "0" * 64, size_bytes, start, stop or start + size_bytes)


def fetch(
    service: Scripted, directory: Path, run: list[ListedFile], **patience: Any
) -> list[tuple[int, int]]:
    counted: list[tuple[int, int]] = []
    connection = connected(service, **patience)
    fetcher = RunFetcher(
        connection, Workspaces(connection), (17, '"x-tgz1"'),
        lambda came, before: counted.append((came, before)),
    )  # fmt: skip
    with TargetDirectory(directory) as target:
        try:
            fetcher.fetch(run, target)
        finally:
            target.finish()
    return counted


def there(directory: Path) -> list[bytes]:
    return [(directory / f"d/{number}").read_bytes() for number in range(len(DATA))]


def test_many_files_come_by_one_range(tmp_path: Path) -> None:
    service = Scripted(answered(206, body=ARCHIVE))

    counted = fetch(service, tmp_path, files())

    (asked,) = service.asked
    assert asked.headers["Range"] == f"bytes={FIRST_AT}-{FIRST_AT + len(ARCHIVE) - 1}"
    assert asked.headers["If-Match"] == '"x-tgz1"'
    assert there(tmp_path) == DATA
    assert counted == [(len(data), 0) for data in DATA]


def test_what_is_not_wanted_in_between_is_passed_over(tmp_path: Path) -> None:
    run = files()[1::2]

    fetch(Scripted(answered(206, body=ARCHIVE[run[0].start - FIRST_AT :])), tmp_path, run)

    assert {one.name for one in (tmp_path / "d").iterdir()} == {"1", "3", "5", "7", "9"}


def test_what_broke_off_goes_on_behind_the_last_whole_file(tmp_path: Path) -> None:
    run = files()
    cut = run[4].stop - FIRST_AT - 1
    service = Scripted(
        answered(206, body=ARCHIVE[:cut]),
        answered(206, body=ARCHIVE[run[4].start - FIRST_AT :]),
    )

    fetch(service, tmp_path, run)

    assert service.asked[1].headers["Range"].startswith(f"bytes={run[4].start}-")
    assert there(tmp_path) == DATA


def test_an_answer_with_the_whole_archive_is_read_too(tmp_path: Path) -> None:
    fetch(Scripted(answered(200, body=bytes(FIRST_AT) + ARCHIVE)), tmp_path, files())

    assert there(tmp_path) == DATA


def test_files_that_came_before_the_end_of_patience_are_kept(tmp_path: Path) -> None:
    run = files()
    body = ARCHIVE[: run[4].stop - FIRST_AT]
    service = Scripted(answered(206, body=body), *[requests.ConnectionError()] * 2)

    with pytest.raises(Unreachable):
        fetch(service, tmp_path, run, attempts=3)

    assert {one.name for one in (tmp_path / "d").iterdir()} == {"0", "1", "2", "3", "4"}


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(packed(b"other"), id="other bytes"),
        pytest.param(packed(bytes(64 << 20)), id="far too many"),
        pytest.param(b"\xff" * 30, id="no deflate"),
        pytest.param(packed(DATA[3])[:20], id="cut off"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_bytes_of_another_digest_never_appear(tmp_path: Path, bad: bytes) -> None:
    parts = [*PARTS[:3], bad, *PARTS[4:]]

    with pytest.raises(Damaged, match="bytes of d/3"):
        fetch(Scripted(answered(206, body=b"".join(parts))), tmp_path, files(parts))

    assert {one.name for one in (tmp_path / "d").iterdir()} == {"0", "1", "2"}


def test_files_that_changed_meanwhile_are_told(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="have changed meanwhile"):
        fetch(Scripted(problem(412, "workspace_changed")), tmp_path, files())


def test_few_files_are_fetched_one_by_one() -> None:
    few = [at(start, 100) for start in range(0, 700, 100)]

    assert runs_of(few) == ([], few)


def test_large_files_are_fetched_one_by_one() -> None:
    small = [at(start, 100) for start in range(0, 1000, 100)]
    large = at(1000, SMALL_BYTES + 1, 1100)
    more = [at(start, 100) for start in range(1100, 2000, 100)]

    assert runs_of([*small, large, *more]) == ([[*small, *more]], [large])


def test_what_lies_far_apart_is_no_run() -> None:
    near = [at(start, 100) for start in range(0, 1000, 100)]
    far = [at(start, 100) for start in range(1 << 20, 100 << 20, 1 << 20)]

    assert runs_of([*near, *far]) == ([near], far)


def test_a_run_is_bounded() -> None:
    many = [at(start, SMALL_BYTES) for start in range(0, 100 << 20, SMALL_BYTES)]

    runs, alone = runs_of(many)

    assert [len(run) for run in runs] == [64, 36]
    assert alone == []
