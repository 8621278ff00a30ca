"""What deleting a file, and undoing a rewrite of it, makes of a tree."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from filemanager.domain.ids import TreeId
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.tree import Alteration, Altered, Entry, TreeChange, TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.codes import REPAIRS

DELETED = "deleted"
"""The code of an entry that a person removed."""

UNDONE = "undone"
"""The code of bytes that a person brought back."""


def rewrites_of(tx: Transaction, tree_id: TreeId, entry: Entry) -> Sequence[Altered]:
    """What made a file's bytes of those that were sent, oldest first."""
    return tx.trees.rewrites(tree_id, entry.rewrites) if entry.rewrites else ()


def rewrite_undone(
    entry: Entry, made: Altered, said: Iterable[Finding], at: datetime
) -> TreeChange:
    """The file as it was before *made*; of what was *said* of it the repairs are taken back."""
    if made.before_digest is None or made.before_kind is None:
        raise AssertionError(made.id)
    back = replace(
        entry,
        digest=made.before_digest,
        size_bytes=made.before_bytes,
        kind=made.before_kind,
        modified_at=at,
        kept_by_owner=True,
        rewrites=None,
    )
    told = Altered(
        alteration=Alteration.REWRITTEN,
        code=UNDONE,
        before=entry.public_path,
        after=entry.public_path,
        before_digest=entry.digest,
        after_digest=back.digest,
        message=escaped(f"'{entry.public_path}' is again what it was before the change {made.id}."),
    )
    return TreeChange(
        put=(back,),
        clear=((entry.area, entry.path),),
        findings=tuple(one for one in said if one.code not in REPAIRS),
        altered=(told,),
    )


def removal(doomed: Sequence[Entry]) -> TreeChange:
    removed = {
        entry.public_path: replace(
            entry,
            area=Area.REMOVED,
            path=TreePath(entry.public_path),
            position=None,
            packed_bytes=0,
            reason="Deleted by request.",
            code=DELETED,
            kept_by_owner=False,
        )
        for entry in doomed
    }
    places = tuple((entry.area, entry.path) for entry in doomed)
    return TreeChange(
        end=places,
        clear=places,
        put=tuple(removed.values()),
        altered=tuple(_noted(entry) for entry in doomed),
    )


def _noted(entry: Entry) -> Altered:
    return Altered(
        alteration=Alteration.REMOVED,
        code=DELETED,
        before=entry.public_path,
        before_digest=entry.digest,
        message=escaped(f"'{entry.public_path}' was deleted by request."),
    )
