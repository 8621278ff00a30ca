"""What holds for every upload: nothing leaves the tree, nothing is lost, twice is as once."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.archives.names import judge
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.ids import digest_of
from filemanager.domain.intake.unpacking import MemberRefusal
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.check import Profile
from filemanager.sanitize.registry import PROFILES
from random_examples import examples
from unit.sanitize.archives import TEX, a_tar
from unit.sanitize.fakes import Desk, sent

HOSTILE = st.text("a./\\:~ \0\x7f\u202eé\u0301C", max_size=30)
WORDS = st.sampled_from(
    [
        *(
            "a",
            "A",
            "a b",
            "-a",
            "anc",
            "con",
            "core",
            "..",
            ".",
            ".x",
            "C:\\a",
            "main.tex",
            "a.eps",
        ),
        *(
            "main.log",
            "a.bib",
            "a.bbl",
            "a.gz",
            "__MACOSX",
            "processed",
            "é",
            "e\u0301",
            "a.",
            "x~",
        ),
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map("/".join)
DATA = st.sampled_from(
    [
        *(TEX, TEX.replace(b"\n", b"\r\n"), b"", b"x\n", b"%!PS-Adobe-3.0\nshow", b"%PDF-1.4\n"),
        *(b"\\documentclass{a}\r\nx\x04", b"<html>\r", a_tar({"in/b c": b"1\r", "main.tex": TEX})),
    ]
) | st.binary(max_size=40)
UPLOADS = st.lists(st.tuples(NAMES, DATA), min_size=1, max_size=8)

all_profiles = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def desk_with(profile: Profile, files: list[tuple[str, bytes]]) -> Desk:
    desk = Desk(profile=profile, unpacker=ArchiveUnpacker())
    desk.upload("x.tar", a_tar(files))
    return desk


@examples(500)
@given(HOSTILE)
def test_no_accepted_path_leaves_the_archive(name: str) -> None:
    place = judge(name)

    if not isinstance(place, MemberRefusal) and place.path:
        path = place.path
        assert not path.startswith(("/", "\\"))
        assert not {"", ".", ".."} & set(path.split("/"))
        assert ".." not in path.replace("\\", "/").split("/")


@all_profiles
@examples(150)
@given(UPLOADS)
def test_no_entry_leaves_the_tree(profile: Profile, files: list[tuple[str, bytes]]) -> None:
    desk = desk_with(profile, files)

    for (area, path), entry in desk.tree.entries.items():
        assert TreePath.parse(path) == unicodedata.normalize("NFC", path) == entry.path
        above = entry.path.directories()
        assert area is Area.REMOVED or not [d for d in above if (area, d) in desk.tree.entries]


@all_profiles
@examples(150)
@given(UPLOADS)
def test_no_byte_is_lost_without_a_word(profile: Profile, files: list[tuple[str, bytes]]) -> None:
    desk = desk_with(profile, files)

    assert desk.last is not None
    kept = {entry.digest for entry in desk.tree.entries.values()}
    told = {one.before_digest for one in desk.last.change.altered}
    texts = " ".join(one.message for one in desk.tree.findings)
    for name, data in files:
        place = judge(name)
        if isinstance(place, MemberRefusal):
            assert f"Removing '{name}'" in texts
        elif b"ustar" not in data and place.path:
            assert digest_of(data) in kept | told


@all_profiles
@examples(150)
@given(UPLOADS)
def test_checking_twice_is_as_once(profile: Profile, files: list[tuple[str, bytes]]) -> None:
    # A file at the top: a directory that holds everything but an empty one waits for the next time.
    desk = desk_with(profile, [("0.tex", TEX), *files])
    living = [one for one in desk.tree.entries.values() if one.area is not Area.REMOVED]

    again = Desk(profile=profile, unpacker=ArchiveUnpacker())
    for_again = [(one, one.area is Area.ANCILLARY) for one in living]
    again.send(
        *(
            sent(one.path, desk.data(one.path, one.area), ancillary=is_ancillary)
            for one, is_ancillary in for_again
        )
    )

    assert {key: one.digest for key, one in again.tree.entries.items()} == {
        (one.area, one.path): one.digest for one in living
    }
