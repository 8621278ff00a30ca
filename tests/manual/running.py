"""Running a page of the manual as a reader would, in an empty directory."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from manual.blocks import BESIDE, PRINTED, PROJECT, YOURS, Block, blocks
from servers.nginx import free_port

PORTS = ("8000", "8001")
"""Those that pages name; others, which are free, are used."""

_SECONDS = 240
_VALUE = re.compile(r"^(?:export )?([A-Z][A-Z0-9_]*)=", re.MULTILINE)

_HEAD = """\
trap 'kill $(jobs -p) 2>/dev/null || :; wait' EXIT
"""
_BESIDE = """\
(
{text}) > terminal-{number} 2>&1 &
until grep -qE '^(Serving on|Working)' terminal-{number}; do
  kill -0 $! || {{ cat terminal-{number} >&2; exit 1; }}
  sleep 0.05  # the only way to know that it serves is to look again
done
"""


def printed(page: Path, here: Path, values: Mapping[str, str] | None = None) -> str:
    """Run a page in the empty directory *here*; gives what it printed.

    *values* stand for what the reader fills in. Fails where a line fails, or where the page shows
    something else than what is printed.
    """
    page_blocks = blocks(page)
    script = _with_free_ports(_HEAD + "".join(_lines(page_blocks, values or {})))
    (here / "page.sh").write_text(script)
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "page.sh"], cwd=here, env=_environment(here),
        capture_output=True, text=True, check=False, timeout=_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, f"{page.name}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    for expected in _promised(page_blocks):
        assert expected.search(done.stdout), f"{expected.pattern} is not in:\n{done.stdout}"
    return done.stdout


def _lines(page_blocks: Sequence[Block], values: Mapping[str, str]) -> Iterator[str]:
    for number, block in enumerate(page_blocks):
        if not block.is_run:
            continue
        if block.title == YOURS:
            asked = _VALUE.findall(block.text)
            yield "".join(f"export {name}={shlex.quote(values[name])}\n" for name in asked)
        elif block.title == BESIDE:
            # It gets the signal itself, and not a shell before it.
            text = re.sub("filemanager (serve|worker)", r"exec filemanager \1", block.text)
            yield _BESIDE.format(text=text, number=number)
        elif block.language == "python":
            yield f"python3 - <<'PYTHON'\n{block.text}PYTHON\n"
        else:
            yield block.text


def _promised(page_blocks: Sequence[Block]) -> Iterator[re.Pattern[str]]:
    """Each line of what is shown as printed; ``…`` is whatever stands there."""
    for block in page_blocks:
        if block.title == PRINTED:
            for line in block.text.splitlines():
                parts = map(re.escape, line.strip().split("…"))
                yield re.compile(".*".join(parts))


def _with_free_ports(script: str) -> str:
    free = {port: str(free_port()) for port in PORTS}
    return re.sub(
        rf"\b({'|'.join(PORTS)})\b", lambda found: free[found[1]], f"export PORT=8000\n{script}"
    )


def _environment(here: Path) -> dict[str, str]:
    """Little, and the command as `pip install` makes it."""
    programs = here / ".programs"
    programs.mkdir()
    # By its own path, or it would not find what is installed beside it.
    for name, words in (("filemanager", "-m filemanager"), ("python3", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
        (programs / name).chmod(0o700)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}:/usr/sbin",
        "HOME": str(here),
        "PYTHONPATH": str(PROJECT),
    }
