"""Letting uploads begin: limits, rights at the target, and room that is reserved for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from filemanager.domain.caller import Caller
from filemanager.domain.ports import Clock, Transaction
from filemanager.domain.quotas import Allowance, charge
from filemanager.domain.uploads.targets import place_of
from filemanager.domain.uploads.upload import (
    BatchClosed,
    BatchElsewhere,
    TooManyUploads,
    Upload,
    UploadState,
)
from filemanager.services.uploads.inflow import UploadTooLarge
from filemanager.services.uploads.targets import Targets


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """How long uploads may take, how many of one owner may be open, how large one may be, and in
    how many segments it may lie.
    """

    life: timedelta
    open_uploads: int
    upload_bytes: int
    segments: int


@dataclass(frozen=True, slots=True)
class Admission:
    targets: Targets
    limits: UploadLimits
    clock: Clock

    def ensure_size(self, size_bytes: int | None) -> None:
        if (size_bytes or 0) > self.limits.upload_bytes:
            raise UploadTooLarge(self.limits.upload_bytes)

    def admit(self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]) -> None:
        """Add *uploads*, which go to one place and share a reservation, or none of them."""
        first = uploads[0]
        allowances = self._allowances(tx, caller, uploads)
        _ensure_joins(tx, first)
        tx.uploads.add(uploads)
        total_bytes = sum(charge(upload.size_bytes or 0) for upload in uploads)
        at = self.clock()
        tx.quotas.reserve(first.reservation, allowances, total_bytes, at, first.expires_at)
        # Asked behind the reservation, where the owner's others wait: so they count exactly.
        if tx.uploads.count_open(caller.owner) > self.limits.open_uploads:
            raise TooManyUploads(self.limits.open_uploads)

    def ensure_admits(self, tx: Transaction, caller: Caller, upload: Upload) -> None:
        """Raise as ``admit`` would for an upload that waits for no others, were there room."""
        self._allowances(tx, caller, [upload])
        if tx.uploads.count_open(caller.owner) >= self.limits.open_uploads:
            raise TooManyUploads(self.limits.open_uploads)

    def reserve_anew(
        self, tx: Transaction, caller: Caller, upload: Upload, size_bytes: int
    ) -> None:
        """Reserve for *size_bytes* in place of what was reserved; rights are looked at again."""
        allowances = self._allowances(tx, caller, [upload])
        tx.quotas.release(upload.reservation)
        more, at = charge(size_bytes), self.clock()
        tx.quotas.reserve(upload.reservation, allowances, more, at, upload.expires_at)

    def _allowances(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        return self.targets.of(uploads[0].target).admit(tx, caller, uploads)


def _ensure_joins(tx: Transaction, upload: Upload) -> None:
    """One upload of a batch stands for all: they go to one place, and are received together."""
    there = tx.uploads.lock_any_of_batch(upload.owner, upload.batch)
    if there is None:
        return
    if place_of(there.target) != place_of(upload.target):
        raise BatchElsewhere
    if there.state not in (UploadState.OPEN, UploadState.COMPLETE):
        raise BatchClosed
