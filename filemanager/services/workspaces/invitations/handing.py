"""What an upload of a guest makes of his files, and what that counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from filemanager.domain.ids import GuestId
from filemanager.domain.ports import Clock, Transaction
from filemanager.domain.quotas import charge
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.tree import Entry
from filemanager.domain.uploads.upload import UploadId
from filemanager.domain.workspaces.invitations.guest import GuestFile, HandedIn, SentByGuest
from filemanager.services.uploads.targets import Results, Settling
from filemanager.services.workspaces.became import Became
from filemanager.services.workspaces.invitations.opening import ensure_alive
from filemanager.services.workspaces.invitations.places import shown_path
from filemanager.services.workspaces.invitations.room import Seat, count_handed_in


@dataclass(frozen=True, slots=True)
class _Came:
    """What was sent, in the order of the uploads."""

    uploads: Sequence[UploadId]
    sent: Sequence[SentByGuest]


class HandingIn:
    """Settles uploads of a guest: his files, and their counts, change with the workspace."""

    def __init__(
        self,
        settling: Settling,
        guest_id: GuestId,
        sent: Mapping[UploadId, SentByGuest],
        clock: Clock,
    ) -> None:
        self._settling = settling
        self._guest_id = guest_id
        self._came = _Came(list(sent), list(sent.values()))
        self._clock = clock

    def begin(self, tx: Transaction) -> None:
        """Raises where the invitation was closed meanwhile."""
        seat_of(tx, self._guest_id).invitation.ensure_open(self._clock())
        self._settling.begin(tx)

    def end(self, tx: Transaction, effect: Became) -> None:
        seat = seat_of(tx, self._guest_id)
        change_files(tx, seat, _changed(tx, seat, effect, self._came.sent, self._clock()))
        self._settling.end(tx, self._results(seat, effect))

    def _results(self, seat: Seat, became: Became) -> Results:
        numbers = list(became.origins.values())
        results: dict[UploadId, Mapping[str, object]] = {}
        for number, (upload_id, sent) in enumerate(
            zip(self._came.uploads, self._came.sent, strict=True)
        ):
            path = became.paths.get(sent.path)
            results[upload_id] = {
                "sent": sent.path,
                "path": None if path is None else str(shown_path(seat.guest, path)),
                "files": numbers.count(number),
            }
        return results


@dataclass(frozen=True, slots=True)
class FilesChanged:
    before: Sequence[GuestFile]
    after: Sequence[GuestFile]

    @property
    def more(self) -> HandedIn:
        return HandedIn(
            files=len(self.after) - len(self.before),
            size_bytes=_charged(self.after) - _charged(self.before),
        )


def seat_of(tx: Transaction, guest_id: GuestId) -> Seat:
    """The guest, whose files nobody else changes until the transaction ends."""
    guest = tx.invitations.guests.lock(guest_id)
    return Seat(ensure_alive(tx, tx.invitations.get(guest.invitation_id)), guest)


def change_files(tx: Transaction, seat: Seat, changed: FilesChanged) -> None:
    """Write and count; what was confirmed is not what is there any more.

    Raises ``QuotaExceeded`` and ``TooManyFiles``.
    """
    tx.invitations.files.drop(seat.guest.id, [one.path for one in changed.before])
    tx.invitations.files.put(seat.guest.id, changed.after)
    count_handed_in(tx, seat, changed.more)
    if seat.guest.confirmed_at is not None:
        tx.invitations.guests.save(replace(seat.guest, confirmed_at=None))


def _changed(
    tx: Transaction, seat: Seat, became: Became, sent: Sequence[SentByGuest], at: datetime
) -> FilesChanged:
    """What went or was overwritten, and what came: a file that only moved stays what it was."""
    put = [one for one in became.change.put if one.area is not Area.REMOVED]
    ended = {public_path(area, path) for area, path in became.change.end}
    before = tx.invitations.files.at(seat.guest.id, ended | {one.public_path for one in put})
    by_digest = {one.digest: one for one in before.values()}
    after: list[GuestFile] = []
    for entry in put:
        number = became.origins.get((entry.area, str(entry.path)))
        if number is not None:
            after.append(_new(entry, sent[number], at))
        elif (moved := by_digest.get(entry.digest)) is not None:
            after.append(replace(moved, path=entry.public_path))
    return FilesChanged(list(before.values()), after)


def _new(entry: Entry, sent: SentByGuest, at: datetime) -> GuestFile:
    return GuestFile(
        path=entry.public_path,
        digest=entry.digest,
        size_bytes=entry.size_bytes,
        sent=sent,
        received_at=at,
    )


def _charged(files: Sequence[GuestFile]) -> int:
    return sum(charge(one.size_bytes) for one in files)
