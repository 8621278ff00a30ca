"""The members of a bag's archive."""

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given

from builders.editions import (
    FROZEN_AT,
    a_listed_item,
    a_pending_item,
    a_text,
    an_edition,
    hostile_items,
    items_of,
)
from filemanager.archives.out.stored import StoredMember, stored_zip, stored_zip_bytes
from filemanager.domain.packages.data_package import Description
from filemanager.domain.packages.pointer import pointer_file
from filemanager.exports.bag.members import MadeContent, PlannedBag, members_of, planned
from filemanager.exports.bag.names import in_lists
from filemanager.exports.listing import Edition, Items, ListedItem

TEXT = b"a text\n"
ITEMS = items_of(
    a_text("notes/read me.txt", TEXT), a_listed_item("a.tif", b"x"), a_pending_item("c")
)


def stored(bag: PlannedBag, items: Items) -> Iterator[StoredMember]:
    """As a service makes them; every item of ours has the bytes of ``TEXT``."""
    for member in members_of(bag, items):
        match member.content:
            case MadeContent(size_bytes, crc, chunks):
                yield StoredMember(member.path, size_bytes, crc, chunks)
            case _:
                yield StoredMember(member.path, len(TEXT), crc32(TEXT), lambda: [TEXT])


def a_bag(items: Items, edition: Edition | None = None) -> bytes:
    bag = planned(edition or an_edition(), items)
    archive = b"".join(stored_zip(lambda: stored(bag, items), FROZEN_AT))
    assert stored_zip_bytes(lambda: stored(bag, items), FROZEN_AT) == len(archive)
    return archive


def unpacked(archive: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as bag:
        return {name: bag.read(name) for name in bag.namelist()}


def test_the_bag_has_texts_pointers_and_lists() -> None:
    bag = unpacked(a_bag(ITEMS))

    item = next(iter(ITEMS()))
    assert item.sha256 is not None
    assert bag["Iris-v2/data/notes/read me.txt"] == TEXT
    assert bag["Iris-v2/pointers/a.tif.pointer"] == pointer_file(item.sha256, 1)
    assert list(bag) == [
        f"Iris-v2/{name}"
        for name in (
            "MD5SUMS",
            "SHA256SUMS",
            "aria2.txt",
            "bag-info.txt",
            "bagit.txt",
            "curl.cfg",
            "data/notes/read me.txt",
            "datapackage.json",
            "fetch.txt",
            "manifest-sha256.txt",
            "pkg.meta4",
            "pointers/PENDING.txt",
            "pointers/a.tif.pointer",
            "pointers/notes/read me.txt.pointer",
            "ro-crate-metadata.json",
            "tagmanifest-sha256.txt",
            "urls.txt",
        )
    ]


def test_the_name_of_a_package_is_no_way_out_of_the_archive() -> None:
    bag = a_bag(items_of(), an_edition(described=Description(name="../../etc")))

    assert {name.partition("/")[0] for name in unpacked(bag)} == {"etc-v2"}


def test_a_name_that_no_file_system_takes_has_no_pointer() -> None:
    bag = unpacked(a_bag(items_of(a_listed_item("a" * 247), a_listed_item("b" * 248))))

    pointers = [name for name in bag if name.endswith(".pointer")]
    assert pointers == [f"Iris-v2/pointers/{'a' * 247}.pointer"]
    assert b"b" * 248 not in bag["Iris-v2/tagmanifest-sha256.txt"]
    assert b"b" * 248 in bag["Iris-v2/fetch.txt"]


def test_equal_values_make_equal_bytes() -> None:
    assert a_bag(ITEMS) == a_bag(ITEMS)


def test_the_items_are_asked_for_three_times_to_plan() -> None:
    asked = []

    def items() -> Iterator[ListedItem]:
        asked.append(1)
        return iter(ITEMS())

    planned(an_edition(), items)

    assert len(asked) == 3


@given(hostile_items)
def test_the_tag_manifest_has_every_tag_file(items: list[ListedItem]) -> None:
    ours = [a_text(item.path, TEXT) if item.is_ours else item for item in items]

    bag = unpacked(a_bag(items_of(*ours)))

    root = "Iris-v2/"
    tags = {
        in_lists(name.removeprefix(root)): hashlib.sha256(content).hexdigest()
        for name, content in bag.items()
        if not name.startswith((f"{root}data/", f"{root}tagmanifest"))
    }
    lines = bag[f"{root}tagmanifest-sha256.txt"].decode().split("\n")[:-1]
    assert {name: digest for digest, name in (line.split("  ", 1) for line in lines)} == tags
    assert list(bag) == sorted(bag, key=str.encode)


@pytest.mark.judges
def test_unzip_finds_nothing_wrong(tmp_path: Path) -> None:
    (tmp_path / "bag.zip").write_bytes(a_bag(ITEMS))

    done = subprocess.run(["unzip", "-tq", tmp_path / "bag.zip"], check=False, capture_output=True)

    assert done.returncode == 0, done.stdout
