"""HEAD and GET /<id>/<path>/content: one file."""

import base64
import hashlib
import shutil

import pytest

from builders.papers import PAPER, a_tarball
from filemanager.api.http.responses import Shown, disposition
from filemanager.settings.service import Settings
from people.answers import answer
from people.person import Person

FILES = {"main.tex": PAPER, "fig/a.txt": b"0123456789\n", "anc/d.txt": b"data\n"}


@pytest.fixture
def owner(alice: Person) -> Person:
    """Alice, with a workspace."""
    alice.create("paper.tar.gz", a_tarball(FILES))
    return alice


def test_it_works(owner: Person) -> None:
    response = owner.get("/1/fig/a.txt/content")

    assert (response.status_code, response.data) == (200, b"0123456789\n")
    assert response.headers["Content-Type"] == "application/*"
    assert response.headers["Content-Disposition"] == "filename=a.txt"
    assert response.headers.getlist("Content-Length") == ["11"]
    assert response.headers["ARXIV-OWNER"] == "1"
    assert response.headers["Last-Modified"].endswith(" GMT")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_head_equals_get_without_the_body(owner: Person) -> None:
    head, read = owner.head("/1/main.tex/content"), owner.get("/1/main.tex/content")

    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "ARXIV-OWNER", "Content-Length", "Last-Modified"):
        assert head.headers.getlist(name) == read.headers.getlist(name)
        assert len(read.headers.getlist(name)) == 1


def test_an_ancillary_file_is_read_by_its_public_path(owner: Person) -> None:
    assert owner.get("/1/anc/d.txt/content").data == b"data\n"


def test_an_escaped_slash_is_a_slash(owner: Person) -> None:
    assert owner.get("/1/fig%2Fa.txt/content").data == b"0123456789\n"


def test_a_file_called_content_is_read(alice: Person) -> None:
    alice.create("content", b"hello\n")

    assert alice.get("/1/content/content").data == b"hello\n"


@pytest.mark.parametrize(
    ("asked", "status", "data"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=-3", 206, b"89\n"),
        ("bytes=8-", 206, b"89\n"),
        ("bytes=4-2", 200, b"0123456789\n"),
    ],
)
def test_a_range_is_cut_out(owner: Person, asked: str, status: int, data: bytes) -> None:
    response = owner.get("/1/fig/a.txt/content", headers={"Range": asked})

    assert (response.status_code, response.data) == (status, data)
    assert response.headers.getlist("Content-Length") == [str(len(data))]


def md5_of(data: bytes) -> str:
    """As the original writes it: 24 characters."""
    return base64.urlsafe_b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


@pytest.mark.parametrize("name", ["main.tex", "fig/a.txt", "anc/d.txt"])
def test_the_tag_is_the_md5_of_the_bytes(owner: Person, name: str) -> None:
    head, read = (owner.call(one, f"/1/{name}/content") for one in ("HEAD", "GET"))

    assert head.headers["ETag"] == read.headers["ETag"] == md5_of(read.data)
    assert len(read.headers["ETag"]) == 24


def test_the_tag_is_worked_out_once(owner: Person, settings: Settings) -> None:
    tag = owner.head("/1/main.tex/content").headers["ETag"]
    shutil.rmtree(settings.data_dir / "store")

    again = owner.head("/1/main.tex/content")

    assert (again.status_code, again.headers["ETag"]) == (200, tag)


def test_another_tag_is_412(owner: Person) -> None:
    response = owner.get("/1/main.tex/content", headers={"If-Match": md5_of(b"other")})

    assert response.status_code == 412


def test_a_known_tag_is_304(owner: Person) -> None:
    tag = owner.head("/1/main.tex/content").headers["ETag"]

    response = owner.get("/1/main.tex/content", headers={"If-None-Match": tag})

    assert (response.status_code, response.data) == (304, b"")


def test_a_name_beyond_ascii_has_a_plain_fallback(alice: Person) -> None:
    alice.create("Übung.txt", b"hello\n")

    disposition = alice.get("/1/Übung.txt/content").headers["Content-Disposition"]

    assert disposition == "filename=Ubung.txt; filename*=UTF-8''%C3%9Cbung.txt"


@pytest.mark.parametrize(
    ("name", "fallback"),
    [
        ("论文.tex", "file.tex"),
        ("論文 二.tar.gz", "file.tar.gz"),
        ("論文", "file"),
        ("é.tex", "e.tex"),
        ("論文2.tex", "2.tex"),
    ],
)
def test_a_fallback_is_never_a_suffix_alone(name: str, fallback: str) -> None:
    assert _fallback(name) == fallback


def _fallback(name: str) -> str:
    shown = Shown(tag="", media="", is_drop_in=True)
    return disposition(name, shown).partition(";")[0].removeprefix("filename=")


def test_a_page_is_never_shown_as_one(alice: Person) -> None:
    alice.create("x.html", b"<html><script>alert(1)</script></html>\n")

    response = alice.get("/1/x.html/content")

    assert response.headers["Content-Type"] == "application/*"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("none.txt", "none.txt"),
        ("..%2F..%2F..%2Fetc%2Fpasswd", "../../../etc/passwd"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("/etc/passwd", "/etc/passwd"),
        ("%2Fetc%2Fpasswd", "/etc/passwd"),
        ("./main.tex", "./main.tex"),
        ("fig", "fig"),
        ("fig/", "fig/"),
        ("anc", "anc"),
        ("d.txt", "d.txt"),
        ("main.tex%00", "main.tex\\x00"),
        ("a" * 5000, "a" * 5000),
    ],
)
def test_a_path_that_is_no_file_is_404(owner: Person, path: str, shown: str) -> None:
    response = owner.get(f"/1/{path}/content")
    head = owner.head(f"/1/{path}/content")

    assert answer(response) == (404, {"reason": f"File '{shown}' not found."})
    assert head.status_code == 404


def test_a_removed_file_is_404(owner: Person) -> None:
    owner.delete("/1/main.tex")

    response = owner.get("/1/main.tex/content")

    assert answer(response) == (404, {"reason": "File 'main.tex' not found."})


def test_a_deleted_workspace_holds_no_file(owner: Person) -> None:
    owner.delete("/1")

    response = owner.get("/1/main.tex/content")

    assert answer(response) == (404, {"reason": "File 'main.tex' not found."})
