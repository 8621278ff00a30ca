"""Advice to authors: told by v2 among the findings, and by nothing else."""

from typing import Any

import pytest

from builders.papers import PAPER, a_tarball
from people.person import Person

SECRET = b"key = AKIA" + b"ABCDEFGHIJKLMNOP\n"
FILES = {
    "main.tex": PAPER + b"% TODO: ask Bob\n\\includegraphics{a}\n\\input{part}\n",
    "part.tex": b"\\section{Part}\n",
    "a.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (6000).to_bytes(4, "big") * 2 + bytes(9),
    "b.pdf": b"%PDF-1.4\n1 0 obj << /S /J#61vaScript /JS (x) >> endobj\n%%EOF\n",
    "notes.txt": SECRET,
    "00README.json": b'{"process": {"compiler": "pdflatex"}}',
}
ADVICE = [
    ("private_remark", "main.tex"),
    ("large_image", "a.png"),
    ("pdf_javascript", "b.pdf"),
    ("credential_found", "notes.txt"),
    ("readme_directives", "00README.json"),
    ("comments_visible", None),
    ("main_file", "main.tex"),
    ("unreached_file", "b.pdf"),
    ("unreached_file", "notes.txt"),
]


@pytest.fixture
def workspace(alice: Person) -> str:
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    alice.put(f"{made}/files/all.tar", a_tarball(FILES, "w"))
    return made


def findings(person: Person, workspace: str, query: str = "") -> list[dict[str, Any]]:
    return list(person.get(f"{workspace}/findings{query}").get_json()["findings"])


def advice(person: Person, workspace: str) -> list[tuple[str, str | None]]:
    """Without what the checks say."""
    known = {code for code, _ in ADVICE}
    return [(f["code"], f["path"]) for f in findings(person, workspace) if f["code"] in known]


def test_it_works(alice: Person, workspace: str) -> None:
    assert advice(alice, workspace) == ADVICE


def test_advice_is_information_with_help_and_can_be_filtered(alice: Person, workspace: str) -> None:
    (found,) = findings(alice, workspace, "?code=large_image&severity=info")

    assert found == {
        "code": "large_image", "severity": "info", "path": "a.png", "persistent": True,
        "message": "The picture has 6000 by 6000 pixels, 36.0 megapixels.",
        "hint": None, "help": "http://fooserver.localdomain/docs/findings/large_image",
    }  # fmt: skip
    assert findings(alice, workspace, "?severity=warn&code=large_image") == []


def test_advice_follows_what_a_person_does(alice: Person, workspace: str) -> None:
    alice.get(f"{workspace}/findings")

    alice.delete(f"{workspace}/files/notes.txt")
    alice.delete(f"{workspace}/files/b.pdf")
    alice.post(f"{workspace}/files:move", json={"source": "part.tex", "target": "other.tex"})

    found = advice(alice, workspace)
    assert ("unreached_file", "other.tex") in found
    assert not {"notes.txt", "b.pdf"} & {path for _, path in found}


def test_advice_changes_nothing_that_the_drop_in_shows(alice: Person, workspace: str) -> None:
    number = workspace.rpartition("/")[2]
    shown = ("", "/content", "/log")
    before = [alice.get(f"/{number}{path}").data for path in shown]
    state = alice.get(workspace).get_json()

    assert advice(alice, workspace) == ADVICE

    assert [alice.get(f"/{number}{path}").data for path in shown] == before
    assert alice.get(workspace).get_json() == state


def test_the_secret_is_in_no_answer(alice: Person, workspace: str) -> None:
    assert b"AKIA" not in alice.get(f"{workspace}/findings").data


def test_another_profile_gets_no_advice(alice: Person) -> None:
    made = alice.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    alice.put(f"/v2/workspaces/{made}/files/all.tar", a_tarball(FILES, "w"))

    assert advice(alice, f"/v2/workspaces/{made}") == []


def test_the_answer_has_an_etag_that_follows_it(alice: Person, workspace: str) -> None:
    tag = alice.get(f"{workspace}/findings").headers["ETag"]

    same = alice.get(f"{workspace}/findings", headers={"If-None-Match": tag})
    alice.delete(f"{workspace}/files/notes.txt")
    other = alice.get(f"{workspace}/findings", headers={"If-None-Match": tag})

    assert (same.status_code, other.status_code) == (304, 200)


def test_a_stranger_and_a_token_too_weak_get_none(
    charlie: Person, nobody: Person, anonymous: Person, workspace: str
) -> None:
    people = (charlie, nobody, anonymous)

    found = [person.get(f"{workspace}/findings").status_code for person in people]

    assert found == [404, 403, 401]


def test_a_missing_file_is_told_until_it_comes(alice: Person) -> None:
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    body = b"\\input{sec/two}\n\\includegraphics{my fig}\n\\includegraphics{here}\n\\end{document}"
    files = {"main.tex": PAPER.replace(b"\\end{document}", body), "my fig.png": b"1\n"}
    alice.put(f"{made}/files/all.tar", a_tarball({**files, "sty/here.png": b"2\n"}))
    lacks = findings(alice, made, "?code=missing_file")
    renamed = findings(alice, made, "?code=renamed_file_named")

    alice.put(f"{made}/files/sec/two.tex", b"\\section{Two}\n")
    alice.put(f"{made}/files/.latexmkrc", b"$ENV{TEXINPUTS} = './sty//:';\n")

    assert [(one["path"], one["severity"]) for one in lacks] == [("main.tex", "info")] * 2
    assert "'sec/two'" in lacks[0]["message"]
    assert "'sty/here.png'" in lacks[1]["message"]
    assert "'my_fig.png'" in renamed[0]["message"]
    assert findings(alice, made, "?code=missing_file") == []
