"""Archives read as contents in memory, for the tests of the readers."""

from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.intake.turns import Turns
from filemanager.domain.intake.unpacking import Unpacked


def a_budget(
    sent_bytes: int = 1 << 30,
    *,
    unpacked_bytes: int = 1 << 30,
    entries: int = 1000,
    decoder_bytes: int = 128 << 20,
    turns: Turns | None = None,
) -> Budget:
    limits = Limits(
        unpacked_bytes=unpacked_bytes,
        entries=entries,
        decoder_bytes=decoder_bytes,
        turns=turns or Turns(),
    )
    return Budget(limits=limits, sent_bytes=sent_bytes, clock=lambda: 0.0)


def unpack(data: bytes, budget: Budget | None = None) -> Unpacked | None:
    budget = budget or a_budget()
    with budget.turn:
        return ArchiveUnpacker().unpack(Bytes(data), budget, MemoryScratch())


def files(unpacked: Unpacked | None) -> dict[str, bytes]:
    """The files of an archive by path; of two with one path the later."""
    assert unpacked is not None
    found = {}
    for member in unpacked.members:
        if member.content is not None:
            with member.content.open() as file:
                found[member.path] = file.read()
    return found
