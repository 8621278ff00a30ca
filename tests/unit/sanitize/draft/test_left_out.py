"""What archives held that was not taken: said until a file is there or the archive is over."""

import tarfile
from collections.abc import Sequence
from dataclasses import replace

from builders.in_memory import Bytes
from filemanager.domain.intake.unpacking import (
    ArchiveForm,
    Member,
    MemberRefusal,
    PathChange,
    RefusedMember,
    Unpacked,
)
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.tree import TreeChange, TreePath
from filemanager.sanitize.registry import ARXIV
from filemanager.sanitize.reviewing import reviewed
from unit.sanitize.archives import TEX, a_tar, a_tar_with, a_zip
from unit.sanitize.fakes import A_ZIP, Desk, HandMadeUnpacker, sent
from unit.sanitize.tree import FakeTree

LINK = MemberRefusal.SYMBOLIC_LINK
WORDS = "Symbolic links are not allowed. Removing '{}'"
MAIN = Member("main.tex", Bytes(TEX))


def _desk(*members: Member, refused: Sequence[str] = ("fig.png",), trailing_bytes: int = 0) -> Desk:
    """Whose archives hold *members*, and links called *refused*."""
    found = Unpacked(
        form=ArchiveForm.TAR,
        compression="",
        members=members,
        refused=tuple(RefusedMember(name, LINK) for name in refused),
        trailing_bytes=trailing_bytes,
    )
    return Desk(unpacker=HandMadeUnpacker(found))


def _lines(tree: FakeTree) -> list[Finding]:
    return [one for one in tree.findings if one.code == "members_left_out"]


def _texts(tree: FakeTree) -> list[str]:
    return [one.message for one in _lines(tree)]


def test_each_member_has_a_line_on_the_archive_that_stays() -> None:
    desk = _desk(MAIN, refused=("fig.png", "./d/b.png"))

    tree = desk.upload("a.zip", A_ZIP)
    desk.upload("notes.tex", TEX)

    assert [(one.area, one.path, one.awaits) for one in _lines(tree)] == [
        (Area.SOURCE, "a.zip", "fig.png"),
        (Area.SOURCE, "a.zip", "d/b.png"),
    ]
    assert _texts(tree) == [WORDS.format("fig.png"), WORDS.format("./d/b.png")]
    assert tree.readiness == "READY_WITH_WARNINGS"


def test_an_archive_that_is_refused_in_part_is_kept_among_the_removed_files() -> None:
    tree = _desk(MAIN).upload("a.zip", A_ZIP)

    assert tree.paths() == ["main.tex"]
    assert tree.paths(Area.REMOVED) == ["a.zip"]
    assert tree.entries[Area.REMOVED, "a.zip"].code == "members_left_out"


def test_an_archive_that_is_refused_in_whole_stays_where_it_is() -> None:
    desk = _desk(Member("d", None))

    tree = desk.upload("a.zip", A_ZIP)

    assert tree.paths() == ["a.zip"]
    assert desk.data("a.zip") == A_ZIP
    assert _texts(tree) == [WORDS.format("fig.png")]
    assert tree.readiness == "ERRORS"


def test_a_hundred_lines_are_told_and_the_rest_is_counted() -> None:
    tree = _desk(MAIN, refused=[str(number) for number in range(150)]).upload("a.zip", A_ZIP)

    assert len(_lines(tree)) == 101
    assert _texts(tree)[-1] == "50 more members of 'a.zip' were left out."


def test_a_line_ends_when_its_path_is_there() -> None:
    desk = _desk(MAIN, refused=("fig.png", "b.png"))
    desk.upload("a.zip", A_ZIP)

    tree = desk.upload("fig.png", b"\x89PNG\r\n\x1a\n")

    assert _texts(tree) == [WORDS.format("b.png")]
    assert desk.upload("b.png", b"\x89PNG\r\n\x1a\n").readiness == "READY"


def test_a_line_ends_when_its_path_was_sent_and_got_another_name() -> None:
    desk = _desk(MAIN, refused=("a fig.png",))
    desk.upload("a.zip", A_ZIP)

    tree = desk.upload("a fig.png", b"\x89PNG\r\n\x1a\n")

    assert tree.paths() == ["a_fig.png", "main.tex"]
    assert _lines(tree) == []


def test_nothing_waits_for_what_came_in_the_same_upload() -> None:
    tree = _desk(MAIN, refused=("main.tex",)).upload("a.zip", A_ZIP)

    assert _lines(tree) == []
    assert tree.codes("a.zip") == ["contains_disallowed_files"]


def test_an_archive_that_is_sent_again_is_judged_anew() -> None:
    desk = _desk(MAIN)
    desk.upload("a.zip", A_ZIP)
    again = list(_texts(desk.upload("a.zip", A_ZIP)))
    desk.unpacker = _desk(MAIN, refused=("other",)).unpacker
    other = list(_texts(desk.upload("a.zip", A_ZIP)))
    desk.unpacker = _desk(MAIN, refused=()).unpacker

    tree = desk.upload("a.zip", A_ZIP)

    assert (again, other) == ([WORDS.format("fig.png")], [WORDS.format("other")])
    assert _lines(tree) == []


def test_an_archive_that_is_sent_again_to_stay_packed_is_there_whole() -> None:
    desk = _desk(MAIN)
    desk.upload("a.zip", A_ZIP)

    tree = desk.send(sent("a.zip", A_ZIP, unpack=False))

    assert _lines(tree) == []


def test_one_that_was_refused_in_whole_may_be_taken_in_part_later() -> None:
    desk = _desk()
    desk.upload("a.zip", A_ZIP)
    desk.unpacker = _desk(MAIN).unpacker

    tree = desk.upload("a.zip", A_ZIP)
    desk.upload("other.tex", TEX)

    assert tree.paths() == ["main.tex", "other.tex"]
    assert _texts(tree) == [WORDS.format("fig.png")]


def test_one_that_was_taken_in_part_may_be_refused_in_whole_later() -> None:
    desk = _desk(MAIN)
    desk.upload("a.zip", A_ZIP)
    desk.unpacker = _desk().unpacker

    tree = desk.upload("a.zip", A_ZIP)

    assert tree.paths() == ["a.zip", "main.tex"]
    assert _texts(tree) == [WORDS.format("fig.png")]


def test_what_is_said_of_a_whole_archive_shrinks_with_it_in_the_tree() -> None:
    desk = _desk(refused=("fig.png", "b.png"))
    desk.upload("a.zip", A_ZIP)

    tree = desk.upload("fig.png", b"\x89PNG\r\n\x1a\n")

    assert _texts(tree) == [WORDS.format("b.png")]


def test_a_line_waits_for_where_the_file_would_be_without_its_top_directory() -> None:
    desk = _desk(Member("p/main.tex", Bytes(TEX)), refused=("p/fig.png", "p/anc/x.csv"))
    tree = desk.upload("a.zip", A_ZIP)
    awaited = [one.awaits for one in _lines(tree)]

    desk.upload("fig.png", b"\x89PNG\r\n\x1a\n")
    desk.upload("x.csv", b"1\n", ancillary=True)

    assert awaited == ["fig.png", "anc/x.csv"]
    assert _lines(tree) == []


def test_a_line_said_before_goes_up_with_the_directory_that_is_dissolved_later() -> None:
    desk = _desk(Member("p/main.tex", Bytes(TEX)), refused=("p/fig.png",))
    desk.tree.findings.append(
        Finding(
            severity="warn",  # type: ignore[arg-type]  # as it is read
            code="members_left_out",
            message="x",
            area=Area.SOURCE,
            path="old.zip",
            awaits="p/old.png",
        )
    )

    tree = desk.upload("a.zip", A_ZIP)

    assert {one.awaits for one in _lines(tree)} == {"fig.png", "old.png"}


def test_names_are_escaped_in_messages_alone() -> None:
    tree = _desk(MAIN, refused=("../evil\x1b", "r\u202eb")).upload("a.zip", A_ZIP)

    assert [one.awaits for one in _lines(tree)] == [None, "r\u202eb"]
    assert _texts(tree) == [WORDS.format(r"../evil\x1b"), WORDS.format(r"r\u202eb")]


def test_a_path_that_leads_out_waits_for_nothing() -> None:
    tree = _desk(MAIN, refused=("../x", "/")).upload("a.zip", A_ZIP)

    assert [one.awaits for one in _lines(tree)] == [None, None]


def test_an_ancillary_archive_counts_too() -> None:
    desk = _desk(Member("x.csv", Bytes(b"1\n")), refused=("y.csv",))
    desk.upload("main.tex", TEX)

    tree = desk.upload("a.zip", A_ZIP, ancillary=True)
    desk.upload("b.tex", TEX)

    assert [(one.area, one.awaits) for one in _lines(tree)] == [(Area.ANCILLARY, "anc/y.csv")]
    assert tree.readiness == "READY_WITH_WARNINGS"


def test_the_lines_are_asked_for_once_and_nobody_lists_anything() -> None:
    desk = _desk(MAIN)
    desk.upload("a.zip", A_ZIP)
    desk.tree.queries = 0

    desk.upload("b.tex", TEX)

    assert desk.tree.queries <= 10
    assert desk.tree.listings == 0


def test_many_archives_are_asked_for_no_more_often_than_few() -> None:
    def questions(count: int) -> int:
        desk, inner = Desk(), a_tar_with(tarfile.SYMTYPE, "fig.png")
        tree = desk.upload("all.zip", a_zip({f"{n}.tar": inner for n in range(count)}))
        assert len(_lines(tree)) == count
        tree.queries = 0

        assert _lines(desk.upload("fig.png", b"\x89PNG\r\n\x1a\n")) == []
        return tree.queries

    assert questions(40) == questions(4)


def _edit(tree: FakeTree, change: TreeChange) -> FakeTree:
    tree.apply(reviewed(tree, change, ARXIV))
    return tree


def test_a_file_that_a_person_moves_there_ends_a_line() -> None:
    desk = _desk(MAIN, Member("x.png", Bytes(b"\x89PNG\r\n\x1a\n")))
    desk.upload("a.zip", A_ZIP)
    entry = desk.tree.entries[Area.SOURCE, "x.png"]

    tree = _edit(
        desk.tree,
        TreeChange(
            end=((Area.SOURCE, entry.path),), put=(replace(entry, path=TreePath("fig.png")),)
        ),
    )

    assert _lines(tree) == []


def test_an_archive_that_a_person_brings_back_keeps_its_lines() -> None:
    desk = _desk(MAIN)
    desk.upload("a.zip", A_ZIP)
    removed = desk.tree.entries[Area.REMOVED, "a.zip"]
    back = replace(removed, area=Area.SOURCE, code=None, reason=None, kept_by_owner=True)

    tree = _edit(desk.tree, TreeChange(end=((Area.REMOVED, removed.path),), put=(back,)))

    assert _texts(tree) == [WORDS.format("fig.png")]


def test_what_a_person_deletes_is_spoken_of_no_more() -> None:
    desk = _desk(MAIN)
    desk.upload("a.zip", A_ZIP)

    tree = _edit(desk.tree, TreeChange(clear=((Area.SOURCE, "a.zip"),)))

    assert _lines(tree) == []


def test_nothing_is_left_to_say_when_everything_is_deleted() -> None:
    desk = _desk(MAIN)
    desk.upload("a.zip", A_ZIP)

    tree = _edit(desk.tree, TreeChange(end_areas=(Area.SOURCE, Area.ANCILLARY)))

    assert _lines(tree) == []


def test_a_path_that_a_reader_changed_is_told_with_the_name_as_sent() -> None:
    long = "n" * 300
    desk = _desk(
        Member("main.tex", Bytes(TEX), "/main.tex", (PathChange.ROOT_DROPPED,)),
        Member("n.txt", Bytes(b"x\n"), f"/{long}.txt", tuple(PathChange)),
        refused=(),
    )

    tree = desk.upload("a.zip", A_ZIP)

    assert tree.entries[Area.SOURCE, "main.tex"].name_as_sent == "/main.tex"
    assert tree.entries[Area.SOURCE, "n.txt"].name_as_sent == f"/{long}.txt"
    begins = "The path '/main.tex' in 'a.zip' begins with '/'. The file is 'main.tex' now."
    assert ("warn", "main.tex", begins) in tree.said()
    assert tree.codes("n.txt") == ["member_path_changed"]
    assert desk.last is not None
    told = [(one.code, one.before, one.after) for one in desk.last.change.altered]
    assert ("member_path_changed", "/main.tex", "main.tex") in told


def test_one_path_with_and_without_its_slash_is_two_files() -> None:
    desk = _desk(
        Member("main.tex", Bytes(TEX)),
        Member("main.tex", Bytes(b"\\bye\n"), "/main.tex", (PathChange.ROOT_DROPPED,)),
        refused=(),
    )

    tree = desk.upload("a.zip", A_ZIP)

    assert tree.paths() == ["main.tex", "main_1.tex"]
    assert tree.codes("main_1.tex") == ["name_collision", "member_path_changed"]


def test_bytes_behind_the_end_are_told_of() -> None:
    tree = _desk(MAIN, refused=(), trailing_bytes=9).upload("a.zip", A_ZIP)

    text = "9 bytes behind the end of the compressed data in 'a.zip' were left out."
    assert ("warn", "a.zip", text) in tree.said()
    assert tree.paths() == ["main.tex"]


def test_bytes_behind_the_end_of_a_lone_file_are_told_on_it() -> None:
    found = Unpacked(
        form=ArchiveForm.SINGLE,
        compression="gzip",
        members=(Member("", Bytes(TEX)),),
        trailing_bytes=9,
    )
    desk = Desk(unpacker=_GzipUnpacker(found))

    tree = desk.upload("main.tex.gz", b"\x1f\x8b\x08")

    assert tree.codes("main.tex") == ["trailing_bytes"]


class _GzipUnpacker(HandMadeUnpacker):
    def unpack(self, *_: object) -> Unpacked:  # whatever it is asked
        return self.found


def test_members_of_archives_inside_others_are_told_on_the_inner_one() -> None:
    desk = Desk()

    tree = desk.upload(
        "all.zip", a_zip({"main.tex": TEX, "in.tar": a_tar({"../x": b"x", "y": TEX})})
    )

    assert [one.path for one in _lines(tree)] == ["in.tar"]
    assert tree.paths(Area.REMOVED) == ["in.tar"]
