"""The commands used from afar: what they need, and what they exit with."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from filemanager.cli import LATE, main
from filemanager.client.errors import ClientError, Refused, Unreachable
from filemanager.commands import remote
from filemanager.commands.remote import told
from filemanager.commands.showing import printable


def called(*arguments: str, **environment: str) -> Result:
    blank = {"FILEMANAGER_URL": None, "FILEMANAGER_TOKEN": None}
    return CliRunner().invoke(main, arguments, env={**blank, **environment})


@pytest.mark.parametrize(
    "command",
    [
        *(name for name, late in LATE.items() if late.module.startswith("workspaces.")),
        *(
            f"repo {name}"
            for name in ("push", "ls", "rm", "promote", "snapshot", "publish", "keys", "sync")
        ),
    ],
)
def test_each_command_explains_itself_and_takes_no_token_as_an_argument(command: str) -> None:
    result = called(*command.split(), "--help")

    assert result.exit_code == 0
    assert "--token-file" in result.stdout
    assert "--token " not in result.stdout


def test_without_an_address_nothing_is_done() -> None:
    result = called("ls", "1", FILEMANAGER_TOKEN="x")

    assert (result.exit_code, result.stderr) == (
        2, "filemanager: Set FILEMANAGER_URL to the address of the service.\n"
    )  # fmt: skip


def test_a_mistyped_variable_is_told_of_and_one_of_the_service_is_not() -> None:
    result = called(
        "ls", "1", FILEMANAGER_TOKEN="x", FILEMANAGER_ULR="http://a.test", FILEMANAGER_WORKERS="2"
    )

    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "filemanager: FILEMANAGER_ULR: no setting has this name; did you mean FILEMANAGER_URL?",
        "filemanager: Set FILEMANAGER_URL to the address of the service.",
    ]


@pytest.mark.parametrize("token", ["", " \n", "a\nb", "é"])
def test_without_a_token_nothing_is_done(tmp_path: Path, token: str) -> None:
    (tmp_path / "token").write_text(token)

    results = [
        called("ls", "1", FILEMANAGER_URL="http://service.test", FILEMANAGER_TOKEN=token),
        called(
            "ls", "1", "--token-file", str(tmp_path / "token"),
            FILEMANAGER_URL="http://service.test", FILEMANAGER_TOKEN="x",
        ),
    ]  # fmt: skip

    assert [result.exit_code for result in results] == [2, 2]
    assert all("There is no token: set FILEMANAGER_TOKEN" in result.stderr for result in results)


def test_an_address_that_is_none_is_told() -> None:
    result = called("ls", "1", FILEMANAGER_URL="service.test", FILEMANAGER_TOKEN="x")

    assert (result.exit_code, result.stderr) == (
        1, "filemanager: 'service.test' is not the address of a service: give http(s)://host.\n"
    )  # fmt: skip


@pytest.mark.parametrize("where", [[], ["--workspace", "1", "--new", "x"]])
def test_a_push_goes_to_one_place(tmp_path: Path, where: list[str]) -> None:
    result = called("push", str(tmp_path), *where, FILEMANAGER_TOKEN="x")

    assert result.exit_code == 2
    assert "--workspace ID, or --new NAME" in result.stderr


def test_a_lock_ends_at_a_moment() -> None:
    result = called("lock", "1", "--until", "soon")

    assert result.exit_code == 2
    assert "'soon' is no moment" in result.stderr


@pytest.mark.parametrize("pattern", ["[secret", "# all", ""])
def test_what_is_no_pattern_is_refused_before_anything_is_sent(
    tmp_path: Path, pattern: str
) -> None:
    result = called("push", str(tmp_path), "--new", "x", "--exclude", pattern)

    assert result.exit_code == 2
    assert "is no pattern of gitignore" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (Unreachable("Nobody answers."), 3, "filemanager: Nobody answers.\n"),
        (Refused(403, "locked", "It is locked."), 1, "filemanager: It is locked. (locked)\n"),
        (PermissionError(13, "Permission denied", "/x"), 1, "filemanager: /x: Permission denied\n"),
        (OSError(28, "No space left"), 1, "filemanager: No space left\n"),
        # As of `| head`.
        (BrokenPipeError(32, "Broken pipe"), 1, ""),
    ],
)
def test_a_failure_is_one_line_and_an_exit_code(error: Exception, code: int, words: str) -> None:
    @click.command()
    @told
    def failing() -> None:
        raise error

    result = CliRunner().invoke(failing)

    assert (result.exit_code, result.stderr) == (code, words)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unreachable("It broke off."), "filemanager: no answer, again in 4 s\n"),
        (Refused(503, "busy", "Busy."), "filemanager: Busy. (busy), again in 4 s\n"),
    ],
)
def test_waiting_is_told(
    error: ClientError,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FILEMANAGER_URL", "http://service.test")
    monkeypatch.setenv("FILEMANAGER_TOKEN", "x")

    with remote.client(None) as client:
        client.uploads.patience.tell(error, 3.2)

    assert capsys.readouterr().err == words


def test_what_others_named_does_not_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jé\u202e.tex") == "a\ufffd[2Jé\ufffd.tex"


@pytest.mark.parametrize("what", [[], ["7", "--edition", "stable"]])
def test_a_promotion_says_what_is_promoted(what: list[str]) -> None:
    result = called(
        "repo", "promote", "live/a", "live/b", *what,
        FILEMANAGER_URL="http://service.test", FILEMANAGER_TOKEN="x",
    )  # fmt: skip

    assert result.exit_code == 2
    assert "numbers of packages, or --edition" in result.stderr
