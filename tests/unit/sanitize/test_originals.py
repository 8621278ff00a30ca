"""Every file of the original's tests, uploaded alone: what the original answered, to the letter."""

import json
from pathlib import Path
from typing import Any

import pytest

from filemanager.domain.trees.areas import Area
from shared_fixtures import FIXTURES
from unit.sanitize.fakes import Desk


def _expected() -> list[dict[str, Any]]:
    found = FIXTURES / "originals" / "expected.json"
    return json.loads(found.read_text()) if found.is_file() else []


EXPECTED = _expected()
SAME = [one for one in EXPECTED if "differs" not in one]
BETTER = [one for one in EXPECTED if "differs" in one]


def _uploaded(fixtures: Path, file: str) -> Desk:
    desk = Desk()
    desk.upload(Path(file).name, (fixtures / "originals" / file).read_bytes())
    return desk


def test_there_is_something_to_compare_with(fixtures: Path) -> None:
    assert (fixtures / "originals" / "expected.json").is_file()

    assert SAME
    assert BETTER


@pytest.mark.parametrize("case", SAME, ids=lambda case: case["file"])
def test_the_answer_is_the_originals(case: dict[str, Any], fixtures: Path) -> None:
    desk = _uploaded(fixtures, case["file"])

    summary, tree = case["summary"], desk.tree
    living = [one for one in tree.entries.values() if one.area is not Area.REMOVED]
    files = [[one.public_path, one.kind.value, one.size_bytes] for one in living]
    assert sorted(files) == summary["files"]
    assert tree.said() == {(one[0], one[1], one[2]) for one in summary["errors"]}
    assert tree.source_format.value == summary["source_format"]
    assert tree.readiness == summary["readiness"]
    assert sum(one.size_bytes for one in living) == summary["upload_total_size"]
    assert {one.public_path: one.digest for one in living} == case["content"]


@pytest.mark.parametrize("case", BETTER, ids=lambda case: case["file"])
def test_nothing_is_lost_where_we_do_better(case: dict[str, Any], fixtures: Path) -> None:
    desk = _uploaded(fixtures, case["file"])

    named = {entry.digest for entry in desk.tree.entries.values()}
    assert named <= set(desk.contents)
    assert desk.tree.findings
