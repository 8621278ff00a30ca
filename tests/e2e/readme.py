"""The blocks of README that people copy."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text()


def blocks(heading: str, language: str = "") -> list[str]:
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return [text for named, text in found if named == language]


SERVE = "filemanager serve --development"
_, IN_THE_CLONE = blocks("Run it")
"""``IN_THE_CLONE`` makes the command that all other blocks call."""
