"""Identifiers, readiness, log names, workspaces."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from filemanager.domain.caller import Owner
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import Revision, TreeId, WorkspaceId, digest_of, parse_digest
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import LEFT_OUT, Finding, Readiness, Severity, readiness_of
from filemanager.domain.trees.tree import Tree
from filemanager.domain.workspaces.errors import (
    WorkspaceLocked,
    WorkspaceNotActive,
)
from filemanager.domain.workspaces.log import escaped
from filemanager.domain.workspaces.workspace import Lock, Status, Workspace

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TREE = Tree(id=TreeId(1), revision=Revision(7))
WORKSPACE = Workspace(
    id=WorkspaceId(1), owner=Owner("arxiv:1"), tree=TREE, created_at=NOW, modified_at=NOW,
    started_at=NOW, completed_at=NOW,
)  # fmt: skip


def test_a_digest_is_read_in_either_case() -> None:
    digest = digest_of(b"x")

    assert parse_digest(digest.upper()) == digest


@pytest.mark.parametrize("text", ["", "x" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_anything_else_is_no_digest(text: str) -> None:
    with pytest.raises(Malformed):
        parse_digest(text)


@pytest.mark.parametrize(
    ("area", "severity", "readiness"),
    [
        (Area.SOURCE, Severity.FATAL, Readiness.ERRORS),
        (None, Severity.FATAL, Readiness.ERRORS),
        (Area.SOURCE, Severity.WARN, Readiness.READY_WITH_WARNINGS),
        (Area.SOURCE, Severity.INFO, Readiness.READY),
        (Area.ANCILLARY, Severity.FATAL, Readiness.READY),
        (Area.REMOVED, Severity.FATAL, Readiness.READY),
    ],
)
def test_readiness_is_judged_by_what_counts(
    area: Area | None, severity: Severity, readiness: Readiness
) -> None:
    finding = Finding(severity=severity, code="c", message="m", area=area, path="p")

    assert readiness_of([finding]) is readiness


@pytest.mark.parametrize(
    ("area", "counts"), [(Area.SOURCE, True), (Area.ANCILLARY, True), (Area.REMOVED, False)]
)
def test_that_a_member_was_left_out_counts_wherever_its_archive_lay(
    area: Area, counts: bool
) -> None:
    finding = Finding(severity=Severity.WARN, code=LEFT_OUT, message="m", area=area, path="p")

    assert finding.counts is counts


def test_a_name_cannot_break_a_log_line() -> None:
    assert escaped("a\n21/Nov/2026 \x1b[31mé") == r"a\n21/Nov/2026 \x1b[31mé"


def test_messages_hold_no_control_characters() -> None:
    assert escaped("a\x1b[31m\u202e.tex\n") == r"a\x1b[31m\u202e.tex\n"


def test_a_lock_ends_at_its_time() -> None:
    lock = Lock(by="somebody", expires_at=NOW + timedelta(hours=1))
    workspace = replace(WORKSPACE, lock=lock)

    with pytest.raises(WorkspaceLocked):
        workspace.ensure_writable(NOW)
    workspace.ensure_writable(NOW + timedelta(hours=1))


def test_a_released_workspace_is_not_active_even_if_locked() -> None:
    workspace = replace(WORKSPACE, status=Status.RELEASED, lock=Lock(by="somebody"))

    with pytest.raises(WorkspaceNotActive):
        workspace.ensure_writable(NOW)


def test_the_end_of_a_lock_is_a_change() -> None:
    end = NOW + timedelta(hours=1)
    workspace = replace(WORKSPACE, lock=Lock(by="somebody", expires_at=end))

    assert workspace.changed_at(NOW) == WORKSPACE.modified_at
    assert workspace.changed_at(end) == end
