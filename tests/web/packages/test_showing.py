"""A package as a page: items, texts, versions."""

import pytest

from people.surfers import Surfer
from web.packages.conftest import HARM, Shelf

NAMES = (
    'a"onmouseover=alert(1) b.txt',
    "d/<img src=x onerror=alert(1)>.txt",
    "javascript:alert(1).txt",
    "{{7+7}}.txt",
    "50% off & more.txt",
)
FORMS = (
    "/text", "/describe", "/move", "/delete", "/freeze", "/add", "/remove", "/point", "/shares",
    "/shares/papers/edit", "/shares/papers/rotate", "/shares/papers/revoke", "/shares/papers/keys",
    "/shares/papers/keys/revoke",
)  # fmt: skip
PAGES = (
    "", "/versions", "/sources", "/shares", "/item?path=a.txt", "/shares/none", "/diff", "/import",
)  # fmt: skip


def test_items_are_shown_by_directories(shelf: Shelf) -> None:
    for path in ("README.md", "d/a.txt", "d/e/b.txt"):
        shelf.api.text(shelf.id, path)

    top, below = shelf.shown(), shelf.shown("?directory=d")

    assert [one for one in ("README.md", "d/<") if one not in top] == []
    assert "a.txt" not in top
    assert [one for one in ("a.txt", "e/", "Kept with the package") if one not in below] == []
    assert shelf.surfer.get(f"{shelf.home}?directory=none").status_code == 404


@pytest.mark.parametrize("name", NAMES, ids=["attribute", "tag", "scheme", "template", "query"])
def test_a_hostile_name_is_only_a_name(shelf: Shelf, name: str) -> None:
    assert shelf.send("/text", path=name, text=HARM).status_code == 303
    page = shelf.shown("?directory=d" if "/" in name else "")
    link = page.partition("/item?path=")[2].partition('"')[0]

    shown = shelf.shown(f"/item?path={link}")

    assert shelf.paths == [name]
    assert HARM not in page + shown
    assert "<img" not in page + shown
    assert 'href="javascript' not in page + shown
    assert "14.txt" not in page + shown
    assert "&lt;script&gt;" in shown


def test_a_text_is_written_and_changed(shelf: Shelf) -> None:
    shelf.send("/text", path="README.md", text="# Rings\r\n\r\nof rings\r\n")
    tag = shelf.shown("/item?path=README.md").partition('name="tag" value="')[2][:64]

    again = shelf.send("/text", path="README.md", text="other")
    changed = shelf.send("/text", path="README.md", text="# More", tag=tag)
    late = shelf.send("/text", path="README.md", text="# Lost", tag=tag)

    assert [one.status_code for one in (again, changed, late)] == [412, 303, 412]
    assert shelf.api.get(f"/{shelf.id}/contents/README.md").data == b"# More"


def test_lines_of_a_text_end_as_they_do_in_files(shelf: Shelf) -> None:
    shelf.send("/text", path="README.md", text="a\r\n\r\nb\r\n")

    assert shelf.api.get(f"/{shelf.id}/contents/README.md").data == b"a\n\nb\n"


def test_what_is_no_text_is_not_written(shelf: Shelf) -> None:
    assert shelf.send("/text", path="a.exe", text="x").status_code == 415
    assert shelf.send("/text", path="../a.txt", text="x").status_code == 400
    assert shelf.paths == []


def test_what_is_no_text_has_no_form_for_one(shelf: Shelf) -> None:
    shelf.api.text(shelf.id, "a.pdf", b"%PDF-1.4 \xff")

    assert "<textarea" not in shelf.shown("/item?path=a.pdf")


def test_items_are_moved_and_deleted(shelf: Shelf) -> None:
    for path in ("a.txt", "b.txt", "d/c.txt"):
        shelf.api.text(shelf.id, path)
    before = shelf.revision

    moved = shelf.send("/move", path="a.txt", to="notes/a.txt")
    late = shelf.send("/delete", path="b.txt", revision=before)
    over = shelf.send("/move", path="b.txt", to="d/c.txt")
    deleted = shelf.send("/delete", path="d/")

    assert [one.status_code for one in (moved, late, over, deleted)] == [303, 412, 409, 303]
    assert shelf.paths == ["b.txt", "notes/a.txt"]


def test_what_is_said_of_it_is_changed(shelf: Shelf) -> None:
    said = {"name": HARM, "description": "a\r\nb", "creators": "Ada\r\n\r\nBob", "doi": "10.1/x"}

    assert shelf.send("/describe", **said).status_code == 303

    told = shelf.api.json(f"/{shelf.id}")
    assert [told[name] for name in ("name", "description", "creators", "doi")] == [
        HARM, "a\nb", ["Ada", "Bob"], "10.1/x",
    ]  # fmt: skip
    assert HARM not in shelf.shown()
    assert shelf.send("/describe", name="x", doi="x" * 201).status_code == 422


def test_a_version_is_frozen_and_looked_at(shelf: Shelf) -> None:
    shelf.api.text(shelf.id, "a.txt")

    frozen = shelf.send("/freeze", name=HARM)
    shelf.send("/delete", path="a.txt")

    assert frozen.headers["Location"] == "versions?done=frozen"
    shown, version = shelf.shown("/versions?done=frozen"), shelf.shown("?version=1")
    assert "The version is frozen." in shown
    assert "a.txt" in version
    assert "/delete" not in version
    assert HARM not in shown + version
    assert "There are no items." in shelf.shown()
    assert shelf.surfer.get(f"{shelf.home}?version=2").status_code == 404


def test_an_empty_package_is_not_frozen(shelf: Shelf) -> None:
    assert shelf.send("/freeze").status_code == 409


def test_nobody_sees_or_changes_a_strangers(shelf: Shelf, mallory: Surfer) -> None:
    shelf.api.text(shelf.id, "a.txt")
    data = {"path": "a.txt", "to": "b.txt", "text": "x", "name": "x", "slug": "papers"}

    seen = {one: mallory.get(f"{shelf.home}{one}").status_code for one in PAGES}
    sent = {one: mallory.send(f"{shelf.home}{one}", data).status_code for one in FORMS}

    assert set(seen.values()) | set(sent.values()) <= {403, 404}
    assert shelf.paths == ["a.txt"]


def test_forms_of_other_sites_and_without_the_secret_change_nothing(shelf: Shelf) -> None:
    shelf.api.text(shelf.id, "a.txt")
    data = {"path": "a.txt", "to": "b.txt", "text": "x", "name": "x"}
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    for one in FORMS:
        place = f"{shelf.home}{one}"
        assert shelf.surfer.post(place, data=data).status_code == 403
        assert shelf.surfer.send(place, data, headers=foreign).status_code == 403

    assert shelf.paths == ["a.txt"]
    assert shelf.api.json(f"/{shelf.id}/versions")["versions"] == []


def test_what_is_not_there_is_a_page(shelf: Shelf) -> None:
    for path in (f"/packages/{'0' * 32}", f"{shelf.home}/item?path=none", "/packages/none"):
        answer = shelf.surfer.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
