"""Running the checks again over what a workspace holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from filemanager.domain.blobs.blob import Put
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import LEFT_OUT, Finding
from filemanager.domain.trees.tree import Altered, Entry, TreeChange, identified
from filemanager.domain.workspaces.errors import GuestsHandInHere, WorkspaceBusy
from filemanager.domain.workspaces.log import LogLine
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.inspection import EMPTY_TREE, Sent
from filemanager.sanitize.outcome import Outcome
from filemanager.sanitize.registry import profile_named
from filemanager.services.committing import Committer
from filemanager.services.intake import Intake, Spool
from filemanager.services.neighbours import contents_in_turn
from filemanager.services.workspaces.life import Wishes, WorkspaceService, described
from filemanager.services.workspaces.logs import Event, signed
from filemanager.services.workspaces.revisions import save_revision
from filemanager.services.workspaces.room import Room
from filemanager.services.workspaces.summary import live

_CONTENT = (Area.SOURCE, Area.ANCILLARY)


@dataclass(frozen=True, slots=True)
class Rechecked:
    """``altered`` is what the checks changed, or would change."""

    workspace: Workspace
    altered: Sequence[Altered]


Also = Callable[[Transaction, Rechecked], None]
"""What else happens in the transaction of the effect."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a workspace holds, read at one revision."""

    workspace: Workspace
    entries: Sequence[Entry]
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class _Checking:
    """One run: what was there, what the workspace is to be, and what the checks say."""

    caller: Caller
    held: _Held
    wanted: Workspace
    outcome: Outcome
    also: Also


def _nothing(tx: Transaction, rechecked: Rechecked) -> None:
    """The effect is all."""


class RecheckingService:
    """Every file goes through its profile as if all had just been sent, in one revision."""

    def __init__(  # noqa: PLR0913  # called by the composition root alone, by keyword
        self,
        *,
        database: Database,
        blobs: BlobStore,
        committer: Committer,
        intake: Intake,
        workspaces: WorkspaceService,
        room: Room,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._committer = committer
        self._intake = intake
        self._workspaces = workspaces
        self._room = room
        self._clock = clock

    def check(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        *,
        dry_run: bool,
        preconditions: Preconditions = UNCONDITIONAL,
        also: Also = _nothing,
    ) -> Rechecked:
        """Check again; with *dry_run* only tell, also of a workspace that is locked.

        Raises ``WorkspaceBusy`` where another request changed the workspace meanwhile, and
        ``GuestsHandInHere``.
        """
        held = self._held(workspace_id)
        preconditions.ensure(held.workspace.state)
        return self._check(caller, held, held.workspace, dry_run=dry_run, also=also)

    def describe(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        wishes: Wishes,
        preconditions: Preconditions,
    ) -> Workspace:
        """Change name, metadata or profile; another profile checks everything, in one revision.

        Raises ``InsufficientScope`` for another profile without ``upload:admin``, and
        ``ProfileUnknown``.
        """
        profile = wishes.profile
        if profile is None or profile == self._workspaces.get(workspace_id).profile:
            return self._workspaces.describe(caller, workspace_id, wishes, preconditions)
        if not caller.holds_globally(Scope.ADMIN):
            raise InsufficientScope(Scope.ADMIN)
        held = self._held(workspace_id)
        preconditions.ensure(held.workspace.state)
        known = profile_named(profile).name
        wanted = replace(described(held.workspace, wishes), profile=known)
        return self._check(caller, held, wanted, dry_run=False).workspace

    def _check(
        self,
        caller: Caller,
        held: _Held,
        wanted: Workspace,
        *,
        dry_run: bool,
        also: Also = _nothing,
    ) -> Rechecked:
        if not dry_run:
            held.workspace.ensure_writable(self._clock())
        with self._intake.spool(None) as spool:
            outcome = self._outcome(spool, held, wanted.profile)
            if dry_run:
                return Rechecked(held.workspace, outcome.change.altered)
            checking = _Checking(caller, held, wanted, outcome, also)
            return self._committer.commit(lambda: outcome.contents, self._commit(checking))

    def _commit(self, checking: _Checking) -> Callable[[Transaction, Put], Rechecked]:
        change = _rest(checking.held, checking.outcome.change)

        def work(tx: Transaction, put: Put) -> Rechecked:
            workspace, at = tx.workspaces.lock(checking.wanted.id), self._clock()
            workspace.ensure_writable(at)
            if workspace.revision != checking.held.workspace.revision:
                # Every file was looked at: a newer one among them would go unchecked.
                raise WorkspaceBusy
            checked = replace(
                checking.wanted,
                tree=self._committer.apply(tx, put, workspace.tree, change, at),
                source_format=checking.outcome.source_format,
                modified_at=at,
            )
            lines = _lines(checking, checked)
            saved = save_revision(tx, workspace, checked, lines, room=self._room)
            rechecked = Rechecked(saved, identified(change.altered, saved.revision))
            checking.also(tx, rechecked)
            return rechecked

        return work

    def _held(self, workspace_id: WorkspaceId) -> _Held:
        with self._database.read() as tx:
            workspace = live(tx, workspace_id)
            if tx.invitations.guests.have_folders(workspace_id):
                raise GuestsHandInHere
            tree = workspace.tree
            return _Held(
                workspace,
                tx.trees.entries(tree.id, tree.revision),
                tx.trees.findings(tree.id, tree.revision, transient=True),
            )

    def _outcome(self, spool: Spool, held: _Held, profile: str) -> Outcome:
        with self._database.read() as tx:
            stored = tx.blobs.find([entry.digest for entry in held.entries])
        wanted = (stored[entry.digest] for entry in held.entries)
        contents = contents_in_turn(self._blobs, wanted)
        sent = [
            Sent(
                entry.area,
                entry.path,
                contents[entry.digest],
                kept_by_owner=entry.kept_by_owner,
            )
            for entry in held.entries
        ]
        return self._intake.inspection(spool, sent, profile).against(EMPTY_TREE)


def _rest(held: _Held, change: TreeChange) -> TreeChange:
    """*change*, made against an empty tree, as what turns the present tree into the same.

    Files that stay as they are keep their rows; everything said of files is said anew.
    """
    there = {(entry.area, str(entry.path)): entry for entry in held.entries}
    places = {(entry.area, str(entry.path)) for entry in change.put}
    said = dict.fromkeys((f.area, f.path) for f in held.findings)
    # Of an archive that is not among the files nothing would be said anew.
    left_out = {(f.area, f.path) for f in held.findings if f.code == LEFT_OUT}
    kept = left_out - there.keys()
    return replace(
        change,
        end=tuple((one.area, one.path) for place, one in there.items() if place not in places),
        put=tuple(
            one
            for entry in change.put
            if (one := _new(there.get((entry.area, str(entry.path))), entry)) is not None
        ),
        clear=tuple((a, p) for a, p in said if a in _CONTENT and p and (a, p) not in kept),
        clear_codes=tuple(dict.fromkeys(f.code for f in held.findings if f.area is None)),
    )


def _new(before: Entry | None, after: Entry) -> Entry | None:
    """The entry to begin; None where *before* may go on."""
    if before is None:
        return after
    if (before.digest, before.kind) == (after.digest, after.kind):
        return None
    rewrites = before.rewrites if before.digest == after.digest else after.rewrites
    name_as_sent = after.name_as_sent or before.name_as_sent
    return replace(after, name_as_sent=name_as_sent, rewrites=rewrites)


def _lines(checking: _Checking, checked: Workspace) -> Sequence[LogLine]:
    at, text = checked.modified_at, f"Checked again by the profile '{checked.profile}'"
    event = Event(
        caller=checking.caller,
        workspace_id=checked.id,
        at=at,
        code="check",
        text=signed(text, checking.caller),
        what=text,
    )
    found = [
        LogLine(at=at, code=code, workspace_id=checked.id, text=line)
        for code, line in checking.outcome.log
    ]
    return [*event.lines(), *found]
