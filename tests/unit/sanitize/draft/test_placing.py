"""Where files of an upload go: none is lost, none takes another's place."""

import pytest

from filemanager.domain.trees.areas import Area
from unit.sanitize.archives import TEX, a_tar, a_zip
from unit.sanitize.fakes import Desk, sent, uploaded


def test_ancillary_is_the_first_segment_and_not_three_letters() -> None:
    tree = uploaded(
        "a.tar", a_tar({"main.tex": TEX, "ancestor.tex": TEX, "anc/": b"", "anc/d.txt": b"x\n"})
    )

    assert tree.paths() == ["ancestor.tex", "main.tex"]
    assert tree.paths(Area.ANCILLARY) == ["d.txt"]


def test_what_an_ancillary_archive_holds_is_ancillary() -> None:
    tree = Desk().upload("x/a.zip", a_zip({"b.txt": b"b\n", "anc/c.txt": b"c\n"}), ancillary=True)

    assert tree.paths(Area.ANCILLARY) == ["x/anc/c.txt", "x/b.txt"]


def test_a_file_called_like_the_ancillary_directory_gets_another_name() -> None:
    tree = uploaded("a.tar", a_tar({"anc": b"x\n", "main.tex": TEX}))

    assert tree.paths() == ["anc_1", "main.tex"]
    assert tree.codes("anc_1") == ["unusable_name"]


def test_the_later_of_two_equal_members_wins_and_the_earlier_is_kept() -> None:
    desk = Desk()

    tree = desk.upload("a.tar", a_tar([("main.tex", TEX + b"old\n"), ("main.tex", TEX)]))

    assert desk.data("main.tex") == TEX
    assert desk.data("main.tex", Area.REMOVED) == TEX + b"old\n"
    assert tree.entries[Area.REMOVED, "main.tex"].code == "duplicate_member"
    assert tree.readiness == "READY"


def test_three_equal_members_leave_two_removed_ones() -> None:
    tree = uploaded("a.tar", a_tar([("main.tex", TEX + b"%d\n" % n) for n in range(3)]))

    assert tree.paths(Area.REMOVED) == ["main.tex", "main_1.tex"]


def test_the_same_bytes_twice_are_not_worth_a_word() -> None:
    tree = uploaded("a.tar", a_tar([("main.tex", TEX), ("main.tex", TEX)]))

    assert tree.paths(Area.REMOVED) == []
    assert tree.findings == []


def test_members_of_two_archives_never_displace_one_another() -> None:
    desk = Desk()
    inner = {"a.zip": a_zip({"data.csv": b"1\n"}), "b.zip": a_zip({"data.csv": b"2\n"})}

    tree = desk.upload("all.tar", a_tar({"main.tex": TEX, **inner}))

    assert (desk.data("data.csv"), desk.data("data_1.csv")) == (b"1\n", b"2\n")
    assert tree.paths(Area.REMOVED) == []
    text = "'data.csv' in 'b.zip' has the name of another file in 'a.zip'. Renamed to 'data_1.csv'."
    assert ("warn", "data_1.csv", text) in tree.said()
    assert tree.entries[Area.SOURCE, "data_1.csv"].name_as_sent == "data.csv"


def test_a_member_of_an_archive_in_another_leaves_the_outer_files_alone() -> None:
    desk = Desk()

    tree = desk.upload(
        "all.zip", a_zip({"main.tex": TEX, "a.csv": b"1\n", "in.zip": a_zip({"a.csv": b"2\n"})})
    )

    assert (desk.data("a.csv"), desk.data("a_1.csv")) == (b"1\n", b"2\n")
    assert tree.codes("a_1.csv")[0] == "archive_member_renamed"


def test_a_member_leaves_a_file_that_was_sent_beside_its_archive_alone() -> None:
    desk = Desk()

    tree = desk.send(sent("a.csv", b"1\n"), sent("in.zip", a_zip({"a.csv": b"2\n"})))

    assert (desk.data("a.csv"), desk.data("a_1.csv")) == (b"1\n", b"2\n")
    assert "in the upload itself" in next(m for _, p, m in tree.said() if p == "a_1.csv")


def test_equal_bytes_in_two_archives_stay_once_rewritten_or_not() -> None:
    text = TEX.replace(b"\n", b"\r\n")

    tree = uploaded(
        "all.zip", a_zip({"main.tex": text, "x.csv": b"1\n", "in.zip": a_zip({"main.tex": text})})
    )

    assert tree.paths() == ["main.tex", "x.csv"]
    assert tree.paths(Area.REMOVED) == []
    assert tree.findings == []


def test_the_later_of_two_files_sent_to_one_place_is_used() -> None:
    desk = Desk()

    desk.send(sent("a.csv", b"1\n"), sent("a.csv", b"2\n"))

    assert desk.data("a.csv") == b"2\n"
    assert desk.data("a.csv", Area.REMOVED) == b"1\n"


def test_names_that_are_one_only_after_normalising_are_both_kept() -> None:
    tree = uploaded("a.tar", a_tar({"é.tex": TEX, "e\u0301.tex": TEX + b"2\n"}))

    assert tree.paths() == ["é.tex", "é_1.tex"]
    assert tree.codes("é_1.tex") == ["name_collision"]


def test_names_that_collide_after_cleaning_are_both_kept() -> None:
    tree = uploaded("a.tar", a_tar({"a(.tex": TEX, "a).tex": TEX + b"2\n"}))

    assert tree.paths() == ["a_.tex", "a__1.tex"]
    assert tree.entries[Area.SOURCE, "a__1.tex"].name_as_sent == "a).tex"


def test_names_that_differ_by_case_stay_and_are_noted() -> None:
    tree = uploaded("a.tar", a_tar({"Main.tex": TEX, "main.tex": TEX + b"2\n"}))

    assert tree.paths() == ["Main.tex", "main.tex"]
    assert "names_differ_by_case" in tree.codes("main.tex")
    assert tree.readiness == "READY"


@pytest.mark.parametrize(
    ("first", "second", "paths"),
    [
        ("fig/a.png", "fig", ["fig/a.png", "fig_1"]),
        ("fig", "fig/a.png", ["fig", "fig_1/a.png"]),
    ],
)
def test_a_file_is_never_the_directory_of_another(
    first: str, second: str, paths: list[str]
) -> None:
    tree = uploaded("x.tar", a_tar({"main.tex": TEX, first: b"1\n", second: b"2\n"}))

    assert tree.paths() == [*paths, "main.tex"]
    assert tree.codes(paths[1]) == ["path_in_the_way"]


def test_a_directory_in_the_way_keeps_its_files_together() -> None:
    desk = Desk()
    desk.upload("fig", b"a file\n")
    desk.upload("fig_1", b"another\n")

    tree = desk.upload(
        "x.tar", a_tar({"main.tex": TEX, "fig/a": b"1\n", "fig/b": b"2\n", "fig/": b""})
    )

    assert tree.paths() == ["fig", "fig_1", "fig_2/a", "fig_2/b", "main.tex"]


def test_a_path_that_no_tree_can_hold_gets_a_safe_one() -> None:
    tree = uploaded("a.tar", a_tar({"main.tex": TEX, "d\u202e /a\x01b.txt": b"x\n"}))

    assert tree.paths() == ["d__/a_b.txt", "main.tex"]
    assert tree.codes("d__/a_b.txt")[0] == "unusable_name"
    assert tree.entries[Area.SOURCE, "d__/a_b.txt"].name_as_sent == "d\\u202e /a\\x01b.txt"


def test_names_of_any_length_are_taken() -> None:
    deep = "/".join(["d" * 250] * 4)
    files = {
        "main.tex": TEX,
        f"{deep}/é{'x' * 300}.txt": b"1\n",
        f"{deep}/é{'x' * 301}.txt": b"2\n",
    }

    tree = uploaded("a.tar", a_tar(files))

    assert len(tree.paths()) == len(files)


def test_a_windows_path_in_an_archive_loses_its_drive() -> None:
    tree = uploaded("a.tar", a_tar({"C:\\dir\\main.tex": TEX, "b.tex": TEX}))

    assert tree.paths() == ["b.tex", "main.tex"]
    assert tree.codes("main.tex") == ["fixed_windows_name"]
