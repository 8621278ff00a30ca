"""A large body that is stored as it came is written once, through whatever door it comes."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from people.person import Person
from people.visitors import Visitor

BODY = random.Random(1).randbytes(8 << 20)  # repeatable, not secret


def written_bytes() -> int:
    """What this process has given to the kernel to write so far."""
    (line,) = re.findall(r"wchar: (\d+)", Path("/proc/self/io").read_text())
    return int(line)


def by_put(alice: Person, _dana: Visitor, workspace: int) -> TestResponse:
    return alice.put(f"/v2/workspaces/{workspace}/files/large.bin", BODY)


def by_form(alice: Person, _dana: Visitor, workspace: int) -> TestResponse:
    return alice.upload(f"/{workspace}", "large.bin", BODY)


def into_the_bucket(_alice: Person, dana: Visitor, _workspace: int) -> TestResponse:
    return dana.send({"large.bin": BODY})


@pytest.mark.parametrize("send", [by_put, by_form, into_the_bucket])
def test_a_large_body_is_written_once(
    alice: Person, dana: Visitor, send: Callable[[Person, Visitor, int], TestResponse]
) -> None:
    workspace = int(alice.create("a.tex", b"x")["upload_id"])
    dana.keep("a.txt", b"x")

    before = written_bytes()
    answer = send(alice, dana, workspace)

    assert answer.status_code in (200, 201)
    assert len(BODY) <= written_bytes() - before <= 1.02 * len(BODY)
