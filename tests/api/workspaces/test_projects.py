"""Whole papers as people pack them: every byte comes back, and every difference is told."""

import io
import pickle
import sqlite3
import tarfile
import zipfile
from collections.abc import Mapping

import pytest

from builders.papers import a_tarball, a_zip, members_of
from people.person import Person

MAIN = rb"""% !TeX program = pdflatex
% !TeX root = thesis.tex
\documentclass{book}
\graphicspath{{fig/}}
\begin{document}
\input{aux/macros}
\include{chapters/intro}
\include{chapters/nul}
\includegraphics{plot}
\end{document}
"""
SECTION = b"%!TEX root = ../thesis.tex\n% !BIB program = biber\n\\chapter{One}\nText.\n"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\r\n\r\rrest of a picture\x00\r"
THESIS = {
    "thesis.tex": MAIN,
    "aux/macros.tex": b"\\newcommand{\\R}{\\mathbb{R}}\n",
    "chapters/intro.tex": SECTION,
    "chapters/nul.tex": b"\\chapter{Two}\n",
    "fig/plot.png": PICTURE,
}


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An SQLite file that holds TeX with the line ends of every system."""
    path = tmp_path_factory.mktemp("data") / "abstracts.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE abstracts (text)")
        texts = [(f"\\documentclass{{a}}\r\n\\begin{{b}}\r{n}\n",) for n in range(200)]
        connection.executemany("INSERT INTO abstracts VALUES (?)", texts)
    connection.close()
    return path.read_bytes()


def a_mac_zip(files: Mapping[str, bytes]) -> bytes:
    """What the Finder makes: each file's other half beside it, and what it keeps of folders."""
    beside = {f"__MACOSX/._{name}": b"\x00\x05\x16\x07resource" for name in files}
    return a_zip({**files, **beside, ".DS_Store": b"\x00\x00\x00\x01Bud1"})


def a_windows_zip(files: Mapping[str, bytes]) -> bytes:
    """What PowerShell 5.1 makes: folders by backslashes, and host 0."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name)
            member.create_system = 0
            # The class would write its own separator.
            member.filename = name.replace("/", "\\")
            archive.writestr(member, data)
    return made.getvalue()


def a_sparse_tar(name: str, size: int, islands: Mapping[int, bytes]) -> tuple[bytes, bytes]:
    """A tar with a file in GNU's form 1.0, as bsdtar and GNU tar write holes; and the file."""
    whole = bytearray(size)
    numbers = [len(islands)]
    for start, data in islands.items():
        whole[start : start + len(data)] = data
        numbers += [start, len(data)]
    table = b"".join(b"%d\n" % number for number in numbers)
    stored = table + bytes(-len(table) % 512) + b"".join(islands.values())
    member = tarfile.TarInfo(f"GNUSparseFile.0/{name}")
    member.size = len(stored)
    member.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": name,
        "GNU.sparse.realsize": str(size),
    }
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member, io.BytesIO(stored))
    return made.getvalue(), bytes(whole)


def sent(alice: Person, name: str, data: bytes) -> tuple[int, dict[str, bytes]]:
    """The number of a new workspace, and all files of it as they come back."""
    workspace = int(alice.create(name, data)["upload_id"])
    return workspace, members_of(alice.get(f"/{workspace}/content").data)


def told(alice: Person, workspace: int) -> dict[str, str | None]:
    """What became of each path that is not there any more as it was sent."""
    changes = alice.get(f"/v2/workspaces/{workspace}/changes").get_json()["changes"]
    return {one["before"]: one["after"] for one in changes}


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("thesis.tar.gz", a_tarball),
        ("thesis.zip", a_zip),
        ("windows.zip", a_windows_zip),
        ("mac.zip", a_mac_zip),
    ],
)
def test_a_thesis_comes_back_to_the_byte(alice: Person, name: str, pack: object) -> None:
    assert callable(pack)
    workspace, files = sent(alice, name, pack(THESIS))

    summary = alice.get(f"/{workspace}").get_json()
    assert files == THESIS
    assert (summary["source_format"], summary["readiness"]) == ("tex", "READY")
    kinds = {one["public_filepath"]: one["type"] for one in summary["files"]}
    assert kinds["chapters/intro.tex"] != "POSTSCRIPT"
    assert told(alice, workspace).keys() >= {name}


def test_data_beside_a_paper_is_never_taken_for_text(alice: Person, database: bytes) -> None:
    weights = pickle.dumps({"tex": "\\documentclass{a}\r\n\\begin{b}\r" * 50}, protocol=4)
    paper = THESIS | {"anc/abstracts.db": database, "anc/weights.pkl": weights}

    workspace, files = sent(alice, "paper.tar.gz", a_tarball(paper | {"data/copy.db": database}))

    assert files == paper | {"data/copy.db": database}
    assert set(told(alice, workspace)) == {"paper.tar.gz", "paper.tar"}


def test_a_file_with_holes_is_whole(alice: Person) -> None:
    islands = {0: b"\x89HDF\r\n\x1a\n", 5 << 20: b"\r\nrows\r", (8 << 20) - 3: b"end"}
    packed, whole = a_sparse_tar("./data.h5", 8 << 20, islands)
    workspace, _ = sent(alice, "paper.tar.gz", a_tarball(THESIS))

    answer = alice.upload(f"/{workspace}", "data.tar", packed)

    assert answer.status_code == 201
    assert alice.get(f"/{workspace}/data.h5/content").data == whole


def test_what_is_mended_is_told_with_the_bytes_before(alice: Person) -> None:
    dos = MAIN.replace(b"\n", b"\r\n")
    paper = THESIS | {"old.tex": dos, "a b.tex": b"\\section{Blank}\n"}

    workspace, files = sent(alice, "paper.tar.gz", a_tarball(paper))

    changes = alice.get(f"/v2/workspaces/{workspace}/changes").get_json()["changes"]
    rewritten = next(one for one in changes if one["before"] == "old.tex")
    back = alice.post(
        f"/v2/workspaces/{workspace}/files:undelete",
        json={"path": "old.tex", "change": rewritten["id"]},
    )
    assert files["old.tex"] == MAIN
    assert back.status_code == 200
    assert alice.get(f"/{workspace}/old.tex/content").data == dos
    assert told(alice, workspace)["a b.tex"] == "a_b.tex"


def test_a_project_from_a_disk_is_what_was_on_the_disk(
    alice: Person, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """By tarfile itself, with times, modes and directories."""
    folder = tmp_path_factory.mktemp("thesis")
    for name, data in THESIS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:xz") as archive:
        archive.add(folder, ".")

    _, files = sent(alice, "thesis.tar.xz", made.getvalue())

    assert files == THESIS
