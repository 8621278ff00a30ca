"""What a running service does to paths, as strace sees it."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_CALLS = (
    "open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,"
    "symlinkat,unlink,unlinkat,rmdir,mknod,mknodat,truncate,chmod,fchmodat,chown,lchown,fchownat"
)
"""Every call that opens a path or changes what is at one."""

_OPENING = ("open(", "openat(", "openat2(")
_CHANGING = re.compile(r"\b(?:O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE)\b")
_CALL = re.compile(r"\d+ +(\w+\(.*)")
_PLACE = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')


@dataclass(slots=True)
class Seen:
    """Complete once the processes have ended: ``named`` are all paths, ``changed`` some of them."""

    named: set[Path]
    changed: set[Path]


@contextmanager
def watched(pids: list[int], trace: Path) -> Iterator[Seen]:
    """Watch processes and what they start; the caller lets them end inside."""
    seen = Seen(set(), set())
    targets = [word for pid in pids for word in ("-p", str(pid))]
    options = ("-f", "-y", "-s", "8192", "-e", f"trace={_CALLS}", "-o", str(trace))
    with subprocess.Popen(
        ["strace", *options, *targets], stderr=subprocess.PIPE, text=True
    ) as strace:
        assert strace.stderr is not None
        for _ in pids:
            said = strace.stderr.readline()
            assert "attached" in said, said
        try:
            yield seen
        except BaseException:
            # Nobody let the processes end, and strace would wait for that.
            strace.terminate()
            raise
    _read(trace, seen)


def _read(trace: Path, seen: Seen) -> None:
    for line in trace.read_text(errors="surrogateescape").splitlines():
        called = _CALL.match(line)
        if called is None or "resumed>" in line:
            continue
        paths = {_path(directory, path) for directory, path in _PLACE.findall(called[1])}
        seen.named |= paths
        if not called[1].startswith(_OPENING) or _CHANGING.search(called[1]):
            seen.changed |= paths


def _path(directory: str, name: str) -> Path:
    """Without links, since none is followed here; octal escapes are left as they are."""
    return Path(os.path.normpath(Path(directory or "/") / name))
