"""Taking bytes in: spooled to scratch, then checked."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import IO

from filemanager.archives.bundle import read_bundle
from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.intake.scratch import Scratch, ScratchSpace
from filemanager.domain.intake.unpacking import Unpacker
from filemanager.domain.ports import Clock
from filemanager.domain.uploads.bundle import LEAST_FILES, BundledFile
from filemanager.sanitize.inspection import Inspection, Sent, Tools
from filemanager.sanitize.registry import profile_named


@dataclass(frozen=True, slots=True)
class Spool:
    """The scratch space of one request."""

    scratch: Scratch

    def receive(self, stream: IO[bytes], *, needs_md5: bool = False) -> Content:
        """Read *stream* to its end, a chunk at a time."""
        chunks = iter(partial(stream.read, CHUNK_BYTES), b"")
        return self.receive_chunks(chunks, needs_md5=needs_md5)

    def receive_chunks(self, chunks: Iterable[bytes], *, needs_md5: bool = False) -> Content:
        writer = self.scratch.writer(needs_md5=needs_md5)
        for chunk in chunks:
            writer.write(chunk)
        return writer.finish()


class Intake:
    """Opens spools and starts inspections with the operator's limits."""

    def __init__(
        self, space: ScratchSpace, unpacker: Unpacker, limits: Limits, clock: Clock
    ) -> None:
        self._space = space
        self._unpacker = unpacker
        self._limits = limits
        self._clock = clock

    @contextmanager
    def spool(self, declared_bytes: int | None) -> Iterator[Spool]:
        """A spool for a request of *declared_bytes*; raises ``ScratchFull`` before any is read."""
        with self._space.open() as scratch:
            if declared_bytes:
                scratch.reserve(declared_bytes)
            yield Spool(scratch)

    def inspection(self, spool: Spool, sent: Sequence[Sent], profile: str) -> Inspection:
        """Check *sent* by the named profile, within the operator's limits."""
        chosen = replace(profile_named(profile), limits=self._limits)
        sent_bytes = sum(one.content.size_bytes for one in sent)
        budget = Budget(self._limits, sent_bytes, time.monotonic)
        tools = Tools(
            unpacker=self._unpacker, scratch=spool.scratch, budget=budget, at=self._clock()
        )
        return Inspection(sent, chosen, tools)

    def bundled(self, spool: Spool, bundle: Content) -> Sequence[BundledFile]:
        """The files of a bundle, within the operator's limits, or ``LEAST_FILES`` of them.

        Raises ``BundleRefused`` and ``OverBudget``.
        """
        limits = replace(self._limits, entries=max(self._limits.entries, LEAST_FILES))
        budget = Budget(limits, bundle.size_bytes, time.monotonic)
        return read_bundle(bundle, budget, spool.scratch)
