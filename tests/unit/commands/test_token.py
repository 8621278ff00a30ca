"""`filemanager token` signs with the secret that the service is given, however that is."""

from pathlib import Path

import jwt
import pytest
from click.testing import CliRunner, Result

from builders.papers import SECRET
from filemanager.cli import main
from filemanager.settings.reading import load

NAMES = ("JWT_SECRET", "FILEMANAGER_JWT_SECRET")


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(
    params=[*NAMES, "JWT_SECRET_FILE", "FILEMANAGER_JWT_SECRET_FILE", "FILEMANAGER_ENV_FILE"]
)
def _given(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / "written"
    is_list = request.param == "FILEMANAGER_ENV_FILE"
    written.write_text(f"JWT_SECRET={SECRET}\n" if is_list else f"{SECRET}\n")
    monkeypatch.setenv(request.param, str(written) if request.param.endswith("_FILE") else SECRET)


def called(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["token", *arguments])


@pytest.mark.usefixtures("_given")
def test_the_secret_of_the_service_signs() -> None:
    told = called("--user-id", "7", "--scope", "upload:read")

    secret = load().jwt_secret
    assert secret is not None
    claims = jwt.decode(told.stdout.strip(), secret.get_secret_value(), algorithms=["HS256"])
    assert (claims["user"]["user_id"], claims["authorizations"]["scopes"]) == ("7", ["upload:read"])


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_secret_it_says_what_to_set(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("JWT_SECRET", value)

    told = called()

    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr == (
        "filemanager: Set JWT_SECRET to the secret that the service runs with.\n"
    )


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET_FILE", "/nowhere/secret")

    told = called()

    assert (told.exit_code, told.stdout) == (2, "")
    assert "JWT_SECRET_FILE: '/nowhere/secret' cannot be read: No such file" in told.stderr
