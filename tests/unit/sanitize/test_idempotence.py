"""What was checked and is checked again stays as it is."""

import gzip

import pytest

from filemanager.domain.trees.areas import Area
from filemanager.sanitize.registry import ARXIV, GENERIC
from unit.sanitize.archives import TEX, a_tar, a_zip
from unit.sanitize.fakes import Desk, sent
from unit.sanitize.tree import FakeTree

PS = b"%!PS-Adobe-3.0\r\n%%BeginPreview\r\n%%EndPreview\r\nshow\r\n\x04"
MESS = {
    "main.tex": TEX.replace(b"\n", b"\r\n"),
    "main.log": b"log\n",
    "fig one.eps": PS,
    "-x.pdf.ps": b"%PDF-1.4",
    "refs.bib": b"@book{a}\n",
    "refs.bbl": b"x\n",
    "C:\\sub\\y.tex": TEX,
    "sub/.hidden": b"x",
    "sub/data.csv.gz": gzip.compress(b"1\r2\r"),
    "anc/a b.txt": b"x",
    "more.zip": a_zip({"sub": b"x\n", "deep/z.TXT": b"y"}),
}


def _again(desk: Desk) -> FakeTree:
    files = [
        sent(one.path, desk.data(one.path, one.area), ancillary=one.area is Area.ANCILLARY)
        for one in desk.tree.entries.values()
        if one.area is not Area.REMOVED
    ]
    second = Desk(profile=desk.profile)
    return second.send(*files)


@pytest.mark.parametrize("profile", [ARXIV, GENERIC], ids=lambda profile: profile.name)
@pytest.mark.parametrize("top", ["", "top/", "a/b/"])
def test_checking_the_result_again_changes_nothing(profile: object, top: str) -> None:
    desk = Desk(profile=GENERIC if profile is GENERIC else ARXIV)
    desk.upload("x.tar", a_tar({f"{top}{name}": data for name, data in MESS.items()}))

    again = _again(desk)

    before = {key: entry.digest for key, entry in desk.tree.entries.items()}
    living = {key: digest for key, digest in before.items() if key[0] is not Area.REMOVED}
    assert {key: entry.digest for key, entry in again.entries.items()} == living
    assert again.source_format == desk.tree.source_format


def test_the_same_upload_twice_leaves_one_of_each() -> None:
    desk = Desk()
    desk.upload("x.tar", a_tar({"top/main.tex": TEX, "top/a b.tex": TEX, "top/anc/c": b"x\n"}))
    before = desk.tree.files()

    desk.upload("main.tex", TEX)

    assert desk.tree.files() == before
