"""What a push tells at its end, of what it did or would do."""

from collections import Counter
from collections.abc import Iterable, Sequence

import click

from filemanager.client.push import Foreseen, Pushed
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
    for name in ("workspace", "revision", "readiness", "sent_files", "sent_bytes", "known_files"):
        click.echo(f"{name.replace('_', ' ')}: {getattr(pushed, name)}")
    _show_list("left out", str(len(pushed.left_out)), pushed.left_out)
    found = sorted(pushed.findings, key=lambda one: _RANKS.get(one.severity, len(_RANKS)))
    counts = _counts(one.severity for one in found)
    _show_list("findings", counts, [finding_line(one) for one in found])
    counts = _counts(one.alteration for one in pushed.changes)
    _show_list("changes", counts, [change_line(one) for one in pushed.changes])


def show_foreseen(foreseen: Foreseen, *, as_json: bool) -> None:
    if as_json:
        show(foreseen, as_json=True)
        return
    for path in foreseen.would_send:
        click.echo(f"would send {printable(path)}")
    click.echo(f"would send files: {len(foreseen.would_send)}")
    click.echo(f"would send bytes: {foreseen.would_send_bytes}")
    click.echo(f"known files: {foreseen.known_files}")
    _show_list("left out", str(len(foreseen.left_out)), foreseen.left_out)


def _counts(kinds: Iterable[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(kinds).items()) or "0"


def _show_list(name: str, counts: str, lines: Sequence[str]) -> None:
    click.echo(f"{name}: {counts}")
    for line in lines[:_MOST_LINES]:
        click.echo(f"  {printable(line)}")
    if len(lines) > _MOST_LINES:
        click.echo(f"  and {len(lines) - _MOST_LINES} more")
