"""Names made to deceive never reach a line of words as they are; every change has words."""

import re

import pytest

from filemanager.sanitize.check import Profile
from filemanager.sanitize.registry import PROFILES
from unit.sanitize.archives import TEX, a_tar, a_zip
from unit.sanitize.fakes import Desk

UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]")
DECEIVERS = [
    "\u202egnp.exe",
    "a\u200bb.tex",
    "a\u2066.eps",
    "\ufeffcore",
    "x\u200f.bib",
    ".\u202ea",
]

all_profiles = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


@all_profiles
@pytest.mark.parametrize("pack", [a_tar, a_zip], ids=["tar", "zip"])
def test_no_unseen_character_is_in_any_message(profile: Profile, pack: object) -> None:
    files = {
        f"{folder}{name}": TEX for name in DECEIVERS for folder in ("", "d\u202e/", "__MACOSX/")
    }
    data = (a_tar if pack is a_tar else a_zip)({**files, "e\u202e": b"", "l.log": b"x"})
    desk = Desk(profile=profile)

    tree = desk.upload("a", data)

    assert desk.last is not None
    said = [one.message for one in tree.findings]
    told = [one.message for one in desk.last.change.altered]
    reasons = [entry.reason or "" for entry in tree.entries.values()]
    assert not [text for text in [*said, *told, *reasons, *desk.log] if UNSEEN.search(text)]


@all_profiles
def test_every_change_has_words(profile: Profile) -> None:
    desk = Desk(profile=profile)

    desk.upload(
        "a.zip",
        a_zip({"top/a b.tex": TEX.replace(b"\n", b"\r\n"), "top/Thumbs.db": b"x", "top/con.": TEX}),
    )

    assert desk.last is not None
    made = desk.last.change.altered
    assert len(made) > 2
    assert all(one.message for one in made)
