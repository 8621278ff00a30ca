"""HEAD and GET /<id>/content: all files as one tar.gz."""

from email.utils import parsedate_to_datetime

import pytest

from builders.papers import PAPER, a_tarball, a_zip, members_of
from people.answers import answer
from people.person import Person

FILES = {"main.tex": PAPER, "fig/a.png": b"\x89PNG\r\n\x1a\n" + bytes(3000), "anc/d.txt": b"x\n"}


def test_it_works(alice: Person) -> None:
    summary = alice.create("paper.tar.gz", a_tarball(FILES))

    response = alice.get("/1/content")

    assert response.status_code == 200
    assert response.mimetype == "application/tar+gzip"
    assert members_of(response.data) == FILES
    assert response.headers["ETag"] == summary["checksum"]
    assert response.headers["ARXIV-OWNER"] == "1"
    assert response.headers["Content-Disposition"] == "filename=1.tar.gz"
    assert response.headers.getlist("Content-Length") == [str(len(response.data))]
    assert parsedate_to_datetime(response.headers["Last-Modified"]).tzinfo is not None


def test_nothing_lets_a_proxy_or_a_browser_use_it_otherwise(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    headers = alice.get("/1/content").headers

    assert headers["Cache-Control"] == "private, no-cache"
    assert "Expires" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_head_get_and_head_agree(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball(FILES))

    first, read, last = alice.head("/1/content"), alice.get("/1/content"), alice.head("/1/content")

    assert first.data == last.data == b""
    for name in ("ETag", "ARXIV-OWNER", "Content-Length", "Last-Modified"):
        assert first.headers.getlist(name) == read.headers.getlist(name)
        assert last.headers.getlist(name) == read.headers.getlist(name)
        assert len(read.headers.getlist(name)) == 1


def test_an_upload_changes_the_tag_to_its_own(alice: Person) -> None:
    old = alice.create("main.tex", PAPER)["checksum"]

    new = alice.upload("/1", "b.txt", b"b\n").headers["ETag"]

    assert new != old
    assert alice.head("/1/content").headers["ETag"] == new


def test_equal_content_has_equal_checksum_and_bytes_in_two_workspaces(
    alice: Person, charlie: Person
) -> None:
    alice.create("paper.tar.gz", a_tarball(FILES))
    charlie.create("paper.zip", a_zip(dict(reversed(FILES.items()))))

    hers, his = alice.get("/1/content"), charlie.get("/2/content")

    assert hers.headers["ETag"] == his.headers["ETag"]
    assert hers.data == his.data


def test_a_range_is_cut_out(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball(FILES))
    whole = alice.get("/1/content").data

    response = alice.get("/1/content", headers={"Range": "bytes=10-49"})

    assert response.status_code == 206
    assert response.data == whole[10:50]
    assert response.headers["Content-Range"] == f"bytes 10-49/{len(whole)}"
    assert response.headers.getlist("Content-Length") == ["40"]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=0-99999999", 0, None)],
)
def test_an_open_range_goes_to_the_end(
    alice: Person, asked: str, start: int, stop: int | None
) -> None:
    alice.create("main.tex", PAPER)
    whole = alice.get("/1/content").data

    response = alice.get("/1/content", headers={"Range": asked})

    assert (response.status_code, response.data) == (206, whole[start:stop])


@pytest.mark.parametrize(
    "asked",
    ["bytes=9-2", "bytes=a-b", "bytes=-", "lines=1-2", "bytes=0-1,3-4", "", "bytes=\u0661-"],
)
def test_a_range_that_is_none_gets_everything(alice: Person, asked: str) -> None:
    alice.create("main.tex", PAPER)
    whole = alice.get("/1/content").data

    response = alice.get("/1/content", headers={"Range": asked.encode().decode("latin-1")})

    assert (response.status_code, response.data) == (200, whole)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", f"bytes={'9' * 4000}-"])
def test_a_range_behind_the_end_is_416(alice: Person, asked: str) -> None:
    alice.create("main.tex", PAPER)
    size = len(alice.get("/1/content").data)

    response = alice.get("/1/content", headers={"Range": asked})

    reason = f"The range lies outside of {size} bytes."
    assert answer(response) == (416, {"reason": reason})
    assert response.headers["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize("asked", [f"bytes=0-{'9' * 5000}", f"bytes=-{'9' * 5000}"])
def test_a_range_of_5000_digits_is_no_error(alice: Person, asked: str) -> None:
    alice.create("main.tex", PAPER)

    assert alice.get("/1/content", headers={"Range": asked}).status_code in {200, 206}


@pytest.mark.parametrize("spelling", ["{}", '"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_a_known_tag_is_304(alice: Person, spelling: str) -> None:
    tag = alice.create("main.tex", PAPER)["checksum"]

    response = alice.get("/1/content", headers={"If-None-Match": spelling.format(tag)})

    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == tag


def test_another_tag_is_200(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    response = alice.get("/1/content", headers={"If-None-Match": '"1B2M2Y8AsgTpgAmY7PhCfg=="'})

    assert response.status_code == 200


def test_if_match_with_another_tag_is_412(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    response = alice.get("/1/content", headers={"If-Match": '"1B2M2Y8AsgTpgAmY7PhCfg=="'})

    reason = "The resource has changed since you read it. Read it again and repeat."
    assert answer(response) == (412, {"reason": reason})


def test_if_range_with_another_tag_gets_everything(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    whole = alice.get("/1/content").data

    response = alice.get("/1/content", headers={"Range": "bytes=1-2", "If-Range": '"other"'})

    assert (response.status_code, response.data) == (200, whole)


def test_an_emptied_workspace_has_an_empty_archive(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/delete_all")

    response = alice.get("/1/content")

    assert response.status_code == 200
    assert members_of(response.data) == {}
    assert response.headers["ETag"] == "Donn7XTJpZRMiGWF1jTjxg=="


def test_a_deleted_workspace_is_404(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")

    assert answer(alice.get("/1/content")) == (404, {"reason": "No content in workspace"})
