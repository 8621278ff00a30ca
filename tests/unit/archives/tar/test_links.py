"""Hard links are what they name, if that came before."""

import pytest

from filemanager.archives.faults import Fault
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.unpacking import ArchiveRefused, MemberRefusal
from unit.archives.reading import a_budget, files, unpack
from unit.archives.tar.tar_bytes import END, header, member, pax, sparse


def link(name: bytes, target: bytes) -> bytes:
    return header(name, kind=b"1", link=target)


def test_a_link_is_the_content_of_the_last_earlier_file_of_that_name() -> None:
    data = member(b"a", b"old") + member(b"a", b"new") + link(b"b", b"a") + member(b"a", b"newer")

    assert files(unpack(data + END)) == {"a": b"newer", "b": b"new"}


def test_a_link_may_name_a_link_or_a_sparse_file() -> None:
    data = sparse("1.0", [(4, 1)], 5, b"x") + link(b"b", b"s.h5") + link(b"c", b"b")

    assert files(unpack(data + END))["c"] == b"\0\0\0\0x"


def test_a_long_target_stands_in_an_extended_header() -> None:
    long = b"d/" + b"n" * 150
    before = pax((b"path", long)) + member(b"x")
    gnu = member(b"././@LongLink", long + b"\0", b"K") + link(b"b", long[:100])

    for data in (before + pax((b"linkpath", long)) + link(b"b", b""), before + gnu):
        assert files(unpack(data + END)) == {long.decode(): b"hello", "b": b"hello"}


@pytest.mark.parametrize("target", [b"./a", b"A", b"later", b"d", b"s", b"../a", b""])
def test_a_link_to_anything_else_is_refused_alone(target: bytes) -> None:
    others = header(b"d", kind=b"5") + header(b"s", kind=b"2", link=b"a") + member(b"../a")
    unpacked = unpack(member(b"a") + others + link(b"b", target) + member(b"later") + END)

    assert unpacked is not None
    assert [one.path for one in unpacked.members] == ["a", "d", "later"]
    assert (unpacked.refused[-1].path, unpacked.refused[-1].refusal) == (
        "b",
        MemberRefusal.HARD_LINK,
    )


def test_a_link_that_leaves_is_refused() -> None:
    unpacked = unpack(member(b"a") + link(b"../b", b"a") + END)

    assert unpacked is not None
    assert unpacked.refused[0].refusal is MemberRefusal.LEAVES_THE_ARCHIVE


def test_a_link_with_data_refuses_the_archive() -> None:
    data = member(b"a") + header(b"b", 5, b"1", link=b"a") + b"hello".ljust(512, b"\0")

    with pytest.raises(ArchiveRefused) as refused:
        unpack(data + END)

    assert refused.value.reason == Fault.DISPUTED_TYPE


def test_links_count_by_what_they_name() -> None:
    data = member(b"a", bytes(10_000)) + b"".join(link(b"b%d" % n, b"a") for n in range(50)) + END

    with pytest.raises(OverBudget, match="unpacked bytes"):
        unpack(data, a_budget(unpacked_bytes=500_000))
    with pytest.raises(OverBudget, match="50 entries"):
        unpack(data, a_budget(entries=50))
