"""Every call of the database and of the store fails, before it is done and after it was.

For databases and stores that run elsewhere, where a lost connection is what a crash looks like.
"""

import pytest

from builders.rows import empty_tables
from crash.faults import Fuse, failing
from crash.stage import CHANGES, Stage, prepare, stage
from filemanager.factory.parts import Parts

pytestmark = pytest.mark.crash


def fresh(parts: Parts) -> tuple[Stage, int]:
    """Nothing but a workspace with files, and its number."""
    empty_tables(parts.settings.database)
    return stage(parts), prepare(parts)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_with_a_fault_at_any_step_is_whole_or_absent(parts: Parts, change: str) -> None:
    """A change that met a fault is then tried again with the fault one step later."""
    opened, workspace = fresh(parts)
    before = opened.seen()
    assert CHANGES[change](opened.alice, workspace).status_code in (200, 201, 204)
    after = opened.seen()

    opened, workspace = fresh(parts)
    fuse = Fuse(at=0)
    answer = CHANGES[change](stage(failing(parts, fuse)).alice, workspace)
    while fuse.is_burnt:
        now = opened.seen()
        assert now in (before, after)
        assert answer.status_code == 503 or now == after
        assert answer.status_code != 503 or "Retry-After" in answer.headers
        if now == after:
            assert opened.problems() == []
            opened, workspace = fresh(parts)
        fuse = Fuse(at=fuse.at + 1)
        answer = CHANGES[change](stage(failing(parts, fuse)).alice, workspace)

    assert answer.status_code in (200, 201, 204)
    assert fuse.at > 4
    assert opened.seen() == after
    assert opened.problems() == []
