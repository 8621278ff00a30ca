"""The ways to start that older documents promise."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

PROJECT = Path(__file__).parents[2]
SECRET = "foosecret"

pytestmark = pytest.mark.e2e


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FILEM")}
    return {**kept, "FLASK_APP": "app.py", "FILEMANAGER_DATA_DIR": str(tmp_path)}


def _python(environment: dict[str, str], *arguments: str, answers: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env=environment, input=answers,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_the_test_database_is_populated_without_a_secret(environment: dict[str, str]) -> None:
    output = _python(environment, "populate_test_database.py")

    assert [line.split(":")[0] for line in output.splitlines()] == [
        "workspace 1",
        "workspace 2",
        "workspace 3",
    ]


def test_a_token_is_asked_for(environment: dict[str, str]) -> None:
    answers = "4\nerick@foo.com\nerick\n" + "\n" * 10

    output = _python({**environment, "JWT_SECRET": SECRET}, "generate_token.py", answers=answers)

    token = output.splitlines()[-1].split(": ")[-1]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert output.startswith("Numeric user ID: ")
    assert claims["user"]["user_id"] == "4"
    assert "upload:update" in claims["authorizations"]["scopes"]


def test_options_print_the_token_alone(environment: dict[str, str]) -> None:
    options = {
        "user_id": "4", "email": "e@foo.com", "username": "erick", "first_name": "J",
        "last_name": "D", "suffix_name": "", "affiliation": "C", "rank": "3", "country": "us",
        "default_category": "astro-ph.GA", "submission_groups": "grp_physics",
        "endorsements": "astro-ph.CO", "scope": "upload:read",
    }  # fmt: skip
    given = [part for name, value in options.items() for part in (f"--{name}", value)]

    output = _python({**environment, "JWT_SECRET": SECRET}, "generate_token.py", *given)

    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", output)


@pytest.fixture
def development_server(environment: dict[str, str]) -> Iterator[str]:
    """The address of ``flask run``."""
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "run", "--port", "0"], cwd=PROJECT, text=True,
        env={**environment, "JWT_SECRET": SECRET, "FLASK_DEBUG": "0"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = iter(process.stdout)
        yield next(found[0] for line in lines if (found := re.search(r"http://[^\s\"]+", line)))
        process.send_signal(signal.SIGTERM)
        process.stdout.read()


def test_the_development_server_answers(development_server: str) -> None:
    with urllib.request.urlopen(f"{development_server}/filemanager/api/status") as answer:
        assert json.load(answer) == {"database": True}
