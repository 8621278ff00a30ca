"""Whole uploads: where files go, that none is lost, and what is said."""

import bz2
import gzip
import tarfile

import pytest

from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.budget import Limits
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import Alteration
from filemanager.sanitize.registry import ARXIV, GENERIC
from unit.sanitize.archives import TEX, a_tar, a_tar_with, a_zip
from unit.sanitize.fakes import Desk, sent, uploaded
from unit.sanitize.tree import FakeTree, an_entry

PS = b"%!PS-Adobe-3.0\nshow\n"


def test_an_archive_gives_way_to_its_members() -> None:
    desk = Desk()

    tree = desk.upload("a.tar.gz", gzip.compress(a_tar({"main.tex": TEX, "fig/a.ps": PS})))

    assert tree.paths() == ["fig/a.ps", "main.tex"]
    assert tree.paths(Area.REMOVED) == []
    assert desk.log[:2] == [
        "***** unpack gzipped a.tar to dir: ",
        "Removed packed file 'a.tar'.",
    ]


def test_the_log_of_a_zip_names_it_without_its_directory() -> None:
    desk = Desk()

    desk.upload("d/a.zip", a_zip({"main.tex": TEX, "b.tex": TEX}))

    assert desk.log[0] == "***** unpack zip a.zip to dir: d"


def test_a_file_sent_as_it_is_stays_packed_under_its_name() -> None:
    desk = Desk()

    tree = desk.send(sent("a.tar.gz", gzip.compress(a_tar({"main.tex": TEX})), unpack=False))

    assert tree.files() == {"a.tar.gz": "GZIPPED"}


def test_a_lone_compressed_file_is_decompressed_in_place_and_checked() -> None:
    desk = Desk()

    tree = desk.upload("main.tex.gz", gzip.compress(b"\\documentclass{a}\r\nx\r\n"))

    assert tree.files() == {"main.tex": "LATEX2e"}
    assert desk.data("main.tex") == b"\\documentclass{a}\nx\n"
    assert tree.entries[Area.SOURCE, "main.tex"].name_as_sent == "main.tex.gz"


def test_a_compressed_file_is_not_decompressed_over_another() -> None:
    desk = Desk()
    desk.upload("data", b"other\n")

    tree = desk.upload("data.gz", gzip.compress(b"mine\n"))

    assert tree.files() == {"data": "FAILED", "data.gz": "GZIPPED"}
    assert set(tree.codes("data.gz")) == {"rename_conflict"}


def test_a_compressed_file_whose_name_is_not_cut_waits_for_its_place_too() -> None:
    desk, data = Desk(), bz2.compress(b"mine\n")
    desk.upload("a", b"other\n")

    tree = desk.upload("a.bz2", data)

    assert desk.data("a.bz2") == data
    assert tree.codes("a.bz2") == ["rename_conflict"]


def test_a_broken_bzip2_file_keeps_its_bytes() -> None:
    desk, data = Desk(), b"BZh91AY&SYnot really"

    tree = desk.upload("a.bz2", data)

    assert desk.data("a.bz2") == data
    assert "unpack_error" in tree.codes("a.bz2")


def test_a_broken_archive_alone_is_fatal_and_beside_others_a_warning() -> None:
    desk = Desk()
    broken = a_zip({"a": b"x" * 100})[:60]

    alone = {(one[0], one[1]) for one in desk.upload("a.zip", broken).said()}
    later = {(one[0], one[1]) for one in desk.upload("main.tex", TEX).said()}

    assert alone == {("fatal", "a.zip"), ("fatal", None)}
    assert later == {("warn", "a.zip")}


def test_what_looks_like_a_tar_and_is_none_is_told_of() -> None:
    tree = uploaded("a.tar", b"\0" * 257 + b"ustar")

    assert ("fatal", "a.tar", "Unable to read tar 'a.tar': not a tar file") in tree.said()


def test_a_compress_file_that_cannot_be_read_stays_without_a_word() -> None:
    tree = uploaded("a", b"\x1f\x9dx")

    assert tree.codes("a") == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "Symbolic links"),
        (tarfile.LNKTYPE, "Hard links"),
        (tarfile.CHRTYPE, "Character devices"),
        (tarfile.BLKTYPE, "Block devices"),
        (tarfile.FIFOTYPE, "FIFO devices"),
    ],
)
def test_members_that_are_no_files_are_told_of(kind: bytes, words: str) -> None:
    tree = uploaded("a.tar", a_tar_with(kind, "bad"))

    assert tree.files() == {"main.tex": "LATEX2e"}
    assert ("warn", "a.tar", f"{words} are not allowed. Removing 'bad'") in tree.said()
    assert tree.readiness == "READY_WITH_WARNINGS"


def test_a_member_that_leaves_the_archive_is_logged() -> None:
    desk = Desk()

    tree = desk.upload("a.tar", a_tar({"../x": b"x", "main.tex": TEX}))

    assert tree.paths() == ["main.tex"]
    assert "Member of file a.tar tried to escape workspace." in desk.log


def test_archives_inside_one_another_stop_at_the_depth() -> None:
    data = TEX
    for _ in range(4):
        data = a_tar({"a.tar": data})

    with pytest.raises(OverBudget):
        uploaded("a.tar", data)


def test_an_archive_that_comes_twice_counts_twice() -> None:
    inner = a_tar({str(number): b"x" for number in range(8)})
    desk = Desk(limits=Limits(entries=20))

    with pytest.raises(OverBudget):
        desk.upload("a.tar", a_tar({f"{number}.tar": inner for number in range(3)}))


def test_an_upload_overwrites_and_clears_what_was_said() -> None:
    desk = Desk()
    desk.upload("main.tex", TEX.removesuffix(b"\n"))

    tree = desk.upload("main.tex", TEX)

    assert tree.findings == []
    assert desk.last is not None
    assert desk.last.change.end == ()


def test_what_was_overwritten_ends_where_the_newcomer_went_on() -> None:
    desk = Desk()
    desk.tree.entries[Area.SOURCE, "a.eps"] = an_entry("a.eps")

    tree = desk.upload("a.eps", PS)

    assert tree.paths() == ["a.ps"]


def test_a_removed_ancillary_file_is_kept_under_its_public_path() -> None:
    tree = Desk().upload("core", b"x\n", ancillary=True)

    assert tree.paths(Area.REMOVED) == ["anc/core"]
    assert tree.codes("anc/core") == ["disallowed_file"]


def test_a_hidden_directory_goes_with_everything_in_it() -> None:
    tree = uploaded("a.tar", a_tar({".git/config": b"x\n", ".git/a/b": b"y\n", "main.tex": TEX}))

    assert tree.paths() == ["main.tex"]
    assert tree.paths(Area.REMOVED) == [".git/a/b", ".git/config"]
    assert tree.codes(".git/") == ["hidden_files_dot"]


def test_every_change_is_told_with_before_and_after() -> None:
    desk = Desk()

    desk.upload("a.tar", a_tar({"a b.tex": b"\\documentclass\r\n", "core": b"x"}))

    assert desk.last is not None
    told = [(one.alteration, one.before, one.after) for one in desk.last.change.altered]
    assert told == [
        (Alteration.UNPACKED, "a.tar", None),
        (Alteration.RENAMED, "a b.tex", "a_b.tex"),
        (Alteration.REWRITTEN, "a_b.tex", "a_b.tex"),
        (Alteration.REMOVED, "core", None),
    ]
    for one in desk.last.change.altered:
        assert {one.before_digest, one.after_digest} - {None} <= set(desk.contents)


def test_files_keep_the_order_they_came_in_and_renamed_ones_come_last() -> None:
    desk = Desk()

    desk.upload("a.tar", a_tar({"z.tex": TEX, "b b.tex": TEX, "a.tex": TEX, "anc/x": b"x\n"}))

    assert desk.last is not None
    assert [one.public_path for one in desk.last.change.put] == [
        *("z.tex", "a.tex", "b_b.tex", "anc/x")
    ]
    assert all(one.position is None for one in desk.last.change.put)


def test_what_depends_on_bytes_alone_is_done_once() -> None:
    desk = Desk()
    data = a_tar({"main.tex": b"\\documentclass\r\nx\r\n", "fig.eps": PS})
    inspection = desk.inspection(sent("a.tar", data))
    first = inspection.against(FakeTree())
    written = desk.scratch.finished

    second = inspection.against(FakeTree())

    assert second == first
    assert desk.scratch.finished == written


def test_adding_a_file_to_a_large_tree_asks_little_and_lists_nothing() -> None:
    desk = Desk()
    paths = [f"d{number % 50}/f{number}.tex" for number in range(5000)]
    desk.tree.entries = {(Area.SOURCE, path): an_entry(path) for path in paths}

    desk.upload("d1/new.tex", TEX)

    assert desk.tree.listings == 0
    assert desk.tree.queries <= 10


def test_a_generic_workspace_keeps_what_tex_would_not() -> None:
    desk = Desk(profile=GENERIC)

    tree = desk.upload(
        "a.zip",
        a_zip({"core": b"x", "a b.csv": b"1\r\n", "Thumbs.db": b"x", "e.txt": b"", "con": b"y"}),
    )

    assert tree.paths() == ["a b.csv", "con", "core", "e.txt"]
    assert desk.data("a b.csv") == b"1\r\n"
    assert tree.codes("con") == ["reserved_name"]
    assert tree.readiness == "READY"


def test_directories_that_windows_cannot_hold_stay_and_are_told_of() -> None:
    for profile in (ARXIV, GENERIC):
        tree = Desk(profile=profile).upload("a.zip", a_zip({"aux/a.tex": TEX, "b.tex": TEX}))

        assert tree.paths() == ["aux/a.tex", "b.tex"]
        assert tree.codes("aux/") == ["reserved_name"]


def test_a_generic_workspace_tells_names_apart_whatever_their_case() -> None:
    tree = Desk(profile=GENERIC).upload(
        "a.zip", a_zip({"a.txt": b"1", "A.txt": b"2", "a_1.TXT": b"3", "d/": b""})
    )

    assert len({path.casefold() for path in tree.paths()}) == 3


def test_a_generic_workspace_leaves_compressed_files_and_refuses_drives() -> None:
    desk = Desk(profile=GENERIC)
    desk.upload("data.csv.gz", gzip.compress(b"1\n"))

    tree = desk.upload("x.tar", a_tar({"C:\\a": b"x"}))

    assert tree.paths() == ["data.csv.gz"]
    assert tree.entries[Area.REMOVED, "C:\\a"].code == "drive_letter"
