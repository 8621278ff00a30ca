"""The workspaces' side of uploads: what a workspace receives."""

from collections.abc import Mapping, Sequence
from functools import partial

from filemanager.domain.caller import Caller, Rights, Scope
from filemanager.domain.errors import NotOwner
from filemanager.domain.ports import Clock, Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.upload import Target, Upload, UploadId, WorkspaceTarget
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.workspace import rights_in
from filemanager.sanitize.inspection import Sent
from filemanager.services.intake import Spool
from filemanager.services.uploads.targets import Arrived, Results, Settlement, Settling
from filemanager.services.workspaces.files import Became, Conditions, FileService
from filemanager.services.workspaces.room import Room
from filemanager.services.workspaces.summary import live


class WorkspaceReceiver:
    def __init__(self, files: FileService, room: Room, clock: Clock) -> None:
        self._files = files
        self._room = room
        self._clock = clock

    def rights(self, target: Target) -> Rights:
        assert isinstance(target, WorkspaceTarget)  # noqa: S101  # by the receiver's contract
        return rights_in(target.workspace_id)

    def admit(
        self, tx: Transaction, caller: Caller, uploads: Sequence[Upload]
    ) -> Sequence[Allowance]:
        places = [one.target for one in uploads if isinstance(one.target, WorkspaceTarget)]
        for place in places:
            locate(place.path)
        resource = str(places[0].workspace_id)
        caller.ensure_may_ask(Scope.UPDATE, resource)
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
        conditions = Conditions(
            wants_summary=False, settlement=Settlement(settling, partial(_results, paths))
        )
        self._files.receive(caller, workspace_id, sent, spool, conditions=conditions)


def _results(paths: Mapping[UploadId, str], became: Became) -> Results:
    """*paths* are the public ones that were sent."""
    workspace = became.workspace
    return {
        upload_id: {
            "workspace": int(workspace.id),
            "revision": int(workspace.revision),
            "sent": sent,
            "path": became.paths[sent],
        }
        for upload_id, sent in paths.items()
    }
