"""What a service stands on is looked at before it starts: what cannot be used is told in words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from filemanager.cli import main
from filemanager.domain.upkeep.errors import DirectoryUnusable
from filemanager.storage.private import private_directory


def migrate(url: str, data: Path) -> tuple[int, str]:
    """In a process of its own, which may open sockets."""
    environment = {
        "PATH": os.environ["PATH"],
        "FILEMANAGER_DATABASE_URL": url,
        "FILEMANAGER_DATA_DIR": str(data),
    }
    done = subprocess.run(
        [sys.executable, "-m", "filemanager", "migrate"],
        env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_database_that_does_not_answer_is_told_in_a_line(scheme: str, tmp_path: Path) -> None:
    code, told = migrate(f"{scheme}://me:hidden@127.0.0.1:1/files", tmp_path)

    assert code == 2
    assert told.startswith("filemanager: The database cannot be used: ")
    assert "refused" in told
    assert told.count("\n") == 1
    assert "hidden" not in told


def test_a_file_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "nowhere" / "files.db"
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FILEMANAGER_DATABASE_URL", f"sqlite:///{place}")

    told = CliRunner().invoke(main, ["migrate"])

    assert told.exit_code == 2
    assert told.stderr == (
        f"filemanager: The database cannot be used: {place}: No such file or directory\n"
    )


def test_a_file_that_is_no_database_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text").write_text("Some text.\n" * 100)
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FILEMANAGER_DATABASE_URL", f"sqlite:///{tmp_path / 'text'}")

    told = CliRunner().invoke(main, ["migrate"])

    assert told.exit_code == 2
    assert told.stderr == ("filemanager: The database cannot be used: file is not a database\n")
    assert (tmp_path / "text").read_text() == "Some text.\n" * 100


@pytest.mark.parametrize("name", ["FILEMANAGER_DATA_DIR", "FILEMANAGER_SCRATCH_DIR"])
def test_a_file_in_the_place_of_a_directory_is_told(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv(name, str(tmp_path / "file"))

    told = CliRunner().invoke(main, ["tasks"])

    assert isinstance(told.exception, DirectoryUnusable)
    assert told.exception.message == (
        f"The directory '{tmp_path / 'file'}' cannot be used: File exists."
    )


def test_a_directory_that_may_not_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everywhere, so the system's answer is ours here."""
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(DirectoryUnusable, match="cannot be used: Permission denied"):
        private_directory(tmp_path)
