"""What other programs find in our archives is what was put in."""

import hashlib
from pathlib import Path

import pytest

from e2e.archive_readers import PLAIN_TAR_READERS, TAR_READERS, ZIP_READERS, Found
from filemanager.archives.out.tar_gz import tar_gz
from filemanager.archives.out.zip import MANIFEST_NAME, zip_stream
from filemanager.domain.blobs.blob import Encoding
from unit.archives.out.stored_blobs import EDGE_FILES, StoredBlobs

Files = dict[str, tuple[bytes, Encoding]]

SETS: dict[str, Files] = {
    "no file": {},
    "one empty file": {"empty.tex": (b"", Encoding.RAW)},
    "edges": EDGE_FILES,
    "a thousand": {
        f"part-{number % 10}/{number:04}.tex": (b"%d\n" % number * number, Encoding.GZIP)
        for number in range(1000)
    },
}

pytestmark = [pytest.mark.e2e, pytest.mark.judges]


@pytest.fixture(params=SETS)
def files(request: pytest.FixtureRequest) -> Files:
    return SETS[request.param]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "extracted"
    made.mkdir()
    return made


@pytest.mark.parametrize("reader", TAR_READERS)
def test_a_tar_reader_finds_every_file(
    reader: str, files: Files, tmp_path: Path, directory: Path
) -> None:
    archive = a_tar_gz(files, tmp_path)

    found = TAR_READERS[reader](archive, directory)

    assert found == digests(files)


@pytest.mark.parametrize("reader", PLAIN_TAR_READERS)
def test_a_reader_that_knows_no_pax_finds_every_file_whose_name_ustar_holds(
    reader: str, files: Files, tmp_path: Path, directory: Path
) -> None:
    archive = a_tar_gz(files, tmp_path)

    found = PLAIN_TAR_READERS[reader](archive, directory)

    held = {path: digest for path, digest in digests(files).items() if ustar_holds(path)}
    assert held.items() <= found.items()


@pytest.mark.parametrize("reader", ZIP_READERS)
def test_a_zip_reader_finds_every_file(
    reader: str, files: Files, tmp_path: Path, directory: Path
) -> None:
    archive = a_zip(files, tmp_path)

    found = ZIP_READERS[reader](archive, directory)

    del found[MANIFEST_NAME]
    assert found == digests(files)


def digests(files: Files) -> Found:
    return {path: hashlib.sha256(data).hexdigest() for path, (data, _) in files.items()}


def ustar_holds(path: str) -> bool:
    """Whether ``./path`` fits the name field, or can be cut for prefix and name at a slash."""
    raw = b"./" + path.encode()
    slashes = [index for index, byte in enumerate(raw) if byte == ord("/")]
    return len(raw) <= 100 or any(at <= 155 and len(raw) - at - 1 <= 100 for at in slashes)


def a_tar_gz(files: Files, directory: Path) -> Path:
    blobs = StoredBlobs()
    entries = [blobs.entry(path, data, form) for path, (data, form) in files.items()]
    archive = directory / "content.tar.gz"
    archive.write_bytes(b"".join(tar_gz(entries, blobs.read)))
    return archive


def a_zip(files: Files, directory: Path) -> Path:
    blobs = StoredBlobs()
    entries = [blobs.entry(path, data, form) for path, (data, form) in files.items()]
    archive = directory / "content.zip"
    archive.write_bytes(b"".join(zip_stream(entries, blobs.read)))
    return archive
