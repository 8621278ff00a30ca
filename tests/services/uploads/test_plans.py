"""What a grant plans: whole files, or parts that together are the file to the byte."""

from dataclasses import replace
from datetime import timedelta

import pytest

from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.quotas import ReservationId
from filemanager.domain.uploads.grant import PartUnknown, PathTwice
from filemanager.domain.uploads.targets import RepositoryTarget, WorkspaceTarget
from filemanager.domain.uploads.upload import BatchId, Upload, UploadId, UploadState, Way
from filemanager.services.uploads.plans import (
    MAX_PARTS,
    FileWish,
    GrantTarget,
    GrantTerms,
    GrantWish,
    PartWish,
    Planning,
    ensure_distinct,
    part_sizes,
    planned,
    portion_of,
)
from worlds.stored import ALICE, START

DIGEST = digest_of(b"hello")
TERMS = GrantTerms(life=timedelta(minutes=15), parted_bytes=10, part_bytes=4)
FILE = Upload(
    id=UploadId("1"),
    owner=ALICE.owner,
    caller=ALICE,
    way=Way.GRANT,
    target=WorkspaceTarget(workspace_id=WorkspaceId(1), path="a"),
    batch=BatchId("1"),
    reservation=ReservationId("1"),
    size_bytes=10,
    digest=DIGEST,
    metadata="text/plain",
    part_bytes=4,
    created_at=START,
    expires_at=START,
)


@pytest.mark.parametrize(
    ("size_bytes", "part_bytes"),
    [
        (0, None),
        (9, None),
        (10, 4),
        (4 * MAX_PARTS, 4),
        (4 * MAX_PARTS + 1, 5),
        (5 * MAX_PARTS, 5),
        (5 * MAX_PARTS + 1, 6),
    ],
)
def test_parts_are_no_more_than_a_store_takes(size_bytes: int, part_bytes: int | None) -> None:
    assert TERMS.part_bytes_of(size_bytes) == part_bytes


@pytest.mark.parametrize(
    ("size_bytes", "part_bytes", "sizes"),
    [
        (10, None, []),
        (10, 4, [4, 4, 2]),
        (9, 4, [4, 4, 1]),
        (8, 4, [4, 4]),
        (4, 4, [4]),
        (1, 4, [1]),
        (0, 4, []),
    ],
)
def test_all_parts_but_the_last_are_equal(
    size_bytes: int, part_bytes: int | None, sizes: list[int]
) -> None:
    assert part_sizes(replace(FILE, size_bytes=size_bytes, part_bytes=part_bytes)) == sizes


def test_parts_lie_behind_one_another() -> None:
    portions = [portion_of(FILE, PartWish(number, DIGEST)) for number in (1, 2, 3)]

    assert [(one.number, one.start, one.size_bytes) for one in portions] == [
        (1, 0, 4),
        (2, 4, 4),
        (3, 8, 2),
    ]
    assert {one.digest for one in portions} == {DIGEST}


@pytest.mark.parametrize("number", [-1, 0, 4])
def test_a_part_that_no_file_of_the_size_has_is_refused(number: int) -> None:
    with pytest.raises(PartUnknown) as refused:
        portion_of(FILE, PartWish(number))

    assert refused.value.message == f"The file has no part {number}: its parts are 1 to 3."


def test_a_whole_file_is_one_portion() -> None:
    portion = portion_of(replace(FILE, size_bytes=0))

    assert (portion.number, portion.start, portion.size_bytes) == (0, 0, 0)
    assert (portion.digest, portion.media_type) == (DIGEST, "text/plain")


def a_file(path: str, size_bytes: int = 5) -> FileWish:
    target = WorkspaceTarget(workspace_id=WorkspaceId(1), path=path)
    return FileWish(target=target, size_bytes=size_bytes, digest=DIGEST, media_type="text/plain")


def test_what_is_known_with_its_size_is_complete_and_all_else_is_open() -> None:
    planning = Planning(caller=ALICE, at=START, expires_at=START, known={(DIGEST, 5)})
    files = [a_file("a"), a_file("b", 6), a_file("c", 10)]

    uploads = list(planned(BatchId("0" * 32), GrantWish(files=files), TERMS, planning))

    assert [(one.is_known, one.state) for one in uploads] == [
        (True, UploadState.COMPLETE),
        (False, UploadState.OPEN),
        (False, UploadState.OPEN),
    ]
    assert [one.part_bytes for one in uploads] == [None, None, 4]
    assert [int(one.id, 16) for one in uploads] == [0, 1, 2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (a_file("a").target, a_file("a", 6).target),
        (
            RepositoryTarget(repository="r", name="a.deb"),
            RepositoryTarget(repository="r", name="a.deb"),
        ),
    ],
)
def test_a_place_is_named_once(first: GrantTarget, second: GrantTarget) -> None:
    both = [FileWish(target=target, size_bytes=5, digest=DIGEST) for target in (first, second)]

    ensure_distinct(both[:1])
    with pytest.raises(PathTwice):
        ensure_distinct(both)
