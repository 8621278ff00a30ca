"""JSON that is written a piece at a time."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from filemanager.exports.document import WrittenItem
from filemanager.exports.listing import ListedItem


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def opened(said: Mapping[str, Any], last: str) -> bytes:
    """An object with *said*, left open behind its last member's name: ``{"a":1,"last":``."""
    return compact({**said, last: 0})[: -len("0}")]


def separated(write: Callable[[ListedItem], bytes]) -> WrittenItem:
    """What *write* makes of the items, with commas between; where it makes nothing, nothing is."""
    before = b"\n"

    def line(item: ListedItem) -> bytes:
        nonlocal before
        if not (made := write(item)):
            return b""
        made = before + made
        before = b",\n"
        return made

    return line


def numbered(write: Callable[[int, ListedItem], bytes]) -> WrittenItem:
    """Like ``separated``; each item comes with how many came before it."""
    numbers = count()
    return separated(lambda item: write(next(numbers), item))
