"""What the page of a workspace says, and what its forms do."""

import io
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from builders.papers import a_tarball
from people.surfers import Surfer
from web.workspaces.conftest import HARM, NAMES, Desk

MAIN = (
    b"\\documentclass{article}\n\\begin{document}\n\\includegraphics{rings}\n\\cite{a}\n"
    b"% TODO: hide this\n\\bibliography{refs}\n\\end{document}\n"
)


def send_files(desk: Desk, files: dict[str, bytes], **fields: str) -> Any:
    """As a browser without scripts sends the form."""
    data: dict[str, Any] = {"csrf": desk.surfer.form_token(), **fields}
    data["file"] = [FileStorage(io.BytesIO(body), name) for name, body in files.items()]
    boundary, body = encode_multipart(data)
    content_type = f'multipart/form-data; boundary="{boundary}"'
    return desk.surfer.post(f"{desk.home}/files", data=body, content_type=content_type)


def test_the_verdict_is_on_top(desk: Desk) -> None:
    empty = desk.text
    desk.put("notes.doc", b"\xd0\xcf\x11\xe0" + b"x" * 600)
    broken = desk.text
    desk.act("delete", path="notes.doc")
    desk.put("main.tex", b"\\documentclass{article}\\begin{document}Hi\\end{document}\n")

    assert "Empty: there are no files yet" in empty
    assert "Not ready: " in broken
    assert "see submission help for details" in broken
    assert '<p class="word">Ready' in desk.text


def test_findings_lead_to_the_file_and_the_line_and_say_what_to_do(desk: Desk) -> None:
    desk.put("main.tex", MAIN)
    desk.put("old~.tex", MAIN)

    shown = desk.text

    assert f'href="{desk.number}/f/main.tex#L3">line 3</a>' in shown
    assert "Upload rings</a>" in shown


def test_what_is_missing_is_said_before_all_else(desk: Desk) -> None:
    desk.put("main.tex", MAIN.replace(b"\\bibliography{refs}\n", b""))

    shown = desk.text

    assert "Not whole: 1 file is missing" in shown
    assert shown.index("Upload rings") < shown.index("The main file seems to be")


def test_several_files_come_by_one_form_in_one_revision(desk: Desk) -> None:
    before = int(desk.revision)

    answer = send_files(desk, {"main.tex": MAIN, "figs/rings.pdf": b"%PDF-1.4\n%%EOF\n"})

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("?done=uploaded&added=2")
    assert desk.paths == ["figs/rings.pdf", "main.tex"]
    assert int(desk.revision) == before + 1
    assert "2 added" in desk.surfer.get(f"{desk.home}?done=uploaded&added=2").text


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({}, ["a.tex"]),
        ({"unpack": "keep"}, ["paper.tar"]),
        ({"directory": "/sub/"}, ["sub/a.tex"]),
        ({"ancillary": "true", "unpack": "keep"}, ["anc/paper.tar"]),
    ],
    ids=["unpacked", "kept", "directory", "ancillary"],
)
@pytest.mark.parametrize("profile", ["generic"])
def test_the_form_says_where_to_and_how(
    desk: Desk, fields: dict[str, str], paths: list[str]
) -> None:
    send_files(desk, {"paper.tar": a_tarball({"a.tex": MAIN}, "w")}, **fields)

    assert desk.paths == paths


@pytest.mark.parametrize("token", ["", "0" * 64], ids=["none", "of-another"])
def test_files_without_the_secret_of_the_session_are_not_taken(desk: Desk, token: str) -> None:
    answer = send_files(desk, {"main.tex": MAIN}, csrf=token)

    assert answer.status_code == 403
    assert desk.paths == []


@pytest.mark.parametrize(
    ("files", "status"),
    [({}, 400), ({"": b""}, 400), ({"a.tex": b""}, 400), ({"../a.tex": b"x"}, 400)],
    ids=["none", "unnamed", "empty", "outside"],
)
def test_a_form_without_a_file_is_refused_on_a_page(
    desk: Desk, files: dict[str, bytes], status: int
) -> None:
    answer = send_files(desk, files)

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert desk.paths == []


def test_what_we_took_out_is_brought_back(desk: Desk) -> None:
    send_files(desk, {"main.tex": MAIN, "paper.tex~": MAIN, ".hidden": b"x"})
    shown = desk.text
    assert "What we changed" in shown
    assert "Bring back .hidden" in shown

    assert desk.act("bring-back", path=".hidden") == 303

    assert ".hidden" in desk.paths


def test_a_long_list_of_what_was_taken_out_says_that_it_is_cut(desk: Desk) -> None:
    files = {f"d/.hidden{number}": b"x" for number in range(201)}
    send_files(desk, {"all.tar": a_tarball({**files, "d/main.tex": MAIN}, "w")})

    assert "Taken out (the first 200)" in desk.text


def test_what_we_rewrote_is_undone(desk: Desk) -> None:
    desk.put("main.tex", MAIN.replace(b"\n", b"\r"))
    change = desk.text.partition('name="change" value="')[2].partition('"')[0]
    assert change

    assert desk.act("undo", path="main.tex", change=change) == 303

    raw = desk.surfer.get(f"{desk.home}/raw/main.tex")
    assert raw.data == MAIN.replace(b"\n", b"\r")


def test_a_file_is_moved_and_deleted_and_nothing_is_lost(desk: Desk) -> None:
    desk.put("main.tex", MAIN)

    statuses = [
        desk.act("move", path="main.tex", to="paper/main.tex"),
        desk.act("delete", path="paper/"),
        desk.act("bring-back", path="paper/main.tex"),
    ]

    assert statuses == [303, 303, 303]
    assert desk.paths == ["paper/main.tex"]


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("delete", {"path": "main.tex"}),
        ("move", {"path": "main.tex", "to": "b.tex"}),
        ("check", {}),
    ],
    ids=["delete", "move", "check"],
)
def test_a_form_of_an_older_page_changes_nothing(
    desk: Desk, what: str, fields: dict[str, str]
) -> None:
    desk.put("main.tex", MAIN)

    assert desk.act(what, **fields, revision="0") == 412
    assert desk.paths == ["main.tex"]


def test_a_locked_workspace_offers_no_change_and_takes_none(desk: Desk) -> None:
    desk.put("main.tex", MAIN)
    desk.act("lock", reason="in review")
    shown = desk.text

    assert "in review" in shown
    assert 'type="file"' not in shown
    assert "Delete" not in shown
    assert desk.act("delete", path="main.tex") == 403
    assert send_files(desk, {"b.tex": MAIN}).status_code == 403
    assert desk.act("unlock") == 303
    assert desk.act("delete", path="main.tex") == 303


def test_it_is_released_and_taken_back(desk: Desk) -> None:
    assert desk.act("release") == 303
    assert "Released" in desk.text
    assert desk.act("unrelease") == 303
    assert "Take the release back" not in desk.text


def test_a_checkpoint_is_made_compared_and_gone_back_to(desk: Desk) -> None:
    desk.put("main.tex", MAIN)
    assert desk.act("checkpoints", name="first") == 303
    desk.put("main.tex", MAIN.replace(b"hide", b"show"))
    listed = desk.surfer.get(f"{desk.home}/checkpoints").text
    number = listed.partition("checkpoint%3A")[2].partition('"')[0]

    listing = desk.surfer.get(f"{desk.home}/diff?from=checkpoint:{number}").text
    lines = desk.surfer.get(f"{desk.home}/diff?from=checkpoint:{number}&path=main.tex").text
    assert desk.act(f"checkpoints/{number}/restore") == 303

    assert "first" in listed
    assert "changed" in listing
    assert "From first to now" in lines
    assert "<del>% TODO: hide this\n</del>" in lines
    assert "<ins>% TODO: show this\n</ins>" in lines
    assert desk.surfer.get(f"{desk.home}/raw/main.tex").data == MAIN


def test_a_file_has_its_lines_findings_and_versions(desk: Desk) -> None:
    desk.put("main.tex", MAIN)
    desk.act("checkpoints", name="first")
    desk.put("main.tex", MAIN + b"% more\n")

    shown = desk.surfer.get(f"{desk.home}/f/main.tex").text

    assert '<tr id="L3" class="marked"><th scope="row">3</th>' in shown
    assert '<tr id="L2"><th scope="row">2</th>' in shown
    assert "Compare with first" in shown


def test_a_picture_is_shown_and_what_is_neither_is_a_download(desk: Desk) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40
    desk.put("rings.png", png)
    desk.put("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>\0")

    picture = desk.surfer.get(f"{desk.home}/f/rings.png").text
    other = desk.surfer.get(f"{desk.home}/f/evil.svg").text
    raw = desk.surfer.get(f"{desk.home}/raw/evil.svg")

    assert '<img src="../raw/rings.png"' in picture
    assert "<img" not in other
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert raw.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("profile", ["generic"])
def test_hostile_names_and_texts_do_nothing_on_any_page(desk: Desk) -> None:
    for name in NAMES:
        desk.put(quote(name), HARM.encode())
    desk.act("checkpoints", name=HARM)
    for name in NAMES:
        desk.put(quote(name), HARM.encode() + b"2")
    desk.act("lock", reason=HARM)
    paths = [
        "/w",
        desk.home,
        f"{desk.home}?done={quote(HARM)}",
        f"{desk.home}?q={quote(HARM)}",
        f"/w?q={quote(HARM)}",
        f"{desk.home}/checkpoints",
        f"{desk.home}/diff?from=0",
        f"{desk.home}/receipt",
        *(f"{desk.home}/f/{quote(name)}" for name in NAMES),
        *(f"{desk.home}/diff?from=0&path={quote(name)}" for name in NAMES),
        f"{desk.home}/f/{quote(HARM)}",
        f"{desk.home}/diff?from={quote(HARM)}",
    ]

    pages = {path: desk.surfer.get(path) for path in paths}

    assert {path: one.status_code for path, one in pages.items() if one.status_code >= 500} == {}
    for path, one in pages.items():
        assert one.mimetype == "text/html", path
        assert HARM not in one.text, path
        assert "<img src=x" not in one.text, path
        assert 'b.txt" onmouse' not in one.text, path
        assert 'href="javascript:' not in one.text, path
        assert "14.txt" not in one.text, path
    assert "{{7+7}}.txt" in pages[desk.home].text


@pytest.mark.parametrize("profile", ["generic"])
def test_files_stand_in_their_directories_a_thousand_on_a_page(desk: Desk) -> None:
    files = {f"d{number % 3}/{number:04}.txt": b"x" for number in range(1005)}
    send_files(desk, {"all.tar": a_tarball(files, "w")}, unpack="unpack")

    first = desk.text
    more = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = desk.surfer.get(f"{desk.home}{more}").text

    assert [first.count('scope="rowgroup"'), second.count('scope="rowgroup"')] == [3, 1]
    assert first.count("<tr><td><a") == 1000
    as_json = desk.api.get(f"/v2/workspaces/{desk.number}/entries?limit=1000").text
    assert len(first) < 3 * len(as_json)
    assert second.count("<tr><td><a") == 5


@pytest.mark.parametrize(
    "path",
    ["", "/checkpoints", "/diff?from=0", "/f/main.tex", "/raw/main.tex", "/receipt"],
    ids=["page", "checkpoints", "diff", "file", "raw", "receipt"],
)
def test_a_stranger_sees_nothing_of_it(desk: Desk, mallory: Surfer, path: str) -> None:
    desk.put("main.tex", MAIN)

    answer = mallory.get(f"{desk.home}{path}")

    assert answer.status_code == 404
    assert "rings" not in answer.text


@pytest.mark.parametrize(
    "what",
    ["delete", "move", "undo", "bring-back", "check", "lock", "unlock", "release", "unrelease"],
)
def test_a_stranger_changes_nothing_of_it(desk: Desk, mallory: Surfer, what: str) -> None:
    desk.put("main.tex", MAIN)
    before = desk.revision

    answer = mallory.send(f"{desk.home}/{what}", {"path": "main.tex", "to": "x"})

    assert (answer.status_code, desk.revision) == (404, before)
