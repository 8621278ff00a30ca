"""Small uploads from public reports, each on the doors it names, and what must come of them."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from builders.papers import members_of
from people.person import Person
from shared_fixtures import FIXTURES

pytestmark = pytest.mark.fixtures

_FOLDER = FIXTURES / "cases"
_CASES = json.loads((_FOLDER / "index.json").read_text()) if _FOLDER.is_dir() else []
_DOORS = [(case, door) for case in _CASES for door in case["doors"]]
_BOUNDARY = b"a-boundary-of-tests"


@dataclass(kw_only=True)
class Answer:
    """What a person sees of an upload, whichever door it came through."""

    status: int
    reason: str = ""
    readiness: str = ""
    source_format: str = ""
    contents: Mapping[str, bytes] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, str] = field(default_factory=dict)
    severities: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        return {path: hashlib.sha256(data).hexdigest() for path, data in self.contents.items()}

    def tells(self, pattern: str) -> bool:
        return any(re.search(pattern, text) for text in self.told)


def test_there_are_cases(fixtures: Path) -> None:
    assert (fixtures / "cases" / "index.json").is_file()

    assert _DOORS


@pytest.mark.parametrize(
    ("case", "door"), [pytest.param(*one, id=f"{one[0]['file']}-{one[1]}") for one in _DOORS]
)
def test_nothing_is_lost_or_misjudged(
    case: dict[str, Any], door: str, alice: Person, fixtures: Path
) -> None:
    name = bytes.fromhex(case["filename_hex"]) if "filename_hex" in case else case["name"].encode()
    data = (fixtures / "cases" / case["file"]).read_bytes()

    is_drop_in = door == "dropin-arxiv"
    answer = _dropped_in(alice, name, data) if is_drop_in else _put(alice, door, name, data)

    assert answer.status < 500
    expect = case["expect"]
    wrong = [key for key in expect if not _HOLDS[key](answer, expect, data)]
    assert wrong == [], (case["why"], answer)


def _dropped_in(alice: Person, name: bytes, data: bytes) -> Answer:
    """By a form made here, since clients do not send every name in UTF-8."""
    disposition = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"'
    head = [b"--" + _BOUNDARY, disposition, b"Content-Type: application/octet-stream", b"", data]
    body = b"\r\n".join([*head, b"--" + _BOUNDARY + b"--", b""])
    media = f"multipart/form-data; boundary={_BOUNDARY.decode()}"
    response = alice.post("/", data=body, content_type=media)
    answered = response.get_json()
    if response.status_code != 201:
        return Answer(status=response.status_code, reason=answered["reason"])
    content = alice.get(f"/{answered['upload_id']}/content").data
    return Answer(
        status=response.status_code,
        readiness=answered["readiness"],
        source_format=answered["source_format"],
        contents=members_of(content),
        kinds={one["public_filepath"]: one["type"] for one in answered["files"]},
        severities=frozenset(severity for severity, _, _ in answered["errors"]),
        told=tuple(f"{path or ''}: {text}" for _, path, text in answered["errors"]),
    )


def _put(alice: Person, door: str, name: bytes, data: bytes) -> Answer:
    made = alice.post("/v2/workspaces", json={"profile": door.removeprefix("v2-")}).get_json()
    workspace = f"/v2/workspaces/{made['id']}"
    response = alice.put(f"{workspace}/files/{quote(name)}", data)
    if response.status_code != 201:
        return Answer(status=response.status_code, reason=response.get_json()["detail"])
    entries = alice.get(f"{workspace}/entries?limit=1000").get_json()["entries"]
    findings = alice.get(f"{workspace}/findings").get_json()["findings"]
    shown = response.get_json()["workspace"]
    paths = [one["path"] for one in entries]
    return Answer(
        status=response.status_code,
        readiness=shown["readiness"],
        source_format=shown["source_format"],
        contents={path: alice.get(f"{workspace}/files/{quote(path)}").data for path in paths},
        kinds={one["path"]: one["kind"] for one in entries},
        media={one["path"]: one["media_type"] for one in entries},
        severities=frozenset(one["severity"] for one in findings),
        told=tuple(f"{one['path'] or ''}: {one['message']}" for one in findings),
    )


def _holds(answer: Answer, wanted: Mapping[str, str | None]) -> bool:
    """Without a digest the file may have been repaired."""
    found = answer.digests
    return all(path in found and digest in (None, found[path]) for path, digest in wanted.items())


def _keeps_bytes(answer: Answer, ranges: list[list[int]], data: bytes) -> bool:
    held = answer.contents.values()
    return all(any(data[start:stop] in one for one in held) for start, stop in ranges)


def _is_missing(answer: Answer, expect: dict[str, Any]) -> bool:
    return not _holds(answer, expect["files_or_told"])


def _tells_what_is_missing(answer: Answer, expect: dict[str, Any]) -> bool:
    return all(
        _holds(answer, {path: digest}) or answer.tells(re.escape(path))
        for path, digest in expect["files_or_told"].items()
    )


def _is_of(found: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(re.match(pattern, found.get(path, "")) for path, pattern in wanted.items())


_HOLDS: Mapping[str, Callable[[Answer, dict[str, Any], bytes], bool]] = {
    "files": lambda answer, expect, _: _holds(answer, expect["files"]),
    "keeps": lambda answer, expect, data: _keeps_bytes(answer, expect["keeps"], data),
    "unpacked_or_same": lambda answer, expect, data: (
        _holds(answer, expect["unpacked_or_same"]) or data in answer.contents.values()
    ),
    "format": lambda answer, expect, _: answer.source_format == expect["format"],
    "format_not": lambda answer, expect, _: answer.source_format != expect["format_not"],
    "kind": lambda answer, expect, _: _is_of(
        answer.kinds, {path: f"(?:{kind})$" for path, kind in expect["kind"].items()}
    ),
    "media": lambda answer, expect, _: _is_of(answer.media, expect["media"]),
    "all_content": lambda answer, expect, _: (
        set(expect["all_content"]) <= set(answer.digests.values())
    ),
    "content": lambda answer, expect, _: (
        sorted(expect["content"]) == sorted(answer.digests.values())
    ),
    "fatal": lambda answer, expect, _: ("fatal" in answer.severities) is expect["fatal"],
    "told": lambda answer, expect, _: answer.tells(expect["told"]),
    "no_told": lambda answer, expect, _: not answer.tells(expect["no_told"]),
    "files_or_told": lambda answer, expect, _: _tells_what_is_missing(answer, expect),
    "told_path": lambda answer, expect, _: (
        not _is_missing(answer, expect) or answer.tells(expect["told_path"])
    ),
    "readiness_not_if_missing": lambda answer, expect, _: (
        not _is_missing(answer, expect) or answer.readiness != expect["readiness_not_if_missing"]
    ),
    "not_silently_empty": lambda answer, expect, _: (
        bool(answer.contents) is expect["not_silently_empty"] or answer.readiness != "READY"
    ),
    "messages_free_of": lambda answer, expect, _: not answer.tells(expect["messages_free_of"]),
    "reason_free_of": lambda answer, expect, _: (
        not re.search(expect["reason_free_of"], answer.reason)
    ),
}
"""Each key of an expectation; some look at others beside it."""
