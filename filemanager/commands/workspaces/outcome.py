"""What is told at the end: of a push, of what it would do, of a check."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import click

from filemanager.client.push import Foreseen, Pushed
from filemanager.client.values import Change, Checked, Finding
from filemanager.commands.showing import printable, show
from filemanager.commands.workspaces.lines import change_line, finding_line

_MOST_LINES = 20
"""Of each kind are told to people; programs get all."""

_RANKS = {"fatal": 0, "warn": 1}
"""The most severe first; whatever else there is comes last."""


def show_pushed(pushed: Pushed, *, as_json: bool) -> None:
    if as_json:
        show(pushed, as_json=True)
        return
    _show_numbers(
        pushed, "workspace", "revision", "readiness", "sent_files", "sent_bytes", "known_files"
    )
    _show_list("left out", str(len(pushed.left_out)), pushed.left_out)
    _show_found(pushed.findings, pushed.changes)


def show_checked(checked: Checked, *, as_json: bool) -> None:
    if as_json:
        show(checked, as_json=True)
        return
    _show_numbers(checked, "workspace", "revision", "readiness")
    _show_found(checked.findings, checked.changes)


def show_foreseen(foreseen: Foreseen, *, as_json: bool) -> None:
    if as_json:
        show(foreseen, as_json=True)
        return
    for path in foreseen.would_send:
        click.echo(f"would send {printable(path)}")
    click.echo(f"would send files: {len(foreseen.would_send)}")
    _show_numbers(foreseen, "would_send_bytes", "known_files")
    _show_list("left out", str(len(foreseen.left_out)), foreseen.left_out)


def _show_numbers(told: Pushed | Checked | Foreseen, *names: str) -> None:
    for name in names:
        click.echo(f"{name.replace('_', ' ')}: {getattr(told, name)}")


def _show_found(findings: Sequence[Finding], changes: Sequence[Change]) -> None:
    found = sorted(findings, key=lambda one: _RANKS.get(one.severity, len(_RANKS)))
    _show_list("findings", _counts(one.severity for one in found), map(finding_line, found))
    counts = _counts(one.alteration for one in changes)
    _show_list("changes", counts, map(change_line, changes))


def _counts(kinds: Iterable[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(kinds).items()) or "0"


def _show_list(name: str, counts: str, lines: Iterable[str]) -> None:
    click.echo(f"{name}: {counts}")
    shown = iter(lines)
    for line in islice(shown, _MOST_LINES):
        click.echo(f"  {printable(line)}")
    if rest := sum(1 for _ in shown):
        click.echo(f"  and {rest} more")
