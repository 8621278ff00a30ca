"""Eight uploads that compute for seconds in one process hold up no probe. Figures: see `-s`."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import requests

from builders.papers import a_tarball
from servers.service import Service, service

pytestmark = [pytest.mark.e2e, pytest.mark.load, pytest.mark.xdist_group("load")]

UPLOADS = 8
GOAL_SECONDS = 0.5
FACTOR = 4
"""Between a quiet machine and one that runs other tests beside."""


@cache
def _paper() -> bytes:
    """Of many texts, each of which every check looks at."""
    text = b"% a comment\n" + b"\\section{A title} and some words of a text\n" * 100
    return a_tarball({f"{number:04}.tex": b"%%%d\n" % number + text for number in range(1000)})


@contextmanager
def _uploads(running: Service) -> Iterator[list[int]]:
    """Under way until the end; their statuses, once they are answered."""
    statuses: list[int] = []

    def upload() -> None:
        statuses.append(running.upload("/", "paper.tar.gz", _paper()).status_code)

    threads = [threading.Thread(target=upload) for _ in range(UPLOADS)]
    for one in threads:
        one.start()
    try:
        yield statuses
    finally:
        for one in threads:
            one.join()


def test_long_uploads_hold_up_no_probe(tmp_path: Path) -> None:
    worst, asked = 0.0, 0
    one_process = service(tmp_path / "data", FILEMANAGER_WORKERS="1")
    with one_process as running, _uploads(running) as statuses:
        while len(statuses) < UPLOADS:
            began = time.monotonic()
            assert requests.get(f"{running.url}/livez", timeout=60).ok
            worst, asked = max(worst, time.monotonic() - began), asked + 1

    print(f"\n{asked} probes beside {UPLOADS} uploads: {1000 * worst:.0f} ms at worst")
    assert statuses == [201] * UPLOADS
    assert worst <= GOAL_SECONDS * FACTOR
