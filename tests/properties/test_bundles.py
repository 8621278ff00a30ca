"""Bundles that somebody damaged: refused, or what was announced and nothing else."""

from contextlib import suppress
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from builders.bundles import a_bundle
from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.bundle import read_bundle
from filemanager.domain.errors import OverBudget
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.bundle import BundledFile, BundleRefused
from properties.test_archive_readers import EDITS, PATHS, TREES, edited, with_checksums
from random_examples import examples
from unit.archives.reading import a_budget


def files_of(data: bytes) -> list[BundledFile] | None:
    """None where it is refused; nothing else may be raised."""
    budget = a_budget(len(data), unpacked_bytes=1 << 20, entries=100)
    with suppress(BundleRefused, OverBudget):
        return list(read_bundle(Bytes(data), budget, MemoryScratch()))
    return None


def ensure_right(files: list[BundledFile]) -> None:
    paths = [file.path for file in files]
    assert len(set(paths)) == len(paths)
    assert [public_path(*locate(path)) for path in paths] == paths
    for file in files:
        if file.content is not None:
            with file.content.open() as stream:
                assert sha256(stream.read()).hexdigest() == file.digest


@given(TREES, TREES)
def test_every_bundle_is_read(sent: dict[str, bytes], known: dict[str, bytes]) -> None:
    known = {path: data for path, data in known.items() if path not in sent}

    files = files_of(a_bundle(sent, known))

    assert files is not None
    ensure_right(files)
    assert [(one.path, one.size_bytes) for one in files] == [
        (path, len(data)) for path, data in {**sent, **known}.items()
    ]
    missing = {one.path for one in files if one.content is None}
    assert missing == {path for path, data in known.items() if data}


@examples(300)
@given(TREES, TREES, EDITS)
def test_a_damaged_bundle_is_refused_or_says_what_it_holds(
    sent: dict[str, bytes], known: dict[str, bytes], edits: list[tuple[int, int]]
) -> None:
    damaged = with_checksums(edited(a_bundle(sent, known), edits))

    ensure_right(files_of(damaged) or [])


@examples(100)
@given(TREES, st.integers(0, 1 << 16))
def test_a_bundle_that_was_cut_off_is_refused(sent: dict[str, bytes], cut: int) -> None:
    whole = a_bundle(sent)
    end = len(whole.rstrip(b"\0"))

    assert files_of(whole[: cut % end]) is None


@given(PATHS, st.text(max_size=80))
def test_a_path_is_taken_as_it_stands_or_not_at_all(good: str, hostile: str) -> None:
    name = hostile.replace("\0", "") or "x"
    with suppress(UnicodeEncodeError):
        ensure_right(files_of(a_bundle({good: b"1", name: b"2"})) or [])
