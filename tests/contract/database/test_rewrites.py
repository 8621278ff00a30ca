"""Rewrites: what bytes were before is kept for as long as a file comes from them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from builders.rows import LATER, Steps, an_entry
from filemanager.domain.ids import Revision, digest_of
from filemanager.domain.quotas import MIN_CHARGE_BYTES
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Alteration, Altered, Rewrites, TreeChange, TreePath
from filemanager.domain.workspaces.workspace import Workspace

SENT = digest_of(b"as sent")
REWRITTEN = Altered(
    alteration=Alteration.REWRITTEN,
    code="x",
    before="a",
    after="a",
    before_digest=SENT,
    after_digest=digest_of(b"text"),
    file=0,
    before_bytes=7,
    before_kind=FileKind.MAC,
)
FILE = replace(an_entry("a"), rewrites=Rewrites(0))
A = (Area.SOURCE, TreePath("a"))


@pytest.fixture
def workspace(steps: Steps) -> Workspace:
    """One file, rewritten in revision 1, and an upload after that."""
    steps.store("as sent", "text", "other")
    change = TreeChange(put=(FILE,), altered=(REWRITTEN,), is_upload=True)
    workspace = steps.apply(steps.add(), change)
    return steps.apply(workspace, TreeChange(put=(an_entry("b"),), is_upload=True))


def _found(steps: Steps, workspace: Workspace, file: int = 0) -> Sequence[Altered]:
    with steps.database.read() as tx:
        return tx.trees.rewrites(workspace.tree.id, Rewrites(file, Revision(1)))


def _prune(steps: Steps, workspace: Workspace) -> Workspace:
    steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 100))
    steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 100))
    return steps.get(workspace)


def test_a_later_upload_does_not_tell_of_it_and_keeps_it(
    steps: Steps, workspace: Workspace
) -> None:
    kept = _prune(steps, workspace)

    with steps.database.read() as tx:
        assert tx.trees.altered(workspace.tree.id) == []
        assert tx.trees.find(workspace.tree.id, *A).rewrites == Rewrites(0, Revision(1))
        assert tx.trees.kept_bytes(workspace.tree.id) == 7 + 2 * MIN_CHARGE_BYTES
        assert SENT not in tx.blobs.sweepable(LATER, 10)
    assert _found(steps, workspace) == [replace(REWRITTEN, id="1-0")]
    assert kept.tree.kept_bytes == 7 + 2 * MIN_CHARGE_BYTES


def test_other_names_name_no_rewrite(steps: Steps, workspace: Workspace) -> None:
    assert _found(steps, workspace, 1) == []


def test_it_follows_a_file_that_moves_or_is_removed(steps: Steps, workspace: Workspace) -> None:
    with steps.database.read() as tx:
        file = tx.trees.find(workspace.tree.id, *A)
    moved = replace(file, area=Area.REMOVED, path=TreePath("c"), packed_bytes=0)

    workspace = steps.apply(workspace, TreeChange(end=(A,), put=(moved,)))

    _prune(steps, workspace)
    assert len(_found(steps, workspace)) == 1


def test_it_comes_back_with_an_older_revision(steps: Steps, workspace: Workspace) -> None:
    changed = steps.apply(workspace, TreeChange(put=(an_entry("a", "other"),)))

    restored = steps.restore(changed, Revision(1))

    _prune(steps, restored)
    with steps.database.read() as tx:
        assert tx.trees.find(workspace.tree.id, *A).rewrites == Rewrites(0, Revision(1))
    assert len(_found(steps, workspace)) == 1


def test_it_is_history_when_the_file_is(steps: Steps, workspace: Workspace) -> None:
    overwritten = steps.apply(workspace, TreeChange(put=(an_entry("a", "other"),)))
    with steps.database.read() as tx:
        foreseen = tx.upkeep.forecast(LATER, EndedBefore(LATER), 0.5)

    pruned = steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 100))

    left = steps.get(overwritten).tree
    assert (pruned, foreseen.history_rows) == (2, 2)
    assert _found(steps, workspace) == []
    with steps.database.read() as tx:
        assert SENT in tx.blobs.sweepable(LATER, 10)
        assert left.kept_bytes == tx.trees.kept_bytes(left.id) == 2 * MIN_CHARGE_BYTES


def test_what_the_last_upload_rewrote_is_kept_with_or_without_a_file(steps: Steps) -> None:
    steps.store("as sent", "text")
    change = TreeChange(altered=(REWRITTEN,), is_upload=True)

    workspace = steps.apply(steps.add(), change)

    assert steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 100)) == 0
    assert workspace.tree.kept_bytes == 7
