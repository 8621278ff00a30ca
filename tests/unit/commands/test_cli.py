"""The commands: what they print, and what they exit with."""

import io
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders.papers import SECRET
from filemanager.cli import main, run
from filemanager.commands.report import Report
from filemanager.domain.blobs.blob import SMALL_PACK_BYTES
from filemanager.domain.ids import digest_of
from filemanager.factory.parts import parts_of
from filemanager.services.upkeep.garbage import Collected
from filemanager.services.upkeep.watching import Problem
from filemanager.settings import reading as config
from filemanager.storage.blobs.memory import MemoryObjects
from worlds.stored import TurnedClock, World

TEXT = random.Random(8).randbytes(SMALL_PACK_BYTES + 1)
SIZE = len(TEXT)


@pytest.fixture
def world(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """What the commands find in the directory that the environment names, with one file in it."""
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_file, tmp_path / "data" / "filemanager.db")
    settings = config.load()
    made = parts_of(settings)
    with closing(made.database):
        world = World(made.database, made.blobs, MemoryObjects(), TurnedClock(), settings.scratch)
        world.upload(world.create(), {"a.txt": TEXT})
        yield world


def called(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def lines(result: Result) -> list[object]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def damage(world: World, tmp_path: Path) -> str:
    """Turn a bit of the one file, and return its digest."""
    key = world.place_of(TEXT).object_key
    (path,) = (tmp_path / "data" / "store").rglob(key.partition("/")[2])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return digest_of(TEXT)


@pytest.mark.usefixtures("world")
def test_gc_counts_and_does() -> None:
    foreseen, done = called("gc", "--dry-run"), called("gc")

    assert (foreseen.exit_code, done.exit_code) == (0, 0)
    assert foreseen.stdout == done.stdout
    assert "history rows: 0" in done.stdout.splitlines()


@pytest.mark.usefixtures("world")
def test_gc_tells_numbers_to_programs() -> None:
    result = called("gc", "--json")

    assert lines(result) == [dict.fromkeys(Collected.__dataclass_fields__, 0)]


@pytest.mark.usefixtures("world")
def test_fsck_of_a_sound_store_exits_with_0() -> None:
    result = called("fsck", "--deep")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "objects: 1",
        "segments: 0",
        "blobs: 1",
        "workspaces: 1",
        "repositories: 0",
        "packages: 0",
        "quotas: 3",
        "unnamed objects: 0",
        "unnamed bytes: 0",
        "problems: 0",
    ]


def test_fsck_tells_each_problem_on_a_line_and_exits_with_1(world: World, tmp_path: Path) -> None:
    digest = damage(world, tmp_path)

    shallow, deep = called("fsck"), called("fsck", "--deep")

    assert (shallow.exit_code, deep.exit_code) == (0, 1)
    assert deep.stdout.splitlines()[0].startswith(f"blob_damaged {digest}: ")


def test_fsck_tells_problems_to_programs(world: World, tmp_path: Path) -> None:
    digest = damage(world, tmp_path)

    problem, numbers = lines(called("fsck", "--deep", "--json"))

    assert isinstance(problem, dict)
    assert isinstance(numbers, dict)
    assert (problem["code"], problem["subject"]) == ("blob_damaged", digest)
    assert numbers["problems"] == 1


@pytest.mark.usefixtures("world")
def test_scrub_of_a_sound_store_exits_with_0() -> None:
    result = called("scrub", "--rate", "1000", "--json")

    assert result.exit_code == 0
    assert lines(result) == [{"blobs": 1, "size_bytes": SIZE, "damaged": 0, "healed": 0}]


def test_scrub_quarantines_and_exits_with_1(world: World, tmp_path: Path) -> None:
    digest = damage(world, tmp_path)

    result = called("scrub")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == f"blob_damaged {digest}: quarantined"
    with world.database.read() as tx:
        assert tx.blobs.quarantined() == [digest]


@pytest.mark.parametrize("rate", ["0", "-1", "fast"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    assert called("scrub", "--rate", rate).exit_code == 2


@pytest.mark.usefixtures("world")
def test_export_and_import_move_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exported = called("export", str(tmp_path / "export"), "--json")
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path / "other"))

    imported = called("import", str(tmp_path / "export"), "--json")

    assert (exported.exit_code, imported.exit_code) == (0, 0)
    assert exported.stdout == imported.stdout
    assert called("fsck", "--deep").exit_code == 0
    other = parts_of(config.load())
    with closing(other.database), other.database.read() as tx:
        blob = tx.blobs.find([digest_of(TEXT)])[digest_of(TEXT)]
        assert b"".join(other.blobs.read(blob)) == TEXT


def test_export_of_damage_exits_with_1(world: World, tmp_path: Path) -> None:
    digest = damage(world, tmp_path)

    result = called("export", str(tmp_path / "export"))

    assert result.exit_code == 1
    assert digest in result.stdout


@pytest.mark.usefixtures("world")
def test_a_refusal_is_one_line_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["filemanager", "import", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        run()

    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "filemanager: This cannot be imported: there is no manifest.jsonl in it.\n"
    )


def test_every_wrong_setting_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILEMANAGER_PORT", "http")
    monkeypatch.setenv("FILEMANAGER_WORKERS", "0")

    result = called("fsck")

    assert result.exit_code == 2
    assert "FILEMANAGER_PORT" in result.stderr
    assert "FILEMANAGER_WORKERS" in result.stderr


def test_settings_in_force_are_shown_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("RWS_CREDENTIALS", '{"rws": "hidden"}')
    monkeypatch.setenv("SQLALCHEMY_DATABASE_URI", "postgresql://me:hidden@localhost/files")

    result = called("config", "--show")

    assert "FILEMANAGER_WORKERS=2" in result.stdout
    assert 'FILEMANAGER_RWS_CREDENTIALS={"rws": "**********"}' in result.stdout
    assert "FILEMANAGER_DATABASE_URL=postgresql://me:********@localhost/files" in result.stdout
    assert SECRET not in result.stdout
    assert "hidden" not in result.stdout


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:hid/den@db/files", "postgresql://me:********@db/files"),
        ("postgresql://me:hid@den@db/files", "postgresql://me:********@db/files"),
        ("postgresql://me:hid den@db/files", "postgresql://me:********@db/files"),
        ("postgresql://:hidden@db/files", "postgresql://:********@db/files"),
        (
            "postgresql://db/files?user=me&password=hidden&sslPassword=hidden&sslmode=require",
            "postgresql://db/files?user=me&password=********&sslPassword=********&sslmode=require",
        ),
        ("mysql://me@db/files?passwd=hid@den", "mysql://me@db/files?passwd=********"),
        ("postgresql://db:5432/files", "postgresql://db:5432/files"),
    ],
)
def test_no_way_to_write_a_password_into_a_url_shows_it(
    url: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILEMANAGER_DATABASE_URL", url)

    result = called("config", "--show")

    assert f"FILEMANAGER_DATABASE_URL={shown}\n" in result.stdout


def test_settings_are_read_for_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    good = called("config", "--check")
    monkeypatch.setenv("FILEMANAGER_WORKRES", "2")

    bad = called("config", "--check")

    assert (good.exit_code, bad.exit_code) == (0, 2)
    assert "did you mean FILEMANAGER_WORKERS?" in bad.stderr


def uncommented(printed: str) -> str:
    """What has no default is empty, and stays out."""
    return re.sub("^#(?=[A-Z_0-9]+=.)", "", printed, flags=re.MULTILINE)


def test_a_file_of_all_settings_changes_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "settings").write_text(uncommented(called("config", "--env").stdout))
    before = called("config", "--show").stdout
    monkeypatch.setenv("FILEMANAGER_ENV_FILE", str(tmp_path / "settings"))

    assert called("config", "--show").stdout == before


def test_the_file_of_all_settings_is_one_for_shells_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in `set -a; . ./settings`, in a unit of systemd, and by words of a README."""
    (tmp_path / "settings").write_text(uncommented(called("config", "--env").stdout))
    before = called("config", "--show").stdout

    program = 'set -aeu; . "$0"; exec env -0'
    read = subprocess.check_output(["sh", "-c", program, tmp_path / "settings"], env={}, text=True)
    variables = [one.split("=", 1) for one in read.split("\0") if one.startswith("FILEMANAGER_")]
    for name, value in variables:
        monkeypatch.setenv(name, value)

    assert len(variables) > 80
    assert called("config", "--show").stdout == before


def test_every_setting_is_listed() -> None:
    result = called("config")

    assert result.exit_code == 0
    assert "FILEMANAGER_DATA_DIR" in result.stdout


@pytest.mark.parametrize("command", ["serve", "token", "config", "gc", "fsck", "scrub", "export"])
def test_every_command_says_what_it_does(command: str) -> None:
    assert command in called("--help").stdout
    assert called(command, "-h").exit_code == 0


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_bars_are_shown_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Report(as_json=False).bars() as report:
        _work(report)
    silent = capsys.readouterr()
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    with Report(as_json=False).bars() as report:
        _work(report)

    assert silent.err == ""
    assert silent.out == capsys.readouterr().out == "code subject: detail\n"
    assert "blobs" in terminal.getvalue()


def _work(report: Report) -> None:
    report.begin("blobs", 2)
    report.advance(1)
    report.problem(Problem("code", "subject", "detail"))


@pytest.mark.usefixtures("world")
def test_tables_of_a_later_version_are_told_of_in_words(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "filemanager.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    result = called("migrate")

    assert result.exit_code == 2
    assert result.stderr.startswith("filemanager: The tables are those of a later version")
