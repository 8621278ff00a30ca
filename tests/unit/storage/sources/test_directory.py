"""Directories as sources: what is no plain file below them is not there."""

import os
import socket
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from builders.source_values import a_source
from filemanager.domain.errors import Malformed
from filemanager.domain.sources.addresses import ListedHosts
from filemanager.domain.sources.errors import (
    DirectoryCrowded,
    SourceObjectChanged,
    SourceObjectGone,
    SourceUnavailable,
)
from filemanager.domain.sources.objects import ObjectQuery, PinnedObject, SourceObjects
from filemanager.domain.sources.source import DirectoryPlace
from filemanager.storage.sources.connecting import Gate
from filemanager.storage.sources.registry import KeptSources
from filemanager.storage.sources.walking import Walk

ALL = ObjectQuery(delimiter="")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory with a file, beside one that holds a secret."""
    (tmp_path / "root" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "inner" / "a").write_text("text")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "b").write_text("secret")
    return tmp_path / "root"


def of(path: Path | str, *allowed: Path) -> SourceObjects:
    below = [PurePosixPath(one) for one in allowed or (path,)]
    sources = KeptSources(Gate(ListedHosts()), lambda _: None, below)
    return sources.trial("lab", DirectoryPlace(path=str(path)), None)


def keys(objects: SourceObjects, query: ObjectQuery = ALL) -> list[str]:
    page = objects.page(query)
    return [one.key for one in page.objects] + list(page.prefixes)


def ensure_gone(objects: SourceObjects, *gone: str) -> None:
    for key in gone:
        with pytest.raises(SourceObjectGone):
            objects.find(key)
        with pytest.raises(SourceObjectGone):
            list(objects.read(PinnedObject(key=key), 0, 1))


def test_no_link_is_followed_wherever_it_is(root: Path) -> None:
    (root / "file").symlink_to("../secret")
    (root / "dir").symlink_to("../secrets")
    (root / "inner" / "dir").symlink_to(root)
    (root / "inside").symlink_to("inner/a")
    (root / "dangling").symlink_to("nowhere")
    (root / "round").symlink_to("round")
    objects = of(root)

    assert keys(objects) == ["inner/a"]
    assert keys(objects, ObjectQuery()) == ["inner/"]
    assert keys(objects, ObjectQuery(prefix="dir/")) == []
    ensure_gone(objects, "file", "dir/b", "inner/dir/inner/a", "inside", "dangling", "round")


def test_a_directory_behind_a_link_is_no_source(root: Path) -> None:
    (root.parent / "alias").symlink_to("root")

    for look in (of(root.parent / "alias").probe, lambda: keys(of(root.parent / "alias"))):
        with pytest.raises(SourceUnavailable):
            look()


def test_what_is_no_file_is_not_there_and_nothing_waits_for_it(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(root / "socket"))
    objects = of(root)

    assert keys(objects) == ["inner/a"]
    ensure_gone(objects, "pipe", "socket", "inner")
    ensure_gone(of("/dev"), "null", "zero", "fd/0")


@pytest.mark.parametrize(
    "key",
    ["../secret", "inner/../../secret", "/etc/passwd", "inner//a", "./inner/a", "inner/a/", "",
     "inner/.", "..", "inner/a\0", "inner/" + "x" * 300, "inner/a/b", "\ud800"],
)  # fmt: skip
def test_a_key_leads_nowhere_but_below(root: Path, key: str) -> None:
    ensure_gone(of(root), key)


@pytest.mark.parametrize("path", ["{}", "{}/..", "{}/inner/../..", "/", "{}er"])
def test_a_directory_that_is_not_allowed_by_now_is_no_source(root: Path, path: str) -> None:
    with pytest.raises(SourceUnavailable):
        of(path.format(root.parent), root).probe()


def test_a_directory_that_is_gone_is_no_source(root: Path) -> None:
    objects = of(root / "none", root)

    for look in (objects.probe, lambda: keys(objects)):
        with pytest.raises(SourceUnavailable):
            look()


def test_names_that_are_no_text_are_no_keys(root: Path) -> None:
    (root / os.fsdecode(b"\xff.tif")).write_text("text")
    (root / os.fsdecode(b"\xe4dir")).mkdir()

    assert keys(of(root)) == ["inner/a"]
    ensure_gone(of(root), os.fsdecode(b"\xff.tif"))


def test_what_is_written_while_it_is_read_is_of_no_version(root: Path) -> None:
    (root / "large").write_bytes(bytes(3 << 20))
    objects = of(root)
    found = objects.find("large")
    reading = objects.read(PinnedObject(key="large", version=found.version), 0, 3 << 20)
    next(reading)

    with (root / "large").open("r+b") as file:
        file.write(b"changed")
        os.utime(file.fileno(), ns=(1, 1))

    with pytest.raises(SourceObjectChanged):
        list(reading)


def test_a_file_that_ends_early_is_a_fault(root: Path) -> None:
    with pytest.raises(SourceUnavailable):
        list(of(root).read(PinnedObject(key="inner/a"), 0, 9))


@pytest.mark.parametrize("at", [-(10**18), 0, 10**19 // 2])
def test_a_time_that_no_calendar_has_is_told_as_one_that_it_has(root: Path, at: int) -> None:
    os.utime(root / "inner" / "a", ns=(at, at))

    assert of(root).find("inner/a").modified_at.year >= 1970


def test_other_delimiters_are_refused(root: Path) -> None:
    with pytest.raises(Malformed):
        of(root).page(ObjectQuery(delimiter="-"))


def test_it_does_not_sign(root: Path) -> None:
    assert not of(root).signs


def test_a_page_reads_about_as_much_as_it_may_and_the_next_goes_on(root: Path) -> None:
    for number in range(20):
        (root / f"d{number:02}" / "e").mkdir(parents=True)
        (root / f"d{number:02}" / "e" / "x").write_text("text")
    query = replace(ALL, contains="d19")
    segments = PurePosixPath(root).parts[1:]
    pages = 0

    while True:
        page = Walk(segments, query, most_names=25).page()
        pages += 1
        if page.next is None:
            break
        query = replace(query, cursor=page.next)

    assert [key for key, _ in page.files] == ["d19/e/x"]
    assert 1 < pages < 20


def test_a_directory_that_holds_too_much_is_refused_and_the_others_are_read(root: Path) -> None:
    for number in range(6):
        (root / "inner" / str(number)).write_text("text")
    segments = PurePosixPath(root).parts[1:]

    with pytest.raises(DirectoryCrowded):
        Walk(segments, ALL, most_names=5).page()
    assert Walk(segments, ObjectQuery(), most_names=5).page().prefixes == ["inner/"]


def test_what_lies_deeper_than_anybody_can_go_is_passed_over(root: Path) -> None:
    deep = root
    for _ in range(200):
        deep /= "d"
        deep.mkdir()
    (deep / "x").write_text("text")

    assert keys(of(root)) == ["inner/a"]


def test_adapters_are_kept_as_long_as_their_source_stays_as_it_is(root: Path) -> None:
    sources = KeptSources(Gate(ListedHosts()), lambda _: None, [PurePosixPath(root)])
    source = a_source(place=DirectoryPlace(path=str(root)))
    first = sources.objects_of(source)

    assert sources.objects_of(replace(source, readers=frozenset({"*"}))) is first
    assert sources.objects_of(replace(source, sealed=b"other")) is not first
    for number in range(64):
        sources.objects_of(replace(source, name=str(number)))
    assert sources.objects_of(source) is not first
