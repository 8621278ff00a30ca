"""Where uploads want to go: one receiver for each kind of target."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from filemanager.domain.blobs.blob import Content
from filemanager.domain.caller import Caller, Rights, Scope
from filemanager.domain.errors import Conflict
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import Allowance, owner_subject
from filemanager.domain.uploads.targets import Target
from filemanager.domain.uploads.upload import Upload, UploadId
from filemanager.services.intake import Spool

Results = Mapping[UploadId, Mapping[str, object]]
"""What each upload became, for its owner."""

Effect_contra = TypeVar("Effect_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An upload whose bytes are all here."""

    upload_id: UploadId
    target: Target
    content: Content


class Settling(Protocol):
    """What is written with the effect of uploads, in its transaction."""

    def begin(self, tx: Transaction) -> None:
        """Called when the target is locked, and before room in a quota is used."""

    def end(self, tx: Transaction, results: Results) -> None: ...


class Settles(Protocol[Effect_contra]):
    """What a door calls when files came as uploads, in the transaction of their effect.

    The door begins with its target locked, before it uses room: what was reserved is given back.
    """

    def begin(self, tx: Transaction) -> None: ...
    def end(self, tx: Transaction, effect: Effect_contra) -> None: ...


@dataclass(frozen=True, slots=True)
class Settlement(Generic[Effect_contra]):
    """``Settles`` where *results* tells what the effect made of the uploads."""

    settling: Settling
    results: Callable[[Effect_contra], Results]

    def begin(self, tx: Transaction) -> None:
        self.settling.begin(tx)

    def end(self, tx: Transaction, effect: Effect_contra) -> None:
        self.settling.end(tx, self.results(effect))


class Receiver(Protocol):
    """One door's side of uploads. Those of a call have targets of its kind, at one place."""

    def rights(self, target: Target) -> Rights:
        """What opens the target, and with it every upload on its way there."""

    def admit(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        """Look at rights and state, and say whom the bytes count against."""

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        """Take all or none; rights and state are looked at again."""


Receivers = Mapping[type[Target], Receiver]


class Targets:
    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers

    def of(self, target: Target) -> Receiver:
        return self._receivers[type(target)]

    def rights(self, upload: Upload) -> Rights:
        """A token of the owner that lacks them knows of no such upload."""
        return self.of(upload.target).rights(upload.target)


class PartOfAnother(Conflict):
    code = "part_of_another"

    def __init__(self) -> None:
        super().__init__(
            "This is a part: it is received with the upload that is put together of it."
        )


class PartReceiver:
    """Parts go nowhere by themselves: another upload is put together of them."""

    def __init__(self, max_owner_bytes: int | None) -> None:
        self._max_owner_bytes = max_owner_bytes

    def rights(self, target: Target) -> Rights:
        del target
        return Rights(Scope.READ, Scope.UPDATE)

    def admit(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        del tx, uploads
        caller.ensure_holds(Scope.UPDATE)
        return (Allowance(owner_subject(caller.owner), self._max_owner_bytes),)

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        del caller, arrived, spool, settling
        raise PartOfAnother
