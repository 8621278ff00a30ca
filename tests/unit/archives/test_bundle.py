"""Bundles: taken whole, or refused with the member named."""

import hashlib
import io
import tarfile

import pytest

from builders.bundles import a_bundle, announced
from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.bundle import read_bundle
from filemanager.domain.blobs.blob import Content
from filemanager.domain.errors import OverBudget
from filemanager.domain.uploads.bundle import BundleRefused
from unit.archives.reading import a_budget
from unit.archives.tar.tar_bytes import END, header, member, pax, sparse

FILES = {
    "main.tex": b"hello",
    "fig/é b.txt": b"",
    "anc/data.csv": b"1,2\n",
    f"{'d' * 90}/{'n' * 200}": b"far",
}
SHA256 = hashlib.sha256(b"hello").hexdigest().encode()
SAID = pax((b"FILEMANAGER.sha256", SHA256))
KNOWN = pax((b"FILEMANAGER.sha256", SHA256), (b"FILEMANAGER.size", b"5"))


def read(data: bytes) -> dict[str, bytes | None]:
    files = read_bundle(Bytes(data), a_budget(), MemoryScratch())
    return {one.path: None if one.content is None else bytes_of(one.content) for one in files}


def bytes_of(content: Content) -> bytes:
    with content.open() as file:
        return file.read()


def refusal(data: bytes) -> str:
    with pytest.raises(BundleRefused) as refused:
        read(data)
    return refused.value.message


def test_the_files_of_a_bundle_come_in_their_order() -> None:
    assert list(read(a_bundle(FILES)).items()) == list(FILES.items())


def test_what_says_nothing_in_a_path_is_passed_over() -> None:
    assert read(SAID + member(b"./d//a") + END) == {"d/a": b"hello"}


def test_known_files_come_without_bytes_and_with_their_size() -> None:
    (known,) = read_bundle(Bytes(a_bundle({}, {"a": b"hello"})), a_budget(), MemoryScratch())

    assert (known.path, known.digest, known.size_bytes) == ("a", SHA256.decode(), 5)
    assert known.content is None


def test_of_a_file_of_no_bytes_all_have_come() -> None:
    assert read(a_bundle({}, {"empty": b""})) == {"empty": b""}


@pytest.mark.parametrize(
    ("data", "names", "why"),
    [
        pytest.param(SAID + header(b"d/", kind=b"5"), "d", "it is a directory", id="directory"),
        pytest.param(header(b"./", kind=b"5"), "./", "it is a directory", id="root"),
        pytest.param(
            SAID + header(b"a", kind=b"2", link=b"b"), "a", "symbolic link", id="symbolic link"
        ),
        pytest.param(
            SAID + member(b"a") + SAID + header(b"b", kind=b"1", link=b"a"),
            "b", "no plain file", id="hard link",
        ),
        pytest.param(SAID + header(b"b", kind=b"1", link=b"a"), "b", "hard link", id="no target"),
        pytest.param(SAID + header(b"p", kind=b"6"), "p", "(FIFO)", id="fifo"),
        pytest.param(SAID + header(b"c", kind=b"3"), "c", "character device", id="device"),
        pytest.param(SAID + header(b"o", kind=b"Z"), "o", "special file", id="unknown"),
        pytest.param(
            sparse("old", [(4, 5)], 9, b"hello"), "s.h5", "no plain file", id="sparse file"
        ),
        pytest.param(SAID + member(b"../a"), "../a", "leaves the archive", id="climbing"),
        pytest.param(SAID + member(b"/a"), "/a", "segment", id="absolute"),
        pytest.param(SAID + member(b"C:/a"), "C:/a", "leaves the archive", id="drive"),
        pytest.param(SAID + member("e\u0301".encode()), "e\u0301", "written 'é'", id="not NFC"),
        pytest.param(SAID + member(b"a\x07"), r"a\x07", "control characters", id="control"),
        pytest.param(SAID + member(b"anc"), "anc", "directory of the anc", id="ancillary itself"),
        pytest.param((SAID + member(b"a")) * 2, "a", "there twice", id="twice"),
        pytest.param(member(b"a"), "a", "FILEMANAGER.sha256", id="not announced"),
        pytest.param(SAID + member(b"a", b"jello"), "a", "not the SHA-256", id="other bytes"),
        pytest.param(
            pax((b"FILEMANAGER.sha256", SHA256.upper())) + member(b"a"),
            "a", "no SHA-256", id="upper case",
        ),
        pytest.param(KNOWN + member(b"a"), "a", "bytes came", id="known with bytes"),
        pytest.param(
            pax((b"FILEMANAGER.sha256", SHA256), (b"FILEMANAGER.size", b"-5")) + header(b"a"),
            "a", "no number", id="size",
        ),
        pytest.param(
            pax((b"FILEMANAGER.sha256", SHA256), (b"FILEMANAGER.size", b"0")) + header(b"a"),
            "a", "its bytes have not the SHA-256", id="no bytes of another digest",
        ),
        pytest.param(SAID + member(b"a") + SAID + header(b"b", size=b"x" * 12), "a",
                     "behind it", id="broken header"),
    ],
)  # fmt: skip
def test_a_bundle_with_anything_else_is_refused_by_its_name(
    data: bytes, names: str, why: str
) -> None:
    told = refusal(data + END)

    assert f"'{names}'" in told
    assert why in told


@pytest.mark.parametrize(
    "data",
    [b"", END, b"x" * 2048, a_bundle({"a": b"hello"})[:1600]],
    ids=["nothing", "no file", "no tar", "cut off"],
)
def test_what_is_no_whole_bundle_is_refused(data: bytes) -> None:
    assert "cannot be taken" in refusal(data)


def test_a_compressed_tar_is_no_bundle() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        tar.addfile(announced("a", b"hello"), io.BytesIO(b"hello"))

    assert "cannot be taken" in refusal(out.getvalue())


def test_files_count_against_the_budget() -> None:
    bundle = Bytes(a_bundle({str(number): b"" for number in range(3)}))

    with pytest.raises(OverBudget, match="2 entries"):
        read_bundle(bundle, a_budget(entries=2), MemoryScratch())


def test_a_long_name_is_told_in_short() -> None:
    assert len(refusal(member(b"a" * 100) + END)) < 400
