"""Stored files as values: which may share an object, what counts, and when nothing new can come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from filemanager.domain.caller import Owner
from filemanager.domain.rawstore.stored_file import (
    POST_TIME,
    DepositedFile,
    Findability,
    StoredFile,
    StoredFileState,
    Version,
)

AT = datetime(2026, 11, 28, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
PUBLIC = Version(
    size_bytes=8, md5="0" * 32, media_type="text/csv", findability=Findability.PUBLISHED
)
PRIVATE = replace(PUBLIC, findability=Findability.PRIVATE)
LARGER = replace(PUBLIC, size_bytes=9)
OTHER = replace(PUBLIC, md5="1" * 32)
FILE = StoredFile(
    bucket="raw",
    key="alice/a.csv",
    owner=Owner("issuer:alice"),
    wanted=PUBLIC,
    created_at=AT,
    expires_at=AT,
)


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (PUBLIC, PUBLIC, True),
        (PUBLIC, PRIVATE, False),
        (PRIVATE, PUBLIC, False),
        (PRIVATE, PRIVATE, False),
        (PUBLIC, LARGER, False),
        (PUBLIC, OTHER, False),
        (PUBLIC, replace(PUBLIC, media_type="text/plain"), False),
    ],
)
def test_one_object_serves_for_equal_files_that_nobody_hides(
    one: Version, other: Version, may: bool
) -> None:
    assert one.may_stand_for(other) is may


def test_a_promise_counts_as_much_as_what_it_replaces() -> None:
    assert FILE.counted_bytes == 8
    assert replace(FILE, held=LARGER).counted_bytes == 9
    assert replace(FILE, wanted=LARGER, held=PUBLIC).counted_bytes == 9
    assert replace(FILE, wanted=replace(PUBLIC, size_bytes=0)).counted_bytes == 0


def test_a_file_is_closed_once_it_was_looked_at_behind_the_last_moment() -> None:
    last = AT + POST_TIME

    assert FILE.closes_at == last
    looked_at = [None, last, last + MOMENT]
    assert [replace(FILE, looked_at=at).is_closed for at in looked_at] == [False, False, True]
    closed = replace(FILE, looked_at=last + MOMENT)
    assert closed.is_final
    assert not replace(closed, leaves="alice/old.csv").is_final
    assert not FILE.is_final


@pytest.mark.parametrize(
    ("changes", "is_for_all"),
    [
        ({"state": StoredFileState.SETTLED, "held": PUBLIC}, True),
        ({"state": StoredFileState.SETTLED}, False),
        ({"state": StoredFileState.CHANGED, "held": PUBLIC}, False),
        ({"held": PUBLIC}, False),
        ({"state": StoredFileState.SETTLED, "held": PUBLIC, "wanted": PRIVATE}, False),
    ],
)
def test_only_what_is_settled_and_not_to_be_hidden_is_for_all(
    changes: dict[str, object], is_for_all: bool
) -> None:
    assert replace(FILE, **changes).is_settled_for_all is is_for_all  # type: ignore[arg-type]  # fields by name


def test_a_file_lies_at_its_key_or_where_equal_ones_do() -> None:
    shared = replace(FILE, lies_at="objects/1")

    assert (FILE.place, FILE.lies_elsewhere) == ("alice/a.csv", False)
    assert (shared.place, shared.lies_elsewhere) == ("objects/1", True)
    assert not replace(FILE, lies_at=FILE.key).lies_elsewhere


def test_a_file_is_for_the_bytes_that_were_wished() -> None:
    wish = DepositedFile(
        path="a.csv", size_bytes=8, md5="0" * 32, media_type="text/csv", name="a.csv"
    )

    assert FILE.is_for(wish)
    assert wish.is_equal(replace(wish, path="b.csv"))
    for other in (replace(wish, size_bytes=9), replace(wish, md5="1" * 32)):
        assert not FILE.is_for(other)
        assert not wish.is_equal(other)
