"""Bundles: the same tar of the same files, whenever it is made and wherever it goes on."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.bundle import read_bundle
from filemanager.client import bundles
from filemanager.client.bundles import SMALL_BYTES, Bundle, parcels_of
from filemanager.client.errors import FileChanged
from filemanager.client.folders.local_files import LocalFile, Parcel, local_file
from unit.archives.reading import a_budget

FILES = {
    "b.txt": b"hello", "a/é.txt": b"x" * 512, "empty": b"", f"{'d' * 60}/{'n' * 60}": b"long",
    "n" * 100: b"just", "anc/c.csv": b"1,2\n",
}  # fmt: skip


def written(directory: Path, files: Mapping[str, bytes]) -> list[LocalFile]:
    for path, data in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(data)
    return [local_file(directory / path, path, lambda _: None) for path in files]


def bundle_of(files: list[LocalFile], *known: str) -> Bundle:
    (bundle,) = parcels_of(files, known)
    assert isinstance(bundle, Bundle)
    return bundle


def tar(parcel: Parcel, start: int = 0, piece: int = -1) -> bytes:
    with parcel.body(start, parcel.size_bytes, lambda _: None) as body:
        pieces = iter(lambda: body.read(piece), b"")
        return b"".join(pieces)


def names(data: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        return sorted(opened.getnames())


def test_the_service_reads_every_file_of_it(tmp_path: Path) -> None:
    files = written(tmp_path, FILES)
    (known,) = (one.sha256 for one in files if one.path == "b.txt")

    data = tar(bundle_of(files, known))

    found = read_bundle(Bytes(data), a_budget(), MemoryScratch())
    assert [(one.path, one.digest, one.size_bytes) for one in found] == [
        (one.path, one.sha256, one.size_bytes) for one in sorted(files, key=lambda one: one.path)
    ]
    assert [one.path for one in found if one.content is None] == ["b.txt"]


def test_other_programs_read_it_too(tmp_path: Path) -> None:
    assert names(tar(bundle_of(written(tmp_path, FILES)))) == sorted(FILES)


def test_it_follows_from_paths_and_digests_alone(tmp_path: Path) -> None:
    first = bundle_of(written(tmp_path / "one", FILES))
    other = dict(reversed(FILES.items()))
    second = bundle_of(written(tmp_path / "two", other))
    changed = bundle_of(written(tmp_path / "three", {**FILES, "b.txt": b"hullo"}))

    assert (first.path, tar(first)) == (second.path, tar(second))
    assert changed.path != first.path
    assert first.metadata == {"bundle": "", "filename": first.path}


@pytest.mark.parametrize("piece", [1000, 1 << 20])
def test_it_goes_on_at_any_byte(tmp_path: Path, piece: int) -> None:
    bundle = bundle_of(written(tmp_path, FILES))
    whole = tar(bundle)

    assert len(whole) == bundle.size_bytes
    for start in range(0, bundle.size_bytes, 509):
        assert tar(bundle, start, piece) == whole[start:]


def test_only_bytes_of_files_are_counted_as_content(tmp_path: Path) -> None:
    bundle = bundle_of(written(tmp_path, FILES))
    content = sum(map(len, FILES.values()))

    counted = [
        bundle.content_bytes(at, min(at + 100, bundle.size_bytes))
        for at in range(0, bundle.size_bytes, 100)
    ]

    assert (sum(counted), bundle.content_bytes(0, bundle.size_bytes)) == (content, content)
    assert bundle.content_bytes(0, 1536) == 0


def test_a_file_that_changed_is_not_sent_for_another(tmp_path: Path) -> None:
    files = written(tmp_path, FILES)
    bundle = bundle_of(files)
    (tmp_path / "b.txt").write_bytes(b"other")

    with pytest.raises(FileChanged, match="Push again"):
        tar(bundle)
    with pytest.raises(FileChanged):
        bundle.ensure_same()


def test_large_files_go_by_themselves_unless_they_are_known(tmp_path: Path) -> None:
    small, large = written(tmp_path, {"a": b"x" * SMALL_BYTES, "b": b"x" * (SMALL_BYTES + 1)})

    bundle, alone = parcels_of([large, small], ())
    known = parcels_of([large, small], {large.sha256})

    assert isinstance(bundle, Bundle)
    assert alone is large
    assert [type(one) for one in known] == [Bundle]
    assert known[0].content_bytes(0, known[0].size_bytes) == SMALL_BYTES


def test_bundles_are_bounded_in_files_and_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "BUNDLE_FILES", 3)
    monkeypatch.setattr(bundles, "BUNDLE_BYTES", 9000)
    files = written(tmp_path, {f"{n}": b"x" * (1 if n < 4 else 5000) for n in range(6)})

    parcels = parcels_of(files, ())

    assert [names(tar(one)) for one in parcels] == [["0", "1", "2"], ["3", "4"], ["5"]]
    assert [one for one in parcels if one.size_bytes > 9000 + 1024] == []
