"""Neighbours are read together."""

import zlib
from collections.abc import Collection, Iterator
from dataclasses import replace

import pytest

from filemanager.archives.out.read_ahead import ReadAhead
from filemanager.archives.out.tar_gz import tar_gz
from filemanager.domain.blobs.blob import Encoding, Slices, StoredBlob
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import digest_of
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.listing import PackedEntry
from filemanager.domain.trees.tree import TreePath
from unit.archives.out.stored_blobs import GZIP_HEADER, gzip_slice, noise


class Packs:
    """Objects of many slices; counts the requests of each kind."""

    def __init__(self) -> None:
        self.objects: dict[str, bytearray] = {}
        self.moved: set[str] = set()
        """Keys of small packs that lie in rows no more."""
        self.singles = self.questions = 0
        self.runs: list[tuple[str, int, int]] = []

    def entry(self, key: str, path: str, data: bytes, gap: int = 0) -> PackedEntry:
        pack = self.objects.setdefault(key, bytearray())
        pack += bytes(gap)
        stored = gzip_slice(data)
        blob = StoredBlob(
            digest=digest_of(data),
            size_bytes=len(data),
            crc32=zlib.crc32(data),
            encoding=Encoding.GZIP,
            encoder="zlib-1",
            object_key=key,
            offset=len(pack),
            stored_bytes=len(stored),
            stored_crc32=zlib.crc32(stored),
        )
        pack += stored
        return PackedEntry(Area.SOURCE, TreePath(path), blob)

    def read_stored(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        self.singles += 1
        yield bytes(self.objects[blob.object_key][blob.offset + start : blob.offset + stop])

    def read_run(self, key: str, start: int, stop: int) -> bytes:
        self.runs.append((key, start, stop))
        return bytes(self.objects[key][start:stop])

    def read_rows(self, blobs: Collection[StoredBlob]) -> Slices:
        self.questions += 1
        rows = (blob for blob in blobs if blob.object_key not in self.moved)
        return {
            (blob.object_key, blob.offset): bytes(
                self.objects[blob.object_key][blob.offset : blob.offset + blob.stored_bytes]
            )
            for blob in rows
        }


def archives_of(packs: Packs, entries: list[PackedEntry]) -> tuple[bytes, bytes]:
    """Read one by one, and read ahead; only the requests of the latter are left counted."""
    alone = b"".join(tar_gz(entries, packs.read_stored))
    packs.singles = 0
    ahead = ReadAhead(packs)
    return alone, b"".join(tar_gz(ahead.watch(entries), ahead.read))


def test_the_files_of_one_upload_are_read_at_once_and_make_the_same_archive() -> None:
    packs = Packs()
    entries = [packs.entry("pack", f"{number}.tex", noise(number)) for number in range(1, 200)]

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert (len(packs.runs), packs.singles) == (1, 0)


def test_the_order_of_the_names_does_not_matter() -> None:
    packs = Packs()
    entries = [packs.entry("pack", f"{number}.tex", noise(number)) for number in range(1, 200)]
    entries.reverse()

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert (len(packs.runs), packs.singles) == (1, 0)


def test_files_of_two_uploads_are_read_from_their_packs() -> None:
    packs = Packs()
    entries = [
        packs.entry(f"pack-{number % 2}", f"{number}.tex", noise(number)) for number in range(1, 50)
    ]

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert [key for key, _, _ in packs.runs] == ["pack-1", "pack-0"]


def test_slices_far_apart_are_read_one_by_one() -> None:
    packs = Packs()
    entries = [packs.entry("pack", name, b"x", gap=70_000) for name in ("a.tex", "b.tex")]

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert (packs.runs, packs.singles) == ([], 2)


def test_runs_are_short_and_no_slice_is_read_twice() -> None:
    packs = Packs()
    entries = [packs.entry("pack", f"{n:03}.bin", noise(30_000 + n)) for n in range(200)]

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert max(stop - start for _, start, stop in packs.runs) <= 1 << 20
    assert sum(stop - start for _, start, stop in packs.runs) <= len(packs.objects["pack"])
    assert packs.singles < 3


def test_small_packs_are_read_by_one_question_for_many_files() -> None:
    packs = Packs()
    entries = [packs.entry(f"small/{n}", f"{n:03}.tex", noise(n)) for n in range(1, 300)]

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert (packs.questions, packs.runs, packs.singles) == (2, [], 0)


def test_small_packs_that_were_moved_to_the_store_are_read_there() -> None:
    packs = Packs()
    entries = [packs.entry(f"small/{n}", f"{n}.tex", noise(n)) for n in range(1, 10)]
    packs.moved = {"small/3", "small/7"}

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert (packs.questions, packs.runs, packs.singles) == (1, [], 2)


def test_rows_of_files_before_a_range_are_not_asked_for() -> None:
    packs = Packs()
    entries = [packs.entry(f"small/{n}", f"{n:03}.tex", noise(50)) for n in range(1, 600)]
    whole = b"".join(tar_gz(entries, packs.read_stored))
    ahead = ReadAhead(packs)

    end = b"".join(tar_gz(ahead.watch(entries), ahead.read, len(whole) - 1000))

    assert end == whole[-1000:]
    assert packs.questions == 1


def test_slices_that_came_along_are_not_read() -> None:
    packs = Packs()
    entries = [packs.entry("small/1", f"{n}.tex", noise(n)) for n in range(1, 5)]
    read = packs.read_rows([entry.blob for entry in entries])
    held = [
        replace(entry, stored=read[entry.blob.object_key, entry.blob.offset]) for entry in entries
    ]
    packs.questions = 0

    alone, together = archives_of(packs, held)

    assert together == alone
    assert (packs.questions, packs.runs, packs.singles) == (0, [], 0)


def test_large_blobs_are_left_to_the_store() -> None:
    packs = Packs()
    entries = [packs.entry(name, f"{name}.bin", noise(1_100_000)) for name in ("one", "two")]

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert (packs.runs, packs.singles) == ([], 2)


def test_two_paths_of_one_blob_are_read_once() -> None:
    packs = Packs()
    entry = packs.entry("pack", "a.tex", b"same")
    other = packs.entry("pack", "b.tex", b"other")
    entries = [entry, PackedEntry(Area.ANCILLARY, TreePath("c.tex"), entry.blob), other]

    alone, together = archives_of(packs, entries)

    assert together == alone
    assert len(packs.runs) == 1


def test_a_damaged_slice_ends_the_archive() -> None:
    packs = Packs()
    entries = [packs.entry("pack", f"{number}.tex", noise(100)) for number in range(3)]
    packs.objects["pack"][entries[1].blob.offset + len(GZIP_HEADER) + 5] ^= 1
    ahead = ReadAhead(packs)

    with pytest.raises(BlobDamaged):
        list(tar_gz(ahead.watch(entries), ahead.read))
