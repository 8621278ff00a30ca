"""Documents and data that are archives by their bytes, and who wants them unpacked."""

import gzip

import pytest

from filemanager.sanitize.check import Profile
from filemanager.sanitize.documents import DOCUMENTS, is_called_archive, is_called_document
from filemanager.sanitize.registry import ARXIV, GENERIC
from unit.sanitize.archives import TEX, a_tar, a_zip
from unit.sanitize.fakes import Desk, sent

CALLED_DOCUMENTS = """
    a.npz a.pptx a.xlsm a.dotx a.docm a.epub a.ods a.odt a.kmz a.whl a.jar a.vsdx a.slx a.mlx
    a.pages a.numbers a.key a.apk a.ipa a.war a.xpi a.crx a.nupkg a.cbz a.usdz a.3mf a.ora a.kra
    a.sb3 a.mbz a.h5p a.zarr.zip a.pth.tar a.svgz a.rds
"""
CALLED_ARCHIVES = "a.zip a.tar a.tgz a.tar.gz a.tar.bz2 a.tar.xz a.tar.zst a.tar.z a.tbz2 a.txz"
ARRAY = a_zip({"arr_0.npy": b"\x93NUMPY\x01\0"})
BOTH = pytest.mark.parametrize("profile", [ARXIV, GENERIC], ids=["arxiv", "generic"])


@pytest.mark.parametrize("name", CALLED_DOCUMENTS.split())
def test_it_is_called_a_document(name: str) -> None:
    assert is_called_document(name)
    assert not is_called_archive(name)


@pytest.mark.parametrize("name", CALLED_ARCHIVES.split())
def test_it_is_called_an_archive(name: str) -> None:
    assert is_called_archive(name)
    assert not is_called_document(name)


def test_no_ending_is_named_twice_or_in_capitals() -> None:
    assert len(DOCUMENTS) == len(set(DOCUMENTS))
    assert all(ending == ending.lower() for ending in DOCUMENTS)


@BOTH
def test_a_document_stays_whole_by_itself_and_in_an_archive(profile: Profile) -> None:
    desk = Desk(profile=profile)
    desk.upload("main.tex", TEX)
    desk.upload("one.npz", ARRAY)

    tree = desk.upload("all.zip", a_zip({"d/a.NPZ": ARRAY, "d/b.PPTX": ARRAY, "e.txt": b"e\n"}))

    assert tree.paths() == ["d/a.NPZ", "d/b.PPTX", "e.txt", "main.tex", "one.npz"]
    assert desk.data("d/a.NPZ") == ARRAY


@BOTH
def test_a_document_is_unpacked_where_a_person_asks(profile: Profile) -> None:
    desk = Desk(profile=profile)

    tree = desk.send(sent("main.tex", TEX), sent("one.npz", ARRAY, unpack=True))

    assert tree.paths() == ["arr_0.npy", "main.tex"]


def test_what_a_person_asks_of_an_archive_is_not_asked_of_those_in_it() -> None:
    desk = Desk(profile=GENERIC)

    tree = desk.send(sent("all.bin", a_zip({"a.npz": ARRAY, "b.txt": b"b\n"}), unpack=True))

    assert tree.paths() == ["a.npz", "b.txt"]


@BOTH
def test_an_office_file_is_unpacked_where_a_person_asks(profile: Profile) -> None:
    desk = Desk(profile=profile)

    tree = desk.send(sent("main.tex", TEX), sent("a.docx", a_zip({"x.txt": b"x\n"}), unpack=True))

    assert tree.paths() == ["main.tex", "x.txt"]


@BOTH
@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.npz"])
def test_nothing_is_unpacked_where_a_person_forbids_it(profile: Profile, name: str) -> None:
    data = a_tar({"x.txt": b"x\n"}) if name == "a.tar" else ARRAY

    tree = Desk(profile=profile).send(sent("main.tex", TEX), sent(name, data, unpack=False))

    assert tree.paths() == [name, "main.tex"]


def test_a_generic_workspace_unpacks_what_is_called_an_archive() -> None:
    desk = Desk(profile=GENERIC)
    files = {"a.zip": a_zip({"1": b"1"}), "b": a_zip({"2": b"2"}), "c.ova": a_tar({"3": b"3"})}

    tree = desk.upload("all.tgz", gzip.compress(a_tar(files)))

    assert tree.paths() == ["1", "b", "c.ova"]


def test_a_source_for_tex_unpacks_what_is_not_called_a_document() -> None:
    files = {"main.tex": TEX, "b": a_zip({"2": b"2\n"}), "r.rds": gzip.compress(b"x")}

    tree = Desk().upload("all.tgz", gzip.compress(a_tar(files)))

    assert tree.paths() == ["2", "main.tex", "r.rds"]
