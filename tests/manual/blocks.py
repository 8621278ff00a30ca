"""What the fenced blocks of a page of the manual are: lines that are run, and what they print.

``sh`` and ``python`` are run in the order of the page, in one shell and one directory. A title says
what else a block is: started beside the rest, filled in by the reader, printed, or not run by us.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGES = PROJECT / "docs"

BESIDE = "In a terminal of its own"
YOURS = "With your own values"
PRINTED = "It prints"
NOT_RUN = "Not run by our tests: "
"""Followed by the reason, for the reader too."""

RUN = ("sh", "python")
SHOWN = ("ini", "json", "nginx", "text", "yaml")
"""Languages of files and of output."""

_FENCE = re.compile(
    r'^(?P<indent> *)```(?P<language>\w*)(?: title="(?P<title>[^"]*)")?\n(?P<text>.*?)^ *```$',
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    title: str
    text: str

    @property
    def is_run(self) -> bool:
        return self.language in RUN and not self.title.startswith(NOT_RUN)


def blocks(page: Path) -> Sequence[Block]:
    return [
        Block(found["language"], found["title"] or "", _outdented(found["text"], found["indent"]))
        for found in _FENCE.finditer(page.read_text())
    ]


def pages() -> Sequence[Path]:
    """All that people write; what is generated is no file."""
    return sorted(PAGES.rglob("*.md"))


def _outdented(text: str, indent: str) -> str:
    return "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))
