"""The workspaces' side of uploads: what a workspace receives."""

from collections.abc import Mapping, Sequence
from functools import partial

from filemanager.domain.caller import Caller, Rights, Scope
from filemanager.domain.errors import NotOwner
from filemanager.domain.ports import Clock, Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.tree import locate
from filemanager.domain.uploads.targets import Target, WorkspaceTarget
from filemanager.domain.uploads.upload import Upload, UploadId
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.workspace import rights_in
from filemanager.sanitize.inspection import Sent
from filemanager.services.intake import Spool
from filemanager.services.uploads.targets import Arrived, Results, Settlement, Settling
from filemanager.services.workspaces.became import Became
from filemanager.services.workspaces.bundles import Bundles
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.room import Room
from filemanager.services.workspaces.summary import live
from filemanager.services.workspaces.upload import Conditions


class WorkspaceReceiver:
    def __init__(self, files: FileService, bundles: Bundles, room: Room, clock: Clock) -> None:
        self._files = files
        self._bundles = bundles
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
            # The files of a bundle have paths of their own, which are looked at when it is whole.
            if not place.is_bundle:
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
        sent: dict[UploadId, Sequence[Sent]] = {}
        for one in arrived:
            assert isinstance(one.target, WorkspaceTarget)  # noqa: S101  # by the receiver's contract
            workspace_id = one.target.workspace_id
            sent[one.upload_id] = self._sent(caller, one, one.target, spool)
        conditions = Conditions(
            wants_summary=False,
            settlement=Settlement(settling, partial(_results, arrived, sent)),
        )
        files = [one for of_upload in sent.values() for one in of_upload]
        self._files.receive(caller, workspace_id, files, spool, conditions=conditions)

    def _sent(
        self, caller: Caller, arrived: Arrived, target: WorkspaceTarget, spool: Spool
    ) -> Sequence[Sent]:
        if target.is_bundle:
            return self._bundles.files(caller, arrived, spool, unpack=target.unpack)
        return [Sent(*locate(target.path), arrived.content, unpack=target.unpack)]


def _results(
    arrived: Sequence[Arrived], sent: Mapping[UploadId, Sequence[Sent]], became: Became
) -> Results:
    return {one.upload_id: _result(one, sent[one.upload_id], became) for one in arrived}


def _result(arrived: Arrived, sent: Sequence[Sent], became: Became) -> Mapping[str, object]:
    """Of a bundle only what is not as it was sent is told, since it may be thousands of files."""
    told: dict[str, object] = {
        "workspace": int(became.workspace.id),
        "revision": int(became.workspace.revision),
    }
    if isinstance(arrived.target, WorkspaceTarget) and arrived.target.is_bundle:
        changed = [_file(one, became) for one in sent if _is_changed(one, became)]
        return {**told, "files": len(sent), "changed": changed}
    (one,) = sent
    return {**told, **_file(one, became)}


def _file(sent: Sent, became: Became) -> Mapping[str, object]:
    """A file as it was sent, and where and what it is now."""
    there = public_path(sent.area, sent.path)
    path = became.paths[there]
    digest = None if path is None else became.digests.get(path)
    return {"sent": there, "sent_sha256": sent.content.digest, "path": path, "sha256": digest}


def _is_changed(sent: Sent, became: Became) -> bool:
    path = public_path(sent.area, sent.path)
    return (path, sent.content.digest) != (became.paths[path], became.digests.get(path))
