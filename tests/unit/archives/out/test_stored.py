"""Zip archives of stored members."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.archives.out.stored import (
    StoredMember,
    StoredMembers,
    stored_zip,
    stored_zip_bytes,
)

AT = datetime(2026, 3, 4, 5, 6, 8, tzinfo=UTC)
_HEADER_BYTES = 30 + 1 + 20  # of a name of one letter, with sizes of eight bytes
FILES = {"a": b"", "d/ü.txt": b"some bytes", "z": b"x" * 1000}


def members_of(files: dict[str, bytes]) -> StoredMembers:
    return lambda: [
        StoredMember(path, len(content), crc32(content), lambda content=content: [content])  # type: ignore[misc]  # a default binds it now
        for path, content in files.items()
    ]


def test_members_are_read_back_with_their_time() -> None:
    archive = b"".join(stored_zip(members_of(FILES), AT))

    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == FILES
        assert {one.date_time for one in found.infolist()} == {(2026, 3, 4, 5, 6, 8)}


@pytest.mark.parametrize(("year", "told"), [(1971, 1980), (2107, 2107), (2200, 2107)])
def test_a_year_that_no_archive_holds_is_the_nearest(year: int, told: int) -> None:
    archive = b"".join(stored_zip(members_of({"a": b""}), AT.replace(year=year)))

    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.infolist()[0].date_time[0] == told


@given(st.data())
def test_any_range_is_that_of_the_whole(data: st.DataObject) -> None:
    members = members_of(FILES)
    whole = b"".join(stored_zip(members, AT))
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))

    assert b"".join(stored_zip(members, AT, start, stop)) == whole[start:stop]
    assert stored_zip_bytes(members, AT) == len(whole)


def test_content_outside_of_the_range_is_not_asked_for() -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError

    members = [StoredMember("a", 5, 0, never), StoredMember("b", 1, crc32(b"x"), lambda: [b"x"])]

    start = 30 + 1 + 5
    part = b"".join(stored_zip(lambda: members, AT, start, start + 32))

    assert part.endswith(b"bx")


def test_more_members_than_two_bytes_count() -> None:
    names = [f"{number}" for number in range(66_000)]
    members = [StoredMember(name, 0, 0, list) for name in names]

    archive = b"".join(stored_zip(lambda: members, AT))

    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.namelist() == names


def test_a_member_above_4_gib_is_reckoned_with() -> None:
    large = StoredMember("a", 5 << 30, 0, list)
    small = StoredMember("b", 1, crc32(b"x"), lambda: [b"x"])

    length = stored_zip_bytes(lambda: [large, small], AT)
    end = b"".join(stored_zip(lambda: [large, small], AT, _HEADER_BYTES + (5 << 30)))

    assert length == _HEADER_BYTES + (5 << 30) + len(end)
    with zipfile.ZipFile(Sparse(end, length)) as found:
        assert found.getinfo("a").file_size == 5 << 30
        assert found.read("b") == b"x"


class Sparse(io.BytesIO):
    """The end of a file whose beginning nobody reads."""

    def __init__(self, end: bytes, length: int) -> None:
        super().__init__(end)
        self._before = length - len(end)

    def seek(self, offset: int, whence: int = 0) -> int:
        moved = super().seek(offset - self._before if whence == 0 else offset, whence)
        return moved + self._before

    def tell(self) -> int:
        return super().tell() + self._before
