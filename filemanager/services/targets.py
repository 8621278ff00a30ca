"""Where uploads want to go: one receiver for each kind of target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from filemanager.domain.areas import public_path
from filemanager.domain.blobs import Content
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import Conflict, InsufficientScope, NotOwner
from filemanager.domain.ports import Clock, Transaction
from filemanager.domain.quotas import Allowance, owner_subject
from filemanager.domain.tree import locate
from filemanager.domain.uploads import Target, UploadId, WorkspaceTarget
from filemanager.domain.workspace import Workspace
from filemanager.domain.workspace_errors import WorkspaceNotFound
from filemanager.sanitize.inspection import Sent
from filemanager.services.files import FileService, Terms
from filemanager.services.intake import Spool
from filemanager.services.room import Room
from filemanager.services.summary import live


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

    def end(self, tx: Transaction, results: Mapping[UploadId, Mapping[str, object]]) -> None:
        """*results* say what each upload became, for its owner."""


class Receiver(Protocol):
    """One door's side of uploads. The targets of a call are of its kind, and at one place."""

    def admit(
        self, tx: Transaction, caller: Caller, targets: Sequence[Target]
    ) -> Sequence[Allowance]:
        """Look at rights and state, and say whom the bytes count against."""

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        """Take all or none; rights and state are looked at again."""


class Targets:
    def __init__(self, receivers: Mapping[type[Target], Receiver]) -> None:
        self._receivers = receivers

    def of(self, target: Target) -> Receiver:
        return self._receivers[type(target)]


class WorkspaceReceiver:
    def __init__(self, files: FileService, room: Room, clock: Clock) -> None:
        self._files = files
        self._room = room
        self._clock = clock

    def admit(
        self, tx: Transaction, caller: Caller, targets: Sequence[Target]
    ) -> Sequence[Allowance]:
        places = [target for target in targets if isinstance(target, WorkspaceTarget)]
        for place in places:
            locate(place.path)
        resource = str(places[0].workspace_id)
        if not caller.holds(Scope.UPDATE) and not caller.holds_for(Scope.UPDATE, resource):
            # Before the look-up, so that a token without the scope learns nothing of what exists.
            raise InsufficientScope(Scope.UPDATE)
        workspace = live(tx, places[0].workspace_id)
        try:
            workspace.ensure_allows(caller, Scope.UPDATE)
        except NotOwner as stranger:
            # Who may not know of a workspace learns nothing of it.
            raise WorkspaceNotFound from stranger
        workspace.ensure_writable(self._clock())
        return self._room.allowances(workspace.owner, workspace.id)

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        sent: list[Sent] = []
        paths: dict[UploadId, str] = {}
        for one in arrived:
            assert isinstance(one.target, WorkspaceTarget)  # noqa: S101  # by the receiver's contract
            area, path = locate(one.target.path)
            sent.append(Sent(area, path, one.content, unpack=one.target.unpack))
            paths[one.upload_id] = public_path(area, path)
            workspace_id = one.target.workspace_id
        terms = Terms(wants_summary=False, settlement=_Settlement(settling, paths))
        self._files.receive(caller, workspace_id, sent, spool, terms=terms)


@dataclass(frozen=True, slots=True)
class _Settlement:
    """Turns what files became into the results of their uploads."""

    settling: Settling
    paths: Mapping[UploadId, str]
    """The public paths that were sent."""

    def begin(self, tx: Transaction) -> None:
        self.settling.begin(tx)

    def end(self, tx: Transaction, workspace: Workspace, became: Mapping[str, str | None]) -> None:
        results = {
            upload_id: {
                "workspace": int(workspace.id),
                "revision": int(workspace.revision),
                "sent": sent,
                "path": became[sent],
            }
            for upload_id, sent in self.paths.items()
        }
        self.settling.end(tx, results)


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

    def admit(
        self, tx: Transaction, caller: Caller, targets: Sequence[Target]
    ) -> Sequence[Allowance]:
        del tx, targets
        caller.ensure_holds(Scope.UPDATE)
        return (Allowance(owner_subject(caller.owner), self._max_owner_bytes),)

    def receive(
        self, caller: Caller, arrived: Sequence[Arrived], spool: Spool, settling: Settling
    ) -> None:
        del caller, arrived, spool, settling
        raise PartOfAnother
