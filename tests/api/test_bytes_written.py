"""A large body that is stored as it came is written once, through whatever door it comes."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from filemanager.domain.ids import digest_of
from people.person import Person
from people.tus_uploader import Uploader
from people.visitors import Visitor

BODY = random.Random(1).randbytes(16 << 20)  # repeatable, not secret
"""What comes with it, pages of the database most of all, is not much beside it."""


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


def by_tus(alice: Person, _dana: Visitor, workspace: int) -> TestResponse:
    return Uploader(alice.client, alice.token, workspace).send(BODY, "large.bin")


def by_tus_in_pieces(alice: Person, _dana: Visitor, workspace: int) -> TestResponse:
    uploader = Uploader(alice.client, alice.token, workspace)
    url = uploader.begin(len(BODY), "large.bin")
    starts = range(0, len(BODY), 6 << 20)
    return [uploader.append(url, at, BODY[at : at + (6 << 20)]) for at in starts][-1]


def by_tus_in_a_batch(alice: Person, _dana: Visitor, workspace: int) -> TestResponse:
    uploader = Uploader(alice.client, alice.token, workspace)
    uploader.send(BODY, "large.bin", batch="together")
    return uploader.call("POST", "/uploads/batches/together:receive")


def by_grant(alice: Person, _dana: Visitor, workspace: int) -> TestResponse:
    uploader = Uploader(alice.client, alice.token, workspace)
    file = {"path": "large.bin", "size": len(BODY), "sha256": digest_of(BODY)}
    made = alice.client.post(
        "/uploads/grants",
        json={"workspace": workspace, "files": [file]},
        headers={"Authorization": alice.token},
    ).get_json()
    put = made["files"][0]["put"]
    assert alice.client.put(put["url"], data=BODY, headers=put["headers"]).status_code == 200
    return uploader.call("POST", f"/uploads/grants/{made['id']}:complete")


@pytest.mark.parametrize(
    "send",
    [by_put, by_form, into_the_bucket, by_tus, by_tus_in_pieces, by_tus_in_a_batch, by_grant],
)
def test_a_large_body_is_written_once(
    alice: Person, dana: Visitor, send: Callable[[Person, Visitor, int], TestResponse]
) -> None:
    workspace = int(alice.create("a.tex", b"x")["upload_id"])
    dana.keep("a.txt", b"x")

    before = written_bytes()
    answer = send(alice, dana, workspace)

    assert answer.status_code in (200, 201, 204)
    assert len(BODY) <= written_bytes() - before <= 1.02 * len(BODY)
