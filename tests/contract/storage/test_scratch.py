"""What every scratch space promises."""

import errno
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from zlib_ng import zlib_ng

from filemanager.domain.blobs.blob import Content
from filemanager.domain.errors import ScratchFull
from filemanager.domain.ids import digest_of
from filemanager.domain.intake.scratch import Scratch, ScratchSpace
from filemanager.storage.scratch.space import MEMORY_BYTES, DiskScratchSpace

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20
CAPACITY_BYTES = 16 * MEBIBYTE


@pytest.fixture(params=["unnamed from the start", "unlinked"])
def space(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ScratchSpace:
    if request.param == "unlinked":
        refuse_unnamed_files(monkeypatch)
    return DiskScratchSpace(tmp_path, CAPACITY_BYTES)


def refuse_unnamed_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave like a file system without O_TMPFILE."""
    really_open = os.open

    def refusing(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "no unnamed files")
        return really_open(path, flags, mode)

    monkeypatch.setattr(os, "open", refusing)


@pytest.fixture
def scratch(space: ScratchSpace) -> Iterator[Scratch]:
    with space.open() as scratch:
        yield scratch


def noise(size_bytes: int) -> bytes:
    return random.Random(size_bytes).randbytes(size_bytes)  # repeatable, not secret


def assert_holds(content: Content, data: bytes) -> None:
    assert (content.size_bytes, content.digest) == (len(data), digest_of(data))
    assert content.crc32 == zlib_ng.crc32(data)
    assert content.head(100) == data[:100]
    with content.open() as reader:
        assert reader.read() == data


@pytest.mark.parametrize("size_bytes", [0, 1, 5_000, MEBIBYTE, MEBIBYTE + 1, 5 * MEBIBYTE])
def test_what_is_written_at_once_is_read(scratch: Scratch, size_bytes: int) -> None:
    content = scratch.write(noise(size_bytes))

    assert_holds(content, noise(size_bytes))


def test_a_small_content_is_read_by_one_call(scratch: Scratch) -> None:
    scratch.write(bytes(MEMORY_BYTES))
    content = scratch.write(noise(100_000))
    of_counting = -read_calls() + read_calls()

    before = read_calls()
    with content.open() as reader:
        pieces = list(iter(lambda: reader.read(10_000), b""))
    made = read_calls() - before - of_counting

    assert (b"".join(pieces), made) == (noise(100_000), 1)


def read_calls() -> int:
    """System calls by which this thread has read so far."""
    (line,) = re.findall(r"syscr: (\d+)", Path("/proc/thread-self/io").read_text())
    return int(line)


@pytest.mark.parametrize("size_bytes", [0, 1, 5_000, MEBIBYTE, MEBIBYTE + 1, 5 * MEBIBYTE])
@pytest.mark.parametrize("step_bytes", [100_000, MEBIBYTE, 3 * MEBIBYTE])
def test_what_is_written_in_pieces_is_read(
    scratch: Scratch, size_bytes: int, step_bytes: int
) -> None:
    data = noise(size_bytes)
    writer = scratch.writer()

    for start in range(0, size_bytes, step_bytes):
        piece = memoryview(data)[start : start + step_bytes]
        assert writer.write(piece) == len(piece)

    assert_holds(writer.finish(), data)


def test_a_writer_keeps_no_buffer_of_its_caller(scratch: Scratch) -> None:
    buffer = bytearray(b"first")
    writer = scratch.writer()

    writer.write(memoryview(buffer))
    buffer[:] = b"other"

    assert_holds(writer.finish(), b"first")


def test_many_contents_lie_side_by_side(scratch: Scratch) -> None:
    sizes = [*range(0, 300_000, 9_999), 2 * MEBIBYTE, 7]

    contents = [scratch.write(noise(size)) for size in sizes]

    for size, content in zip(sizes, contents, strict=True):
        assert_holds(content, noise(size))


def test_readers_do_not_disturb_one_another(scratch: Scratch) -> None:
    data = noise(3 * MEBIBYTE)
    content = scratch.write(data)

    with content.open() as one, content.open() as other:
        one.seek(MEBIBYTE)

        assert other.read(10) == data[:10]
        assert one.read(10) == data[MEBIBYTE : MEBIBYTE + 10]
        assert one.seek(-10, 2) == 3 * MEBIBYTE - 10
        assert one.read() == data[-10:]


def test_a_content_is_read_by_many_threads(scratch: Scratch) -> None:
    data = noise(3 * MEBIBYTE)
    content = scratch.write(data)
    read: list[bytes] = []

    threads = [Thread(target=lambda: read.append(content.open().read())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert read == [data] * 4


def test_an_abandoned_writer_spoils_nothing(scratch: Scratch) -> None:
    scratch.writer().write(noise(3 * MEBIBYTE))

    content = scratch.write(noise(3 * MEBIBYTE + 1))

    assert_holds(content, noise(3 * MEBIBYTE + 1))


def test_two_unfinished_writers_are_refused(scratch: Scratch) -> None:
    """Where they would share a file: the first few large contents have one each."""
    writers = [scratch.writer() for _ in range(10)]
    for writer in writers:
        writer.write(noise(MEBIBYTE))

    with pytest.raises(RuntimeError):
        writers[-2].write(noise(MEBIBYTE))


def test_no_name_leads_to_what_is_written(
    space: ScratchSpace, scratch: Scratch, tmp_path: Path
) -> None:
    scratch.write(noise(3 * MEBIBYTE))

    assert space.free_bytes() == CAPACITY_BYTES - 3 * MEBIBYTE
    assert list(tmp_path.iterdir()) == []


def test_closing_frees_the_space_and_the_file(space: ScratchSpace) -> None:
    before = open_files()

    with space.open() as scratch:
        scratch.reserve(MEBIBYTE)
        content = scratch.write(noise(5 * MEBIBYTE))
        assert space.free_bytes() == CAPACITY_BYTES - 5 * MEBIBYTE

    assert space.free_bytes() == CAPACITY_BYTES
    assert open_files() == before
    with pytest.raises(ValueError, match="closed"):
        content.head(1)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_error_inside_frees_the_space(space: ScratchSpace) -> None:
    def fail() -> None:
        with space.open() as scratch:
            scratch.write(noise(5 * MEBIBYTE))
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert space.free_bytes() == CAPACITY_BYTES


def test_small_contents_need_no_file(space: ScratchSpace) -> None:
    with space.open() as scratch:
        before = open_files()
        for _ in range(MEMORY_BYTES // (64 * KIBIBYTE)):
            scratch.write(noise(64 * KIBIBYTE))

        assert open_files() == before
        assert space.free_bytes() == CAPACITY_BYTES - MEMORY_BYTES
        scratch.write(b"one more")
        assert open_files() == before + 1


def test_a_full_space_refuses_the_next_write(space: ScratchSpace, scratch: Scratch) -> None:
    scratch.write(noise(CAPACITY_BYTES - MEBIBYTE))
    writer = scratch.writer()

    with pytest.raises(ScratchFull):
        writer.write(noise(MEBIBYTE + 1))

    assert space.free_bytes() == MEBIBYTE


@pytest.mark.parametrize("size_bytes", [100 * KIBIBYTE, 3 * MEBIBYTE])
def test_what_is_reserved_is_kept_for_its_owner(space: ScratchSpace, size_bytes: int) -> None:
    with space.open() as scratch, space.open() as other:
        scratch.reserve(size_bytes)
        other.reserve(CAPACITY_BYTES - size_bytes)

        content = scratch.write(noise(size_bytes))

        assert_holds(content, noise(size_bytes))
        with pytest.raises(ScratchFull):
            scratch.write(b"one byte more")


def test_a_reservation_beyond_the_space_is_refused(space: ScratchSpace) -> None:
    with space.open() as scratch:
        with pytest.raises(ScratchFull):
            scratch.reserve(CAPACITY_BYTES + 1)

        assert space.free_bytes() == CAPACITY_BYTES


def test_a_disk_that_is_gone_has_no_room(tmp_path: Path) -> None:
    space = DiskScratchSpace(tmp_path / "gone", CAPACITY_BYTES)

    assert space.free_bytes() == 0
    with space.open() as scratch, pytest.raises(ScratchFull):
        scratch.write(b"one byte")


def test_a_disk_without_room_refuses_before_it_is_written(tmp_path: Path) -> None:
    disk = os.statvfs(tmp_path)
    size_bytes = disk.f_bavail * disk.f_frsize
    space = DiskScratchSpace(tmp_path, 4 * size_bytes)

    with space.open() as scratch, space.open() as other:
        scratch.reserve(size_bytes * 3 // 4)

        with pytest.raises(ScratchFull):
            other.reserve(size_bytes * 3 // 4)


def test_a_directory_that_is_gone_has_no_room(tmp_path: Path) -> None:
    space = DiskScratchSpace(tmp_path / "gone", CAPACITY_BYTES)

    with space.open() as scratch, pytest.raises(ScratchFull):
        scratch.write(b"a byte")


@pytest.mark.parametrize("call", ["open", "pwrite"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_has_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    space = DiskScratchSpace(tmp_path, CAPACITY_BYTES)

    def failing(*_arguments: object) -> int:
        raise OSError(number, os.strerror(number))

    with space.open() as scratch, monkeypatch.context() as patch:
        patch.setattr(os, call, failing)

        with pytest.raises(ScratchFull):
            scratch.write(noise(3 * MEBIBYTE))

    assert space.free_bytes() == CAPACITY_BYTES
