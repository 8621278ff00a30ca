"""Whatever an archive says, the service touches no file outside its own directory."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.watching import Seen, watched
from servers.service import Service, service

pytestmark = pytest.mark.e2e

EVIL = "evil-5f1d"
"""A name that is nowhere else, so that one look tells whether it got into a path."""


def leaving(outside: Path) -> list[str]:
    """Names of members that would lead out of a directory."""
    return [
        *(f"../{EVIL}", f"a/../../{EVIL}", f"../../../../../../../..{outside}/{EVIL}"),
        *(f"{outside}/{EVIL}", f"/{EVIL}", f"//host/share/{EVIL}", f"..\\{EVIL}"),
        *(f"C:\\{EVIL}", f"C:/{EVIL}", f"\\\\host\\{EVIL}", f"./{EVIL}", f"link/{EVIL}"),
        *(f"{EVIL}\u202e", f"{EVIL}/{EVIL}", f"~/{EVIL}", f"$HOME/{EVIL}", f"a\n{EVIL}"),
    ]


def a_tar(outside: Path) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE)):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, str(outside)
            archive.addfile(link)
        for name in leaving(outside):
            member = tarfile.TarInfo(name)
            member.size = len(EVIL)
            archive.addfile(member, io.BytesIO(EVIL.encode()))
    return made.getvalue()


def a_zip(outside: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in leaving(outside):
            archive.writestr(name, EVIL)
    return made.getvalue()


def a_gzip(outside: Path) -> bytes:
    made = io.BytesIO()
    with gzip.GzipFile(filename=f"{outside}/{EVIL}", mode="wb", fileobj=made) as archive:
        archive.write(EVIL.encode())
    return made.getvalue()


def uploads(fixtures: Path, outside: Path) -> Iterator[tuple[str, bytes]]:
    corpus = fixtures / "malo"
    for one in json.loads((corpus / "index.json").read_text()):
        yield Path(one["file"]).name, (corpus / one["file"]).read_bytes()
    yield "leaving.tar", a_tar(outside)
    yield "leaving.tar.gz", gzip.compress(a_tar(outside))
    yield "leaving.zip", a_zip(outside)
    yield "leaving.gz", a_gzip(outside)


def everything_in(directory: Path) -> set[Path]:
    return set(directory.rglob("*"))


def uploaded(running: Service, fixtures: Path, outside: Path, trace: Path) -> Seen:
    with watched([running.process.pid, *running.workers], trace) as seen:
        for name, data in uploads(fixtures, outside):
            answer = running.upload("/", name, data)
            assert answer.status_code == 201, (name, answer.text)
        running.ask_to_stop()
        assert running.ended() == 0
    return seen


def test_no_archive_has_a_file_made_outside_the_data_directory(
    fixtures: Path, tmp_path: Path
) -> None:
    data_dir, outside = tmp_path / "data", tmp_path / "outside"
    outside.mkdir()
    home = {"HOME": str(outside), "TMPDIR": str(outside), "PYTHONDONTWRITEBYTECODE": "1"}

    with service(data_dir, **home) as running:
        before = everything_in(outside)
        seen = uploaded(running, fixtures, outside, tmp_path / "trace")

    elsewhere = {path for path in seen.changed if not path.is_relative_to(data_dir)}
    assert any(path.is_relative_to(data_dir) for path in seen.changed)
    assert elsewhere <= {Path("/dev/null")}
    assert [path for path in seen.named if EVIL in str(path)] == []
    assert everything_in(outside) == before
