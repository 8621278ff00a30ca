"""What the original answered for its own test files, and what we answer."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders.papers import members_of
from people.person import Person


def _cases(fixtures: Path) -> Iterator[dict[str, Any]]:
    yield from json.loads((fixtures / "originals" / "expected.json").read_text())


def test_every_file_is_answered_to_the_letter(alice: Person, fixtures: Path) -> None:
    """But those marked as different on purpose, which must be sane and lose nothing."""
    wrong = {}
    for case in _cases(fixtures):
        data = (fixtures / "originals" / case["file"]).read_bytes()
        response = alice.upload("/", Path(case["file"]).name, data)
        assert response.status_code < 500, case["file"]
        if "differs" not in case:
            found = _answered(alice, response.get_json())
            expected = {"summary": case["summary"], "content": case["content"]}
            if found != expected:
                wrong[case["file"]] = (found, expected)

    assert wrong == {}


@pytest.mark.parametrize(
    ("file", "paths"),
    [
        ("type_test_files/gzipped.gz", {"gzipped"}),
        ("type_test_files/compressed.Z", {"compressed"}),
        ("type_test_files/short-4.txt.bz2", {"short-4.txt"}),
    ],
)
def test_a_single_compressed_file_is_decompressed(
    alice: Person, fixtures: Path, file: str, paths: set[str]
) -> None:
    data = (fixtures / "originals" / file).read_bytes()

    summary = alice.create(Path(file).name, data)

    assert {one["public_filepath"] for one in summary["files"]} == paths


def _answered(alice: Person, summary: dict[str, Any]) -> dict[str, Any]:
    content = alice.get(f"/{summary['upload_id']}/content")
    return {
        "summary": {
            "errors": sorted(summary["errors"], key=json.dumps),
            "files": sorted([f["public_filepath"], f["type"], f["size"]] for f in summary["files"]),
            "readiness": summary["readiness"],
            "source_format": summary["source_format"],
            "upload_total_size": summary["upload_total_size"],
        },
        "content": {
            name: hashlib.sha256(data).hexdigest()
            for name, data in sorted(members_of(content.data).items())
        },
    }
