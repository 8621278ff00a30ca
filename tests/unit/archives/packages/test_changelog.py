"""The newest changes of an rpm, as createrepo_c has them."""

import pytest

from builders.in_memory import Bytes
from builders.rpms import Cell, an_rpm, int32, log, tags_of
from filemanager.archives.packages.rpm import read_rpm
from filemanager.archives.packages.tags import Tag
from filemanager.domain.repositories.package import RpmChange
from unit.archives.packages.refused import RPM, why


def changes(cells: dict[int, Cell]) -> list[RpmChange]:
    return list(read_rpm(RPM, Bytes(an_rpm({**tags_of(), **cells}))).changelog)


def test_changes_are_told_from_the_oldest_to_the_newest() -> None:
    found = changes(log((2000, "Ann", "- second"), (1000, "Bob", "- first")))

    assert found == [RpmChange("Bob", 1000, "- first"), RpmChange("Ann", 2000, "- second")]


def test_the_ten_newest_are_kept_and_no_other_is_looked_at() -> None:
    many = [(2000 - number, "Ann", f"{number}") for number in range(12)]
    many[11] = (1, "Ann", "bell\x07")

    assert [change.text for change in changes(log(*many))] == [str(at) for at in range(9, -1, -1)]


def test_those_of_one_time_are_a_second_apart() -> None:
    times = [2001, 2000, 2000, 2000, 1990, 1990, 1980]

    found = changes(log(*((at, "Ann", "") for at in times)))

    assert [change.at for change in found] == [1980, 1990, 1991, 2000, 2001, 2002, 2003]


@pytest.mark.parametrize(
    ("author", "kept"), [("Ann  ", "Ann"), (" Ann", " Ann"), ("   ", " "), ("", "")]
)
def test_blanks_behind_an_author_are_left_out(author: str, kept: str) -> None:
    assert [change.author for change in changes(log((1, author, "")))] == [kept]


def test_a_log_without_one_of_its_tags_is_none() -> None:
    whole = log((1, "Ann", "x"))

    for tag in whole:
        assert changes({other: cell for other, cell in whole.items() if other != tag}) == []


def test_times_authors_and_texts_are_as_many() -> None:
    cells = {**tags_of(), **log((1, "Ann", "x")), Tag.CHANGELOG_TIME: int32(1, 2)}

    refusal = why(lambda: read_rpm(RPM, Bytes(an_rpm(cells))))

    assert refusal == "its changelog has more times than authors or texts, or fewer"
