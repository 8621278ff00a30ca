"""``filemanager store``: what it prints, and what it refuses."""

import json

import pytest
from click.testing import CliRunner, Result

from filemanager.cli import main

PAGE = "https://pages.example"


def called(*arguments: str, command: str = "cors") -> Result:
    return CliRunner().invoke(main, ["store", command, *arguments])


@pytest.fixture
def _origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", f"{PAGE},http://localhost:3000")


@pytest.mark.usefixtures("_origins")
def test_the_rule_is_printed() -> None:
    result = called()

    (rule,) = json.loads(result.stdout)["CORSRules"]
    assert result.exit_code == 0
    assert rule["AllowedOrigins"] == [PAGE, "http://localhost:3000"]
    assert "PUT" in rule["AllowedMethods"]
    assert "X-Amz-Content-SHA256" in rule["AllowedHeaders"]


@pytest.mark.parametrize("arguments", [(), ("--set",)])
def test_without_origins_there_is_no_rule(arguments: tuple[str, ...]) -> None:
    result = called(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "CORS_ORIGINS" in result.stderr


@pytest.mark.usefixtures("_origins")
def test_without_a_bucket_there_is_nothing_to_set() -> None:
    result = called("--set")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "FILEMANAGER_S3_BUCKET" in result.stderr


def test_without_a_bucket_there_is_nothing_to_make() -> None:
    result = called(command="create")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "FILEMANAGER_S3_BUCKET" in result.stderr
