"""What a push tells people and programs at its end."""

import json
from collections.abc import Sequence

import pytest

from filemanager.client.push import Foreseen, Pushed
from filemanager.client.values import Change, Finding
from filemanager.commands.workspaces.outcome import show_foreseen, show_pushed


def a_push(
    findings: Sequence[Finding] = (),
    changes: Sequence[Change] = (),
    left_out: Sequence[str] = (),
) -> Pushed:
    return Pushed(
        workspace=17, revision=2, readiness="ERRORS", sent_files=3, sent_bytes=40, known_files=1,
        left_out=left_out, findings=findings, changes=changes,
    )  # fmt: skip


def a_finding(severity: str, path: str | None = "a.tex") -> Finding:
    return Finding(severity, "some_code", path, "It is wrong.", None)


def test_people_read_numbers_then_what_was_left_out_found_and_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    findings = [a_finding("info"), a_finding("fatal", None), a_finding("info")]
    changes = [
        Change(None, "removed", "empty_file", "b", None, ""),
        Change(None, "renamed", "illegal", "c d", "c_d", ""),
    ]

    show_pushed(a_push(findings, changes, [".git/"]), as_json=False)

    assert capsys.readouterr().out.splitlines() == [
        "workspace: 17",
        "revision: 2",
        "readiness: ERRORS",
        "sent files: 3",
        "sent bytes: 40",
        "known files: 1",
        "left out: 1",
        "  .git/",
        "findings: 1 fatal, 2 info",
        "  fatal  It is wrong. (some_code)",
        "  info   a.tex: It is wrong. (some_code)",
        "  info   a.tex: It is wrong. (some_code)",
        "changes: 1 removed, 1 renamed",
        "  removed    b (empty_file)",
        "  renamed    c d -> c_d (illegal)",
    ]


def test_of_many_the_first_are_named_and_the_rest_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_pushed(a_push(left_out=[f"{number:03}" for number in range(25)]), as_json=False)

    lines = capsys.readouterr().out.splitlines()
    start = lines.index("left out: 25")
    assert lines[start + 20 : start + 23] == ["  019", "  and 5 more", "findings: 0"]


def test_programs_read_one_object_with_everything(capsys: pytest.CaptureFixture[str]) -> None:
    pushed = a_push([a_finding("warn")], (), [str(number) for number in range(25)])

    show_pushed(pushed, as_json=True)

    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert list(told) == [
        *("workspace", "revision", "readiness", "sent_files", "sent_bytes", "known_files"),
        *("left_out", "findings", "changes"),
    ]
    assert len(told["left_out"]) == 25
    assert told["findings"][0]["message"] == "It is wrong."


def test_what_would_be_sent_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    foreseen = Foreseen(
        workspace=None,
        would_send=["a\x1b.tex"],
        would_send_bytes=7,
        known_files=0,
        left_out=[],
    )

    show_foreseen(foreseen, as_json=False)
    show_foreseen(foreseen, as_json=True)

    *lines, told = capsys.readouterr().out.splitlines()
    assert lines == [
        "would send a\ufffd.tex",
        "would send files: 1",
        "would send bytes: 7",
        "known files: 0",
        "left out: 0",
    ]
    assert json.loads(told)["would_send"] == ["a\x1b.tex"]
