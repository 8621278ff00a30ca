"""DELETE /<id>/<path>: a file goes."""

import pytest

from builders.papers import PAPER, a_tarball
from people.answers import (
    LOCKED,
    NO_FILE,
    NOT_ACTIVE,
    answer,
    everything,
    paths,
)
from people.person import Person


def test_it_works(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball({"main.tex": PAPER, "b.txt": b"b\n"}))

    response = alice.delete("/1/b.txt")

    summary = response.get_json()
    assert response.status_code == 200
    assert summary.pop("reason") == "deleted file"
    assert paths(summary) == ["main.tex"]
    assert summary == alice.get("/1").get_json()
    assert response.headers["ETag"] == summary["checksum"]
    assert response.headers["ARXIV-OWNER"] == "1"
    assert response.headers["Last-Modified"].endswith(" GMT")


def test_an_ancillary_file_goes_by_its_public_path(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball({"main.tex": PAPER, "anc/d.txt": b"d\n"}))

    first = alice.delete("/1/anc/d.txt")
    second = alice.delete("/1/anc/d.txt")

    assert paths(first.get_json()) == ["main.tex"]
    assert answer(second) == NO_FILE


def test_a_directory_goes_by_its_closing_slash(alice: Person) -> None:
    files = {"main.tex": PAPER, "fig/a.txt": b"a\n", "fig/deep/b.txt": b"b\n"}
    alice.create("paper.tar.gz", a_tarball(files))

    without = alice.delete("/1/fig")
    with_slash = alice.delete("/1/fig/")

    assert answer(without) == NO_FILE
    assert paths(with_slash.get_json()) == ["main.tex"]


def test_the_source_type_is_judged_again_in_the_answer(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball({"main.tex": PAPER, "x.pdf": b"%PDF-1.5\nx\n"}))

    summary = alice.delete("/1/main.tex").get_json()

    assert (summary["source_format"], summary["readiness"]) == ("pdf", "READY")


def test_the_sole_faulty_file_takes_its_fault_along(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball({"main.tex": PAPER, "w.doc": b"words\n"}))
    assert alice.get("/1").get_json()["readiness"] == "ERRORS"

    summary = alice.delete("/1/w.doc").get_json()

    assert (summary["source_format"], summary["readiness"]) == ("tex", "READY")
    assert summary["errors"] == []


@pytest.mark.parametrize(
    "path",
    [
        "none.txt",
        "..%2F..%2Fsubdir%2Fthis_file",
        "../../subdir/this_file",
        "anc/../../etc/passwd",
        "anc%2F..%2F..%2Fetc%2Fpasswd",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "//etc//passwd",
        "~/anc/main.tex",
        "./main.tex",
        "main.tex/",
        "main.tex//",
        "anc",
        "anc/",
        "main.tex%00",
        "%00",
        "%ff",
        "main.tex%0A",
        "a" * 5000,
        "%2e%2e",
    ],
)
def test_a_path_that_is_no_file_is_404(alice: Person, bob: Person, path: str) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = alice.delete(f"/1/{path}")

    assert answer(response) == NO_FILE
    assert everything(bob) == before


def test_an_escaped_slash_is_a_slash(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball({"main.tex": PAPER, "fig/a.txt": b"a\n"}))

    response = alice.delete("/1/fig%2Fa.txt")

    assert paths(response.get_json()) == ["main.tex"]


@pytest.mark.parametrize("path", ["main.tex", "none.txt", "../x"])
@pytest.mark.parametrize(("state", "refusal"), [("lock", LOCKED), ("release", NOT_ACTIVE)])
def test_a_closed_workspace_refuses_even_for_files_it_lacks(
    alice: Person, bob: Person, path: str, state: str, refusal: object
) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{state}")
    before = everything(bob)

    response = alice.delete(f"/1/{path}")

    assert answer(response) == refusal
    assert everything(bob) == before


def test_a_deleted_workspace_refuses(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")

    assert answer(alice.delete("/1/main.tex")) == NOT_ACTIVE
