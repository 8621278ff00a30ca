"""A workspace that begins with files: written at once, and told as it is read afterwards."""

from dataclasses import replace
from datetime import timedelta

from builders.rows import NOW, Steps, a_finding, a_workspace, an_entry, held_in
from filemanager.db.database import SqlDatabase
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import Buckets
from filemanager.domain.trees.findings import Readiness, Severity
from filemanager.domain.trees.kinds import SourceFormat
from filemanager.domain.trees.tree import Alteration, Altered, Rewrites, TreeChange
from filemanager.domain.workspaces.workspace import BegunWorkspace

_CHANGE = TreeChange(
    put=(
        replace(an_entry("b.tex"), modified_at=NOW + timedelta(microseconds=1_999)),
        replace(an_entry("a.tex"), name_as_sent="a\udcff\0.tex", rewrites=Rewrites(0)),
        an_entry("z.txt", area=Area.ANCILLARY),
        replace(an_entry("gone", area=Area.REMOVED), reason="\0", code="deleted"),
        an_entry("b.tex"),
    ),
    findings=(
        a_finding("of_all"),
        replace(a_finding("odd", "a.tex"), message="no \udcff", persistent=False),
        replace(a_finding("odd", "b.tex"), severity=Severity.FATAL),
        replace(a_finding("directory", "d/"), awaits="d/a.tex\0"),
        replace(a_finding("aside", "z.txt"), area=Area.ANCILLARY),
        replace(a_finding("gone", "gone"), area=Area.REMOVED),
    ),
    altered=(
        Altered(
            alteration=Alteration.REWRITTEN,
            code="unmacified",
            before="a.tex",
            after="a.tex",
            file=0,
            before_bytes=5,
        ),
    ),
    is_upload=True,
)
_JUDGED = replace(a_workspace(), source_format=SourceFormat.TEX, readiness=Readiness.ERRORS)
_BUCKETS = Buckets.of((path, an_entry("b.tex").digest) for path in ("a.tex", "b.tex", "anc/z.txt"))


def _begin(tx: Transaction) -> BegunWorkspace:
    return tx.workspaces.begin(_JUDGED, _CHANGE, NOW, _BUCKETS)


def test_what_is_told_at_once_is_what_is_read_later(steps: Steps, database: SqlDatabase) -> None:
    steps.store("text")

    begun = database.write(_begin)

    tree = begun.workspace.tree
    with database.read() as tx:
        assert tx.workspaces.get(begun.workspace.id) == begun.workspace
        assert tx.trees.entries(tree.id, tree.revision) == list(begun.entries)
        assert tx.trees.findings(tree.id, tree.revision, transient=True) == list(begun.findings)
        assert tx.trees.buckets(tree) == _BUCKETS
    assert tree.checksum == _BUCKETS.checksum


def test_it_is_what_an_empty_one_becomes(steps: Steps, database: SqlDatabase) -> None:
    grown = steps.apply(steps.add(_JUDGED), _CHANGE)
    begun = database.write(_begin).workspace

    named = replace(grown.tree, id=begun.tree.id, checksum=_BUCKETS.checksum)
    assert begun == replace(grown, id=begun.id, tree=named)
    with database.read() as tx:
        one, other = (held_in(tx, workspace.tree) for workspace in (begun, grown))
    assert one == other


def test_what_follows_goes_on_behind_it(steps: Steps, database: SqlDatabase) -> None:
    steps.store("text")
    change = TreeChange(
        put=(an_entry("last.tex"), an_entry("a.tex")), findings=(a_finding("more"),), is_upload=True
    )

    grown = steps.apply(steps.apply(steps.add(_JUDGED), _CHANGE), change)
    begun = steps.apply(database.write(_begin).workspace, change)

    assert begun.tree == replace(grown.tree, id=begun.tree.id)
    with database.read() as tx:
        assert held_in(tx, begun.tree) == held_in(tx, grown.tree)
