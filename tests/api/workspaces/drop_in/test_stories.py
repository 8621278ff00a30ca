"""Whole sessions of the clients of the original, as its own tests told them."""

from pathlib import Path
from typing import Any

import pytest

from builders.papers import PAPER, a_tarball, members_of
from people.answers import EMPTY, LOCKED, NO_FILE, NO_WORKSPACE, NOT_ACTIVE, answer, paths
from people.person import Person

PDF = b"%PDF-1.5\n" + bytes(200) + b"\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)

WITH_ANCILLARY = {
    "main.tex": PAPER,
    "accessibilityMeta.sty": b"\\ProvidesPackage{accessibilityMeta}\n",
    "other.sty": b"\\ProvidesPackage{other}\n",
    "main.bbl": b"\\begin{thebibliography}{1}\n\\end{thebibliography}\n",
    "fig1.pdf": PDF,
    "fig2.pdf": PDF + b"%\n",
    "anc/manuscript_Na2.7Ru4O9.tex": PAPER,
    "anc/fig8.PNG": PNG,
    **{f"anc/table{number}.csv": b"1,2\n" * (number + 1) for number in range(14)},
}
"""An imitation of the original's UploadWithANCDirectory: 6 source files, 16 ancillary ones."""

BACKUP = (
    "File 'submission.tex~' may be a backup file. Please inspect and remove extraneous backup"
    " files."
)
RENAMED = (
    "We only accept file names containing the characters: a-z A-Z 0-9 _ + - . =. Renamed"
    " 'submission.tex~' to 'submission.tex_'"
)

NESTED = {
    "submission.tex": PAPER,
    "b/one.tex": b"\\relax\n",
    "b/deep/two.png": PNG,
    "c/three.txt": b"three\n",
}

ARTICLE = {
    "lipics-v2016.cls": b"\\ProvidesClass{lipics}\n" * 500,
    "lipics-logo-bw.pdf": PDF * 20,
    "ms.tex": PAPER * 300,
    "ms.bbl": b"\\begin{thebibliography}{1}\n\\end{thebibliography}\n",
}


def original(fixtures: Path, name: str) -> bytes:
    return (fixtures / "originals" / name).read_bytes()


def messages(summary: dict[str, Any], severity: str, path: str) -> list[str]:
    return [text for kind, where, text in summary["errors"] if (kind, where) == (severity, path)]


def test_an_upload_with_ancillary_files_is_taken_apart_by_deletions(alice: Person) -> None:
    summary = alice.create("paper.tar.gz", a_tarball(WITH_ANCILLARY))
    assert (len(summary["files"]), summary["source_format"]) == (22, "tex")
    assert [error for error in summary["errors"] if error[0] == "fatal"] == []

    deleted = alice.delete("/1/accessibilityMeta.sty")
    ancillary = alice.delete("/1/anc%2Fmanuscript_Na2.7Ru4O9.tex")
    again = alice.delete("/1/anc%2Fmanuscript_Na2.7Ru4O9.tex")
    picture = alice.delete("/1/anc%2Ffig8.PNG")

    assert deleted.get_json()["reason"] == "deleted file"
    assert ancillary.status_code == picture.status_code == 200
    assert answer(again) == NO_FILE
    assert len(alice.get("/1").get_json()["files"]) == 19


def test_a_workspace_of_ancillary_files_alone_keeps_them(alice: Person) -> None:
    files = {name: data for name, data in WITH_ANCILLARY.items() if name.startswith("anc/")}

    summary = alice.create("onlyANCfiles.tar.gz", a_tarball(files))

    assert sorted(paths(summary)) == sorted(files)
    assert summary["source_format"] == "invalid"
    assert members_of(alice.get("/1/content").data) == files


def test_everything_is_deleted_and_nothing_is_left_to_delete(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball(WITH_ANCILLARY))

    emptied = alice.post("/1/delete_all")

    assert emptied.get_json()["source_format"] != "tex"
    assert alice.get("/1").get_json()["files"] == []
    assert answer(alice.delete("/1/anc/manuscript_Na2.7Ru4O9.tex")) == NO_FILE
    assert answer(alice.post("/999999/delete_all")) == NO_WORKSPACE


def test_checkpoints_through_a_long_session(alice: Person, fixtures: Path) -> None:
    second = original(fixtures, "test_files_upload/upload2.tar.gz")
    alice.create("UnpackWithSubdirectories.tar.gz", a_tarball(NESTED))
    assert alice.post("/1/delete_all_checkpoints").status_code == 200
    first = alice.post("/1/checkpoint").headers["ETag"]
    alice.post("/1/delete_all")
    alice.upload("/1", "upload2.tar.gz", second)
    alice.post("/1/checkpoint")
    other = alice.post("/1/checkpoint").headers["ETag"]

    listed = alice.get("/1/list_checkpoints").get_json()["checkpoints"]
    restored = alice.get(f"/1/restore_checkpoint/{first}")
    downloaded = alice.get(f"/1/checkpoint/{first}")

    assert listed[0]["name"] == "checkpoint_1_theuser.tar.gz"
    assert len(listed) == 3
    assert restored.status_code == 200
    assert members_of(downloaded.data) == NESTED
    assert members_of(alice.get("/1/content").data) == NESTED
    assert alice.delete(f"/1/delete_checkpoint/{other}").status_code == 200
    assert len(alice.get("/1/list_checkpoints").get_json()["checkpoints"]) == 2
    assert alice.post("/1/delete_all_checkpoints").status_code == 200
    assert alice.delete(f"/1/delete_checkpoint/{other}").status_code == 404
    assert alice.delete("/1").status_code == 200


def test_a_checkpoint_with_an_upload_needs_files(alice: Person) -> None:
    alice.create("UnpackWithSubdirectories.tar.gz", a_tarball(NESTED))
    taken = alice.upload("/1/checkpoint_with_upload", "more.tex", PAPER)
    alice.post("/1/delete_all")

    refused = alice.upload("/1/checkpoint_with_upload", "more.tex", PAPER)

    assert taken.status_code == 201
    assert answer(refused) == answer(alice.post("/1/checkpoint")) == EMPTY


def test_a_file_and_the_log_of_an_archive_are_downloaded(alice: Person, fixtures: Path) -> None:
    alice.create("upload2.tar.gz", original(fixtures, "test_files_upload/upload2.tar.gz"))

    head, read = alice.head("/1/main_a.tex/content"), alice.get("/1/main_a.tex/content")

    assert head.status_code == read.status_code == 200
    assert head.headers["ETag"] == read.headers["ETag"]
    assert "unpack gzipped upload2.tar to dir" in alice.get("/1/log").text
    assert "Removed packed file 'upload2.tar'." in alice.get("/1/log").text


def test_a_leading_preview_is_stripped_and_the_name_stays(alice: Person, fixtures: Path) -> None:
    folder = "test_files_strip_postscript"

    summary = alice.create("dos_eps_1.eps", original(fixtures, f"{folder}/dos_eps_1.eps"))

    stripped = original(fixtures, f"{folder}/dos_eps_1_stripped.eps")
    assert messages(summary, "warn", "dos_eps_1.eps") == ["Leading TIFF preview stripped."]
    assert paths(summary) == ["dos_eps_1.eps"]
    assert alice.get("/1/dos_eps_1.eps/content").data == stripped


def test_missing_references_are_brought_later(alice: Person, fixtures: Path) -> None:
    archive = original(fixtures, "test_files_upload/bad_bib_but_no_bbl.tar")
    faulty = alice.create("bad_bib_but_no_bbl.tar", archive)
    stem = next(path for path in paths(faulty) if path.endswith(".bib")).removesuffix(".bib")

    alice.upload("/1", f"{stem}.bbl", WITH_ANCILLARY["main.bbl"])

    summary = alice.get("/1").get_json()
    assert faulty["readiness"] == "ERRORS"
    assert summary["readiness"] == "READY"
    assert f"{stem}.bib" not in paths(summary)


@pytest.mark.parametrize(
    ("close", "open_again", "refusal"),
    [("lock", "unlock", LOCKED), ("release", "unrelease", NOT_ACTIVE)],
)
def test_a_closed_workspace_is_opened_again(
    alice: Person, close: str, open_again: str, refusal: object
) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{close}")

    closed = [
        alice.upload("/1", "b.txt", b"b\n"),
        alice.delete("/1/somefile"),
        alice.post("/1/delete_all"),
    ]
    alice.post(f"/1/{open_again}")
    opened = [
        alice.upload("/1", "b.txt", b"b\n"),
        alice.delete("/1/somefile"),
        alice.post("/1/delete_all"),
    ]

    assert [answer(response) for response in closed] == [refusal] * 3
    assert [response.status_code for response in opened] == [201, 404, 200]


def test_a_member_that_climbs_out_reaches_nothing(
    alice: Person, fixtures: Path, tmp_path: Path
) -> None:
    archive = original(fixtures, "test_files_upload/relative_path.tar.gz")

    response = alice.upload("/", "relative_path.tar.gz", archive)

    assert response.status_code == 201
    assert {path.name for path in tmp_path.iterdir()} <= {
        "filemanager.db", "filemanager.db-shm", "filemanager.db-wal", "filemanager.db-lock",
        "scratch", "store", "rawstore",
    }  # fmt: skip


def test_a_session_from_article_to_page(alice: Person, fixtures: Path) -> None:
    article = alice.create("1801.03879-1.tar.gz", a_tarball(ARTICLE))
    assert article["upload_total_size"] == sum(map(len, ARTICLE.values()))
    assert article["source_format"] == "tex"
    assert members_of(alice.get("/1/content").data) == ARTICLE

    alice.delete("/1/lipics-logo-bw.pdf")
    smaller = alice.delete("/1/lipics-v2016.cls").get_json()
    emptied = alice.post("/1/delete_all").get_json()
    page = original(fixtures, "test_files_sub_type/sampleB_html.tar.gz")
    html = alice.upload("/1", "sampleB_html.tar.gz", page).get_json()

    assert smaller["upload_total_size"] == len(ARTICLE["ms.tex"]) + len(ARTICLE["ms.bbl"])
    assert emptied["upload_total_size"] == 0
    assert html["source_format"] == "html"


def test_what_should_not_be_there_is_named(alice: Person, fixtures: Path) -> None:
    archive = original(fixtures, "test_files_upload/UploadRemoveFiles.tar")

    summary = alice.create("UploadRemoveFiles.tar", archive)

    removed = {
        "remove.desc", ".junk", "core", "diagrams.sty", "zero.txt", "xxx.cshrc", "uufiles",
        "final.aux", "final.out", "aa.dem", "revtex4.cls", "espcrc2.sty", "final.synctex",
    }  # fmt: skip
    told = {where for kind, where, _ in summary["errors"] if kind == "info"}
    assert (summary["readiness"], summary["source_format"]) == ("ERRORS", "tex")
    assert removed <= told
    assert not removed & set(paths(summary))
    assert messages(summary, "warn", "final.bib")
    assert messages(summary, "fatal", "something.doc")


def test_deleting_the_faulty_file_and_adding_backups(alice: Person, fixtures: Path) -> None:
    archive = original(fixtures, "test_files_upload/UploadRemoveFiles.tar")
    alice.create("UploadRemoveFiles.tar", archive)
    alice.delete("/1/something.doc")
    mended = alice.get("/1").get_json()
    backups = {"submission.tex": PAPER, "submission.tex~": PAPER, "submission.tex.bak": PAPER}

    warned = alice.upload("/1", "FilesToWarnAbout.tar", a_tarball(backups, "w")).get_json()

    assert (mended["source_format"], mended["readiness"]) == ("tex", "READY")
    assert messages(warned, "warn", "submission.tex_") == [
        BACKUP,
        RENAMED,
    ]
    assert len(messages(warned, "warn", "submission.tex.bak")) == 1


def test_a_new_session_sees_what_another_wrote(alice: Person) -> None:
    location = alice.upload("/", "main.tex", PAPER).headers["Location"]
    path = location.removeprefix("http://fooserver.localdomain/filemanager/api")

    alice.upload(path, "main.tex", PAPER + b"% second\n")

    assert alice.get(f"{path}/main.tex/content").data == PAPER + b"% second\n"
