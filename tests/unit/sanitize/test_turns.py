"""An upload that needs a large decoder, while another has the memory for one."""

import lzma
from datetime import UTC, datetime

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.errors import DecodersBusy
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.intake.turns import Turns
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.inspection import EMPTY_TREE, Inspection, Sent, Tools
from filemanager.sanitize.registry import GENERIC
from unit.archives.tar.tar_bytes import END, member

PACKED = lzma.compress(
    member(b"a.csv", b"1,2\n") + END, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 64 << 20}]
)


def an_inspection(turns: Turns) -> Inspection:
    sent = Sent(Area.SOURCE, TreePath.parse("a.tar.xz"), Bytes(PACKED))
    budget = Budget(Limits(turns=turns), len(PACKED), lambda: 0.0)
    tools = Tools(
        unpacker=ArchiveUnpacker(),
        scratch=MemoryScratch(),
        budget=budget,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return Inspection([sent], GENERIC, tools)


def test_it_is_told_to_come_back() -> None:
    turns = Turns(wait_seconds=0.0)

    with turns.of_upload() as other:
        other.take()
        with pytest.raises(DecodersBusy):
            an_inspection(turns).against(EMPTY_TREE)


def test_behind_the_first_round_the_turn_is_free_and_not_needed_again() -> None:
    turns = Turns(wait_seconds=0.0)
    inspection = an_inspection(turns)
    first = inspection.against(EMPTY_TREE)

    with turns.of_upload() as other:
        other.take()
        second = inspection.against(EMPTY_TREE)

    assert [entry.path for entry in first.change.put if entry.area is Area.SOURCE] == ["a.csv"]
    assert second == first
