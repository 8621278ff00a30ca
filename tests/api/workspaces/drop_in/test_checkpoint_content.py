"""HEAD and GET /<id>/checkpoint/<checksum>: the files of a named state."""

import pytest

from builders.papers import PAPER, a_tarball, members_of
from people.answers import answer
from people.person import Person

FILES = {"main.tex": PAPER, "fig/a.txt": b"a\n", "anc/d.txt": b"d\n"}


@pytest.fixture
def checksum(alice: Person) -> str:
    """Of a checkpoint of workspace 1, which is empty since then."""
    alice.create("paper.tar.gz", a_tarball(FILES))
    named = alice.post("/1/checkpoint").headers["ETag"]
    alice.post("/1/delete_all")
    return named


def test_it_works(alice: Person, checksum: str) -> None:
    response = alice.get(f"/1/checkpoint/{checksum}")

    assert response.status_code == 200
    assert members_of(response.data) == FILES
    assert response.headers["Content-Type"] == "application/tar+gzip"
    assert response.headers["ETag"] == f'"{checksum}"'
    assert response.headers.getlist("Content-Length") == [str(len(response.data))]
    assert response.headers["Content-Disposition"] == "filename=checkpoint_1_theuser.tar.gz"


def test_head_tells_the_checksum_unquoted(alice: Person, checksum: str) -> None:
    size = len(alice.get(f"/1/checkpoint/{checksum}").data)

    response = alice.head(f"/1/checkpoint/{checksum}")

    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["ETag"] == checksum
    assert response.headers.getlist("Content-Length") == [str(size)]
    assert response.headers["Last-Modified"].endswith(" GMT")


@pytest.mark.parametrize("unknown", ["0981354098324", "..", "%00", "a" * 5000])
def test_an_unknown_checkpoint_is_404(alice: Person, checksum: str, unknown: str) -> None:
    shown = unknown.replace("%00", "\\x00")

    response = alice.get(f"/1/checkpoint/{unknown}")

    assert checksum
    assert answer(response) == (404, {"reason": f"File '{shown}' not found."})
    assert alice.head(f"/1/checkpoint/{unknown}").status_code == 404


def test_a_known_tag_is_304(alice: Person, checksum: str) -> None:
    response = alice.get(f"/1/checkpoint/{checksum}", headers={"If-None-Match": f'"{checksum}"'})

    assert (response.status_code, response.data) == (304, b"")


def test_a_range_is_cut_out(alice: Person, checksum: str) -> None:
    whole = alice.get(f"/1/checkpoint/{checksum}").data

    response = alice.get(f"/1/checkpoint/{checksum}", headers={"Range": "bytes=5-14"})

    assert (response.status_code, response.data) == (206, whole[5:15])
