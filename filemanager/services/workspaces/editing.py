"""What people do to files that are there: delete, move, bring back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from filemanager.domain.caller import Caller
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions, State
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.errors import (
    ChangeNotFound,
    FileNotFound,
    NotRestorable,
    PathInTheWay,
    PathRefused,
    PlaceTaken,
)
from filemanager.domain.trees.findings import LEFT_OUT, Finding, Severity
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import (
    Entry,
    TreeChange,
    TreePath,
    locate,
)
from filemanager.domain.workspaces.log import escaped
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.codes import RESTORABLE, Code
from filemanager.sanitize.registry import profile_named
from filemanager.sanitize.reviewing import reviewed
from filemanager.services.committing import NO_BYTES, Committer
from filemanager.services.workspaces.edits import DELETED, removal, rewrite_undone, rewrites_of
from filemanager.services.workspaces.logs import Event, signed
from filemanager.services.workspaces.revisions import save_revision
from filemanager.services.workspaces.room import Room
from filemanager.services.workspaces.summary import Summary, save_name, summarize


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    workspace: Workspace
    summary: Summary


_NOT_CHECKED = Finding(
    severity=Severity.FATAL,
    code=Code.NOT_CHECKED,
    message="It was brought back, and not every check has seen it. Check the workspace again.",
)

_Plan = Callable[[Transaction, Workspace, TreeView], TreeChange]


class EditingService:
    """Each change is one revision; source type, references and readiness are looked at again."""

    def __init__(self, database: Database, committer: Committer, room: Room, clock: Clock) -> None:
        self._database = database
        self._committer = committer
        self._room = room
        self._clock = clock

    def delete(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        path: str,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Edited:
        """Take a file, or with a closing ``/`` a directory, into the removed area.

        The path is looked up in the index alone: whatever no tree can hold is ``FileNotFound``,
        after the state of the workspace was asked. What was said of an archive that was unpacked
        ends, though it is no file any more.
        """

        def plan(_tx: Transaction, workspace: Workspace, view: TreeView) -> TreeChange:
            doomed, archives = _there(view, path), _spoken_of(view, path)
            if not doomed and not archives:
                raise FileNotFound
            # A directory has no bytes and so no digest: its state is that of the workspace.
            is_file = doomed and not path.endswith("/")
            preconditions.ensure(_state_of(workspace, doomed[0]) if is_file else workspace.state)
            removed = removal(doomed)
            return replace(removed, clear=(*removed.clear, *archives))

        return self._edit(caller, workspace_id, plan, f"Deleted '{escaped(path)}'")

    def delete_all(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Edited:
        """Take every file into the removed area; checkpoints and the log stay."""

        def plan(_tx: Transaction, workspace: Workspace, view: TreeView) -> TreeChange:
            preconditions.ensure(workspace.state)
            doomed = [*view.below(Area.SOURCE, ""), *view.below(Area.ANCILLARY, "")]
            codes = {finding.code for finding in view.findings_on(None, None)}
            return replace(
                removal(doomed),
                end=(),
                end_areas=(Area.SOURCE, Area.ANCILLARY),
                clear_codes=tuple(sorted(codes)),
            )

        return self._edit(caller, workspace_id, plan, "Deleted all files")

    def move(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        paths: tuple[str, str],
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Edited:
        """Rename a file, never over another: raises ``PlaceTaken`` or ``PathInTheWay``."""

        def plan(_tx: Transaction, workspace: Workspace, view: TreeView) -> TreeChange:
            entry = _file_at(view, paths[0])
            preconditions.ensure(_state_of(workspace, entry))
            area, path = locate(paths[1])
            _ensure_free(view, area, path, besides=entry)
            moved = replace(entry, area=area, path=path, position=None)
            return TreeChange(
                end=((entry.area, entry.path),),
                clear=((entry.area, entry.path),),
                put=(moved,),
                findings=tuple(
                    replace(finding, area=area, path=path)
                    for finding in view.findings_on(entry.area, entry.path)
                ),
            )

        text = f"Moved '{escaped(paths[0])}' to '{escaped(paths[1])}'"
        return self._edit(caller, workspace_id, plan, text)

    def undelete(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        path: str,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Edited:
        """Bring back a removed file to where it was; checks will not take it off again.

        What was said of it before a person removed it is said again; where a check did, that the
        others have not seen it. Raises ``NotRestorable`` for what a check refused, ``PlaceTaken``
        where the place is taken.
        """

        def plan(tx: Transaction, workspace: Workspace, view: TreeView) -> TreeChange:
            entry = view.find(Area.REMOVED, path)
            if entry is None:
                raise FileNotFound
            preconditions.ensure(_state_of(workspace, entry))
            if entry.code != DELETED and entry.code not in RESTORABLE:
                raise NotRestorable(path)
            area, place = locate(path)
            _ensure_free(view, area, place, besides=None)
            by_owner = entry.code == DELETED
            tree_id = workspace.tree.id
            said = tx.trees.said_before_removal(tree_id, path) if by_owner else (_NOT_CHECKED,)
            return _brought_back(entry, (area, place), said)

        return self._edit(caller, workspace_id, plan, f"Brought back '{escaped(path)}'")

    def undo(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        rewrite: tuple[str, str],
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Edited:
        """Put back what a file was before a check rewrote it; *rewrite* is its path and the change.

        No check rewrites it again. Raises ``ChangeNotFound``, and ``QuotaExceeded`` where there is
        no room for another version.
        """
        path, change = rewrite

        def plan(tx: Transaction, workspace: Workspace, view: TreeView) -> TreeChange:
            entry = _file_at(view, path)
            preconditions.ensure(_state_of(workspace, entry))
            rewrites = rewrites_of(tx, workspace.tree.id, entry)
            made = next((one for one in rewrites if one.id == change), None)
            if made is None:
                raise ChangeNotFound(path)
            said = view.findings_on(entry.area, entry.path)
            return rewrite_undone(entry, made, said, self._clock())

        text = f"Undid a change of '{escaped(path)}'"
        return self._edit(caller, workspace_id, plan, text, room=self._room)

    def _edit(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        plan: _Plan,
        text: str,
        *,
        room: Room | None = None,
    ) -> Edited:
        def work(tx: Transaction) -> Edited:
            workspace = tx.workspaces.lock(workspace_id)
            workspace.ensure_writable(self._clock())
            view = tx.trees.view(workspace.tree, workspace.source_format)
            outcome = reviewed(view, plan(tx, workspace, view), profile_named(workspace.profile))
            at = self._clock()
            edited = replace(
                workspace,
                # The bytes are there already: only what the archive grows by is to be known.
                tree=self._committer.apply(tx, NO_BYTES, workspace.tree, outcome.change, at),
                source_format=outcome.source_format,
                modified_at=at,
            )
            event = Event(
                caller=caller,
                workspace_id=workspace_id,
                at=at,
                code="edit",
                text=signed(text, caller),
                what=text,
            )
            return _shown(tx, save_revision(tx, workspace, edited, event.lines(), room=room))

        return self._database.write(work)


def _shown(tx: Transaction, workspace: Workspace) -> Edited:
    summary = summarize(tx, workspace, transient=False)
    save_name(tx, summary)
    return Edited(workspace=workspace, summary=summary)


def _state_of(workspace: Workspace, entry: Entry) -> State:
    """Tags may name the workspace's revision or the digest of the file addressed."""
    return State(workspace.state.tags | entry.state.tags, entry.modified_at)


def _there(view: TreeView, path: str) -> Sequence[Entry]:
    """The file at a public path, or the files below one with a closing ``/``."""
    try:
        area, place = locate(path.removesuffix("/"))
    except PathRefused as refused:
        raise FileNotFound from refused
    if path.endswith("/"):
        return view.below(area, place)
    entry = view.find(area, place)
    return [entry] if entry else []


def _file_at(view: TreeView, path: str) -> Entry:
    found = [] if path.endswith("/") else _there(view, path)
    if not found:
        raise FileNotFound
    return found[0]


def _spoken_of(view: TreeView, path: str) -> Sequence[tuple[Area, str]]:
    """The archives at a public path, or below it, of which something was left out."""
    said = dict.fromkeys((one.area, one.path) for one in view.findings_of(LEFT_OUT))
    places = ((area, place) for area, place in said if area is not None and place is not None)
    return [one for one in places if _is_at(public_path(*one), path)]


def _is_at(public: str, path: str) -> bool:
    return public == path or (path.endswith("/") and public.startswith(path))


def _ensure_free(view: TreeView, area: Area, path: TreePath, *, besides: Entry | None) -> None:
    there = view.find(area, path)
    if there:
        raise PlaceTaken(there.public_path)
    for directory in path.directories():
        file = view.find(area, directory)
        if file and file != besides:
            raise PathInTheWay(public_path(area, path), file.public_path)
    if view.holds_below(area, path):
        raise PathInTheWay(public_path(area, path), public_path(area, f"{path}/"))


def _brought_back(entry: Entry, to: tuple[Area, TreePath], said: Sequence[Finding]) -> TreeChange:
    area, path = to
    back = replace(
        entry, area=area, path=path, position=None, reason=None, code=None, kept_by_owner=True
    )
    there = (Area.REMOVED, entry.path)
    findings = tuple(replace(one, area=area, path=path) for one in said)
    return TreeChange(end=(there,), clear=(there,), put=(back,), findings=findings)
