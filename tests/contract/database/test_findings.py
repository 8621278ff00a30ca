"""Findings: they live as entries do, and end with them."""

from dataclasses import replace

from builders.rows import Steps, a_finding, an_entry
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import LEFT_OUT, Finding, Severity
from filemanager.domain.trees.tree import TreeChange, TreePath
from filemanager.domain.workspaces.workspace import Workspace


def _with_findings(steps: Steps) -> Workspace:
    return steps.apply(
        steps.add(),
        TreeChange(
            put=(an_entry("b"), an_entry("a"), an_entry("d/c")),
            findings=(
                a_finding("whole"),
                a_finding("on_d", "d/"),
                a_finding("on_a", "a"),
                a_finding("on_b", "b"),
                a_finding("passing", "a", persistent=False),
            ),
        ),
    )


def test_findings_come_in_the_order_of_the_files(steps: Steps) -> None:
    workspace = _with_findings(steps)
    more = (
        replace(a_finding("removed", "a"), area=Area.REMOVED),
        replace(a_finding("ancillary", "a"), area=Area.ANCILLARY),
        a_finding("again_on_b", "b"),
    )

    workspace = steps.apply(workspace, TreeChange(findings=more))

    assert steps.findings(workspace) == [
        *("on_b", "again_on_b", "on_a", "passing", "on_d"),
        *("ancillary", "removed", "whole"),
    ]


def test_a_finding_is_read_back_as_it_was_given(steps: Steps) -> None:
    finding = Finding(
        severity=Severity.FATAL,
        code="unmacified",
        message="é " * 3000,
        area=Area.ANCILLARY,
        path="d/",
        persistent=False,
        awaits="d/é",
    )

    workspace = steps.apply(steps.add(), TreeChange(findings=(finding,)))

    with steps.database.read() as tx:
        view = tx.trees.view(workspace.tree, workspace.source_format)
        assert tx.trees.findings(workspace.tree.id, workspace.revision, transient=True) == [finding]
        assert tx.trees.findings(workspace.tree.id, workspace.revision, transient=False) == []
        assert view.findings_on(Area.ANCILLARY, "d/") == [finding]
        assert view.findings_on(Area.SOURCE, "d/") == []


def test_findings_end_with_their_entry(steps: Steps) -> None:
    workspace = _with_findings(steps)
    change = TreeChange(
        end=((Area.SOURCE, TreePath("a")),),
        put=(an_entry("b"),),
        findings=(a_finding("new_on_b", "b"),),
    )

    workspace = steps.apply(workspace, change)

    assert steps.findings(workspace) == ["new_on_b", "on_d", "whole"]


def test_findings_are_cleared_by_place_and_by_code(steps: Steps) -> None:
    workspace = _with_findings(steps)

    workspace = steps.apply(
        workspace,
        TreeChange(clear=((Area.SOURCE, "d/"), (Area.SOURCE, "b")), clear_codes=("whole", "on_a")),
    )

    assert steps.findings(workspace) == ["on_a", "passing"]


def test_findings_end_with_their_area(steps: Steps) -> None:
    workspace = steps.apply(_with_findings(steps), TreeChange(end_areas=(Area.SOURCE,)))

    assert steps.findings(workspace) == ["whole"]


def test_an_upload_ends_the_transient_findings(steps: Steps) -> None:
    workspace = _with_findings(steps)

    other = steps.apply(workspace, TreeChange(put=(an_entry("x"),)))
    uploaded = steps.apply(workspace, TreeChange(put=(an_entry("y"),), is_upload=True))

    assert "passing" in steps.findings(other)
    assert "passing" not in steps.findings(uploaded)
    assert "passing" in steps.findings(uploaded, other.revision)


def test_findings_of_an_older_revision_are_restored_in_their_order(steps: Steps) -> None:
    workspace = _with_findings(steps)
    before = steps.findings(workspace)
    changed = steps.apply(
        workspace, TreeChange(end_areas=(Area.SOURCE,), findings=(a_finding("other"),))
    )

    restored = steps.restore(changed, workspace.revision)

    assert steps.findings(changed) == ["whole", "other"]
    assert steps.findings(restored) == before


def test_what_was_left_out_counts_wherever_its_archive_was(steps: Steps) -> None:
    left_out = replace(a_finding(LEFT_OUT, "a.zip"), area=Area.ANCILLARY, severity=Severity.WARN)
    other = replace(a_finding("other", "a.zip"), area=Area.ANCILLARY, severity=Severity.WARN)

    quiet = steps.apply(steps.add(), TreeChange(findings=(other,)))
    workspace = steps.apply(steps.add(), TreeChange(findings=(left_out, other)))

    with steps.database.read() as tx:
        assert tx.trees.severities(quiet.tree) == set()
        assert tx.trees.severities(workspace.tree) == {Severity.WARN}


def test_findings_of_many_places_are_read_at_once(steps: Steps) -> None:
    workspace = steps.apply(_with_findings(steps), TreeChange(clear=((Area.SOURCE, "b"),)))

    with steps.database.read() as tx:
        view = tx.trees.view(workspace.tree, workspace.source_format)
        found = view.findings_at({(Area.SOURCE, "a"), (Area.SOURCE, "b"), (Area.REMOVED, "d/")})
        assert [one.code for one in found] == ["on_a", "passing"]
        assert list(view.findings_at(())) == []


def test_living_persistent_findings_are_found_by_their_code(steps: Steps) -> None:
    workspace = _with_findings(steps)
    removed = replace(a_finding("on_a", "x"), area=Area.REMOVED, persistent=False)
    workspace = steps.apply(workspace, TreeChange(findings=(removed,)))
    cleared = steps.apply(workspace, TreeChange(clear=((Area.SOURCE, "b"),)))

    with steps.database.read() as tx:
        view = tx.trees.view(cleared.tree, cleared.source_format)
        assert list(view.findings_of("on_a")) == [a_finding("on_a", "a")]
        assert list(view.findings_of("on_b")) == []
        assert list(view.findings_of("passing")) == []


def test_severities_are_those_that_count_for_readiness(steps: Steps) -> None:
    fatal = replace(a_finding("x", "x"), severity=Severity.FATAL)
    workspace = steps.apply(
        steps.add(),
        TreeChange(
            findings=(
                a_finding("whole"),
                replace(a_finding("note", "x"), severity=Severity.INFO),
                replace(fatal, area=Area.REMOVED),
                replace(fatal, area=Area.ANCILLARY),
                replace(fatal, persistent=False),
            )
        ),
    )
    cleared = steps.apply(workspace, TreeChange(clear_codes=("whole",)))

    with steps.database.read() as tx:
        assert tx.trees.severities(cleared.tree) == {Severity.INFO}
    worse = steps.apply(workspace, TreeChange(findings=(fatal, a_finding("b", "b"))))
    with steps.database.read() as tx:
        assert tx.trees.severities(worse.tree) == set(Severity)
