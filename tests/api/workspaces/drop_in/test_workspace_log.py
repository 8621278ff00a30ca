"""HEAD and GET /<id>/log: what happened to a workspace."""

import re

import pytest

from builders.papers import PAPER, a_tarball
from people.person import Person

LINE = re.compile(
    r"[0-3]\d/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/\d{4}(:\d\d){3} \+0000 \S.*"
)


def texts(log: str) -> list[str]:
    """The lines without their times."""
    return [line.partition(" +0000 ")[2] for line in log.splitlines()]


def test_it_works(alice: Person) -> None:
    alice.create("upload2.tar.gz", a_tarball({"main.tex": PAPER}))

    response = alice.get("/1/log")

    assert response.status_code == 200
    assert "***** unpack gzipped upload2.tar to dir: " in response.text
    assert all(LINE.fullmatch(line) for line in response.text.splitlines())
    assert response.text.endswith("\n")
    assert response.headers["Content-Type"] == "application/tar+gzip"
    assert response.headers["Content-Disposition"] == "filename=source.log"
    assert response.headers["ARXIV-OWNER"] == "1"
    assert response.headers.getlist("Content-Length") == [str(len(response.data))]
    assert response.headers["Last-Modified"].endswith(" GMT")


def test_head_equals_get_without_the_body(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    head, read = alice.head("/1/log"), alice.get("/1/log")

    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "ARXIV-OWNER", "Content-Length", "Last-Modified"):
        assert head.headers.getlist(name) == read.headers.getlist(name)
        assert len(read.headers.getlist(name)) == 1


def test_everything_that_happens_is_told(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.upload("/1", "b.txt", b"b\n")
    alice.delete("/1/b.txt")
    checksum = alice.post("/1/checkpoint").headers["ETag"]
    alice.post(f"/1/restore_checkpoint/{checksum}")
    alice.delete(f"/1/delete_checkpoint/{checksum}")
    alice.post("/1/delete_all_checkpoints")
    alice.post("/1/delete_all")

    told = texts(alice.get("/1/log").text)

    assert told == [
        "Created workspace [theuser].",
        f"Uploaded 'main.tex' ({len(PAPER)} bytes) [theuser].",
        "Unmacify file main.tex",
        "Checking file termination for main.tex.",
        "main.tex: NOT IMPLEMENTED: formcheck routine needs to be implemented.",
        "Uploaded 'b.txt' (2 bytes) [theuser].",
        "Deleted 'b.txt' [theuser].",
        "Creating checkpoint.['1']",
        "Restored checkpoint: checkpoint_1_theuser.tar.gz [theuser].",
        "Deleted checkpoint: checkpoint_1_theuser.tar.gz['theuser'].",
        "Deleted ALL checkpoints: ['theuser'].",
        "Deleted all files [theuser].",
    ]


def test_a_name_cannot_forge_a_line(alice: Person) -> None:
    files = {"main.tex": PAPER, "a\n20/Nov/2026:20:25:17 +0000 forged": b"x\n"}

    alice.create("paper.tar.gz", a_tarball(files))

    log = alice.get("/1/log").text
    assert not any(text.startswith("forged") for text in texts(log))
    assert all(LINE.fullmatch(line) for line in log.splitlines())


@pytest.mark.parametrize(("asked", "start", "stop"), [("bytes=3-9", 3, 10), ("bytes=-5", -5, None)])
def test_a_range_is_cut_out(alice: Person, asked: str, start: int, stop: int | None) -> None:
    alice.create("main.tex", PAPER)
    whole = alice.get("/1/log").data

    response = alice.get("/1/log", headers={"Range": asked})

    assert (response.status_code, response.data) == (206, whole[start:stop])


def test_reading_it_does_not_change_it(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    first = alice.get("/1/log")

    second = alice.get("/1/log", headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 304


def test_the_log_of_a_deleted_workspace_stays(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")

    response = alice.get("/1/log")

    assert response.status_code == 200
    assert texts(response.text)[-1] == "Delete workspace '1' [theuser]."
