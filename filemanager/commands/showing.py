"""How commands show what a service told: lines for people, JSON for programs."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar, Protocol

import click


class Showable(Protocol):
    """A dataclass of what the service told."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def printable(text: str) -> str:
    """What others named must not steer the terminal."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def show_line(value: Showable, line: str, *, as_json: bool) -> None:
    """One of a list."""
    click.echo(_json(value) if as_json else printable(line))


def show(value: Showable, *, as_json: bool) -> None:
    """One thing, each of its fields on a line; those that are not told are left out."""
    if as_json:
        click.echo(_json(value))
        return
    for name in value.__dataclass_fields__:
        _show_field(name.replace("_", " "), getattr(value, name))


def _show_field(name: str, told: Any) -> None:
    if told is None:
        return
    if hasattr(told, "__dataclass_fields__"):
        for inner in told.__dataclass_fields__:
            _show_field(f"{name} {inner.replace('_', ' ')}", getattr(told, inner))
        return
    click.echo(f"{name}: {printable(_text(told))}")


def _json(value: Showable) -> str:
    return json.dumps(asdict(value), default=_text)


def _text(told: object) -> str:
    return told.isoformat() if isinstance(told, datetime) else str(told)
