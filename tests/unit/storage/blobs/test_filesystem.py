"""The file system's own promises: durable on return, and nothing half done."""

import errno
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from filemanager.domain.blobs.blob import KeptAs
from filemanager.domain.errors import FilemanagerError, StoreFull, StoreUnavailable
from filemanager.domain.intake.scratch import Scratch
from filemanager.storage.blobs.filesystem import FileSystemObjects
from filemanager.storage.blobs.objects import ObjectMissing
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.scratch.file import MemoryContent
from filemanager.storage.scratch.space import MEMORY_BYTES, DiskScratchSpace

KEY = "packs/abcdef"


@dataclass(slots=True)
class WatchedCalls:
    """The real calls; remembers what a power cut would still take away.

    ``fail`` names a call and the error that it answers with from now on.
    """

    fail: tuple[str, int] | None = None
    lost: set[Path] = field(default_factory=set)
    made: list[str] = field(default_factory=list)
    paths: dict[int, Path] = field(default_factory=dict)
    longest_write: int = 1 << 30

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        self._ask("open")
        descriptor = os.open(path, flags, mode)
        self.paths[descriptor] = path
        if flags & os.O_CREAT:
            self.lost |= {path, path.parent}
        return descriptor

    def write(self, descriptor: int, data: bytes, /) -> int:
        self._ask("write")
        self.lost.add(self.paths[descriptor])
        return os.write(descriptor, data[: self.longest_write])

    def fsync(self, fd: int) -> None:
        self._ask("fsync")
        os.fsync(fd)
        self.lost.discard(self.paths[fd])

    def close(self, fd: int) -> None:
        self._ask("close")
        os.close(fd)
        closed = self.paths.pop(fd)
        assert self.fail or closed not in self.lost, f"{closed} was closed unsynced"

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        self._ask("mkdir")
        path.mkdir(mode)
        self.lost |= {path, path.parent}
        # A new directory is empty; its name in the parent is what has to be kept.
        self.lost.discard(path)

    def link(self, src: str | Path, dst: Path, *, src_dir_fd: int | None = None) -> None:
        self._ask("link")
        os.link(src, dst, src_dir_fd=src_dir_fd)
        self.lost.add(dst.parent)
        if src_dir_fd is not None:
            # Of an unnamed file, whose bytes nobody has synced yet.
            self.paths[src_dir_fd] = dst
            self.lost.add(dst)

    def _ask(self, call: str) -> None:
        self.made.append(call)
        if self.fail and self.fail[0] == call:
            raise OSError(self.fail[1], os.strerror(self.fail[1]))


@pytest.fixture
def calls() -> WatchedCalls:
    return WatchedCalls()


@pytest.fixture
def objects(tmp_path: Path, calls: WatchedCalls) -> FileSystemObjects:
    return FileSystemObjects(tmp_path, calls)


def files_below(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_everything_is_synced_when_write_returns(
    objects: FileSystemObjects, calls: WatchedCalls
) -> None:
    objects.write(KEY, [b"some", b"bytes"])
    assert calls.lost == set()

    objects.write("packs/abcd00", [b"more"])
    objects.write("objects/000000", [])
    assert calls.lost == set()


def test_the_watch_sees_a_file_that_is_closed_unsynced(calls: WatchedCalls, tmp_path: Path) -> None:
    descriptor = calls.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT)
    calls.write(descriptor, b"bytes")

    with pytest.raises(AssertionError, match="closed unsynced"):
        calls.close(descriptor)


def test_a_directory_of_another_process_is_synced_again(
    objects: FileSystemObjects, tmp_path: Path
) -> None:
    objects.write(KEY, [b"bytes"])
    later = WatchedCalls(lost={tmp_path, tmp_path / "packs"})

    FileSystemObjects(tmp_path, later).write("packs/abcd00", [b"bytes"])

    assert later.lost == set()


def test_twenty_small_files_cost_one_file_and_two_syncs(
    objects: FileSystemObjects, calls: WatchedCalls
) -> None:
    blobs = PackingBlobStore(objects, new_name=iter(["ab1", "ab2"]).__next__)
    blobs.put([MemoryContent.of(b"warm")])
    calls.made.clear()

    blobs.put([MemoryContent.of(bytes([number]) * 5_000) for number in range(20)])

    assert calls.made == ["open", "write", "fsync", "close", "open", "fsync", "close"]


def test_a_short_write_is_continued(objects: FileSystemObjects, calls: WatchedCalls) -> None:
    calls.longest_write = 3

    objects.write(KEY, [b"ten", b" bytes."])

    assert b"".join(objects.read(KEY, 0, 100)) == b"ten bytes."


@pytest.mark.parametrize("call", ["open", "write", "fsync", "close", "mkdir"])
@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, StoreFull),
        (errno.EDQUOT, StoreFull),
        (errno.EIO, StoreUnavailable),
        (errno.ENOENT, StoreUnavailable),
        (errno.EROFS, StoreUnavailable),
    ],
)
def test_a_call_that_fails_is_a_refusal(
    objects: FileSystemObjects,
    calls: WatchedCalls,
    call: str,
    number: int,
    refusal: type[FilemanagerError],
) -> None:
    calls.fail = (call, number)

    with pytest.raises(refusal):
        objects.write(KEY, [b"bytes"])


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_failed_write_leaves_no_file(
    objects: FileSystemObjects, calls: WatchedCalls, tmp_path: Path, call: str
) -> None:
    objects.write("packs/abcd00", [b"first"])
    calls.fail = (call, errno.ENOSPC)

    with pytest.raises(StoreFull):
        objects.write(KEY, [b"bytes"])

    assert [path.name for path in files_below(tmp_path)] == ["abcd00"]


def test_an_error_in_the_bytes_leaves_no_file(tmp_path: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield b"some"
        raise KeyError

    with pytest.raises(KeyError):
        FileSystemObjects(tmp_path).write(KEY, failing())

    assert files_below(tmp_path) == []


def test_nothing_is_written_over(objects: FileSystemObjects) -> None:
    objects.write(KEY, [b"first"])

    with pytest.raises(StoreUnavailable):
        objects.write(KEY, [b"second"])

    assert b"".join(objects.read(KEY, 0, 100)) == b"first"


def test_a_store_that_comes_back_empty_is_written_to(tmp_path: Path) -> None:
    volume, elsewhere = tmp_path / "volume", tmp_path / "elsewhere"
    volume.mkdir()
    objects = FileSystemObjects(volume)
    objects.write(KEY, [b"bytes"])
    volume.rename(elsewhere)
    with pytest.raises(StoreUnavailable):
        objects.write("packs/abcd00", [b"bytes"])

    volume.mkdir()
    objects.write("packs/abcd00", [b"bytes"])

    assert [found.key for found in objects.listing()] == ["packs/abcd00"]


def test_a_missing_object_is_told_from_a_missing_volume(tmp_path: Path) -> None:
    objects = FileSystemObjects(tmp_path)
    with pytest.raises(StoreUnavailable):
        list(objects.read(KEY, 0, 1))

    objects.write("packs/abcd00", [b"bytes"])

    with pytest.raises(ObjectMissing):
        list(objects.read(KEY, 0, 1))


def test_a_store_that_cannot_be_used_fails_its_check(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StoreUnavailable):
        FileSystemObjects(tmp_path / "gone").check()
    with pytest.raises(StoreUnavailable):
        FileSystemObjects(tmp_path / "file").check()


DATA = random.Random(1).randbytes(MEMORY_BYTES + 1)  # repeatable, not secret


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    """On the file system of the store."""
    (tmp_path / "scratch").mkdir()
    with DiskScratchSpace(tmp_path / "scratch", 1 << 30).open() as opened:
        yield opened


def test_a_large_file_of_its_own_becomes_the_object(
    objects: FileSystemObjects, calls: WatchedCalls, scratch: Scratch, tmp_path: Path
) -> None:
    content = scratch.write(DATA)

    (blob,) = PackingBlobStore(objects).put([content]).blobs

    assert "write" not in calls.made
    assert calls.made.count("fsync") == 4  # of the file; of directories, two of them new
    assert calls.lost == set()
    assert [path.read_bytes() for path in files_below(tmp_path)] == [DATA]
    assert b"".join(PackingBlobStore(objects).read(blob)) == DATA
    assert files_below(tmp_path)[0].stat().st_mode & 0o777 == 0o600


def test_no_descriptor_that_writes_is_left_when_a_file_gets_its_name(
    objects: FileSystemObjects, scratch: Scratch, tmp_path: Path
) -> None:
    content = scratch.write(DATA)
    PackingBlobStore(objects).put([content])

    (path,) = files_below(tmp_path)
    to_it = [one for one in Path("/proc/self/fd").iterdir() if one.exists() and one.samefile(path)]

    flags = [Path(f"/proc/self/fdinfo/{one.name}").read_text() for one in to_it]
    assert [re.findall(r"flags:\s+\d*(\d)", text) for text in flags] == [["0"]]
    with content.open() as reader:
        assert reader.read() == DATA


@pytest.mark.parametrize("number", [errno.EXDEV, errno.ENOENT, errno.EPERM, errno.EMLINK])
def test_what_cannot_be_linked_is_copied(
    objects: FileSystemObjects,
    calls: WatchedCalls,
    scratch: Scratch,
    tmp_path: Path,
    number: int,
) -> None:
    calls.fail = ("link", number)

    PackingBlobStore(objects).put([scratch.write(DATA)])

    assert calls.lost == set()
    assert [path.read_bytes() for path in files_below(tmp_path)] == [DATA]


@pytest.mark.parametrize("call", ["fsync", "mkdir"])
@pytest.mark.parametrize(
    ("number", "refusal"), [(errno.ENOSPC, StoreFull), (errno.EIO, StoreUnavailable)]
)
def test_a_link_that_cannot_be_made_durable_leaves_no_file(
    objects: FileSystemObjects,
    calls: WatchedCalls,
    scratch: Scratch,
    tmp_path: Path,
    *,
    call: str,
    number: int,
    refusal: type[FilemanagerError],
) -> None:
    if call == "fsync":
        objects.write("objects/ab0000", [b"first"])
    calls.fail = (call, number)

    with pytest.raises(refusal):
        PackingBlobStore(objects, new_name=lambda: "ab1111").put([scratch.write(DATA)])

    assert [path.name for path in files_below(tmp_path)] in ([], ["ab0000"])


def test_a_content_that_is_put_twice_is_two_objects(
    objects: FileSystemObjects, scratch: Scratch, tmp_path: Path
) -> None:
    """A transaction that is run again puts once more what was swept meanwhile."""
    content, blobs = scratch.write(DATA), PackingBlobStore(objects)
    (one,), (other,) = blobs.put([content]).blobs, blobs.put([content]).blobs

    blobs.delete(one.object_key)

    assert b"".join(blobs.read(other)) == DATA
    assert len(files_below(tmp_path)) == 1


@pytest.mark.parametrize(
    "data", [bytes(MEMORY_BYTES + 1), DATA[:200_000]], ids=["compressible", "small"]
)
def test_what_is_not_kept_as_it_is_is_written(
    objects: FileSystemObjects, calls: WatchedCalls, scratch: Scratch, data: bytes
) -> None:
    scratch.write(bytes(MEMORY_BYTES))  # fills the memory

    PackingBlobStore(objects).put([scratch.write(data)])

    assert "link" not in calls.made
    assert "write" in calls.made


def test_contents_that_share_a_file_are_written_and_the_file_goes_on(
    objects: FileSystemObjects, calls: WatchedCalls, scratch: Scratch
) -> None:
    scratch.write(bytes(MEMORY_BYTES))
    blobs = PackingBlobStore(objects)

    blobs.put([scratch.write(DATA[:200_000])], KeptAs.RAW)
    again = scratch.write(DATA[:300_000])

    assert "link" not in calls.made
    assert again.head(300_000) == DATA[:300_000]


SEGMENT = "incoming/abcdef"


def test_what_was_appended_is_synced_and_stays_where_more_fails(
    objects: FileSystemObjects, calls: WatchedCalls, tmp_path: Path
) -> None:
    growing = objects.begin(SEGMENT)
    assert calls.lost == {tmp_path / "incoming/ab/abcdef"}
    growing.append([b"first"])
    assert calls.lost == set()

    calls.fail = ("fsync", errno.ENOSPC)
    with pytest.raises(StoreFull):
        growing.append([b"second"])
    calls.fail = None
    growing.append([b", third"])
    growing.close()

    assert b"".join(objects.read(SEGMENT, 0, 100)) == b"first, third"


def test_an_object_that_cannot_be_begun_leaves_no_file(
    objects: FileSystemObjects, calls: WatchedCalls, tmp_path: Path
) -> None:
    objects.write("incoming/ab0000", [b"first"])
    calls.fail = ("fsync", errno.EIO)

    with pytest.raises(StoreUnavailable):
        objects.begin(SEGMENT)

    assert [path.name for path in files_below(tmp_path)] == ["ab0000"]


def test_a_killed_writer_holds_nobody_up(tmp_path: Path) -> None:
    objects = FileSystemObjects(tmp_path)
    pid = os.fork()
    if not pid:
        objects.begin(SEGMENT).append([b"first"])
        os._exit(0)
    os.waitpid(pid, 0)

    growing = objects.resume(SEGMENT, 5)

    assert growing is not None
    growing.close()


def test_an_object_that_grew_is_linked_and_no_byte_is_written_again(
    objects: FileSystemObjects, calls: WatchedCalls, tmp_path: Path
) -> None:
    growing = objects.begin(SEGMENT)
    growing.append([DATA])
    growing.close()
    os.utime(tmp_path / "incoming/ab/abcdef", (0, 0))
    blobs = PackingBlobStore(objects)
    content = blobs.content_at(SEGMENT, len(DATA))
    assert content is not None
    calls.made.clear()

    (blob,) = blobs.put([content]).blobs
    blobs.delete(SEGMENT)

    assert "write" not in calls.made
    assert calls.lost == set()
    assert b"".join(blobs.read(blob)) == DATA
    (listed,) = blobs.objects()
    assert listed.modified_at.year > 1970  # else the sweeper would give it no time


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK])
def test_an_object_that_cannot_be_linked_is_copied(
    objects: FileSystemObjects, calls: WatchedCalls, number: int
) -> None:
    objects.write(SEGMENT, [DATA])
    blobs = PackingBlobStore(objects)
    content = blobs.content_at(SEGMENT, len(DATA))
    assert content is not None
    calls.fail = ("link", number)

    (blob,) = blobs.put([content]).blobs
    blobs.delete(SEGMENT)

    assert calls.lost == set()
    assert b"".join(blobs.read(blob)) == DATA
