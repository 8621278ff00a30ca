"""Clients that generators make of the description walk from a workspace to its files and back."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from servers.service import Service, service

pytestmark = pytest.mark.e2e

CLIENTS = Path(__file__).parent / "clients"
PROJECT = Path(__file__).parents[2]
DESCRIPTION = PROJECT / "docs" / "openapi.json"
PYTHON = CLIENTS / ".venv" / "bin"
NODE = CLIENTS / "node_modules" / ".bin"
TEXT = "\\documentclass{article}\n\\begin{document}\n\\input{lost}\n\\end{document}\n"
TOLD = {
    "changes": ["filename_illegal_characters", "top_level_directory_removed"],
    "findings": [
        "filename_illegal_characters",
        "main_file",
        "missing_file",
        "top_level_directory_removed",
    ],
    "bytes": TEXT,
    "refused": "workspace_not_found",
}
STRICT = {"module": "commonjs", "target": "es2022", "strict": True}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "data", FILEMANAGER_WORKERS="1") as started:
        yield started


def run(command: list[str | Path], **environment: str) -> str:
    done = subprocess.run(
        command,
        env={**os.environ, "REDOCLY_TELEMETRY": "off", **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_one_for_python_leaves_nothing_out_and_works(running: Service, tmp_path: Path) -> None:
    told = run(
        [
            PYTHON / "openapi-python-client",
            *("generate", "--meta", "none", "--output-path", tmp_path / "filemanager_api"),
            *("--config", PROJECT / "docs" / "openapi-python-client.yaml", "--path", DESCRIPTION),
        ]
    )
    walked = run(
        [PYTHON / "python", CLIENTS / "generated_journey.py", running.url, TEXT],
        PYTHONPATH=str(tmp_path),
        TOKEN=running.token,
    )

    assert "arning" not in told
    assert json.loads(walked) == TOLD


def test_one_for_typescript_fits_its_types_and_works(running: Service, tmp_path: Path) -> None:
    run([NODE / "openapi-ts", "-i", DESCRIPTION, "-o", tmp_path / "filemanager_api", "--silent"])
    shutil.copy(CLIENTS / "generated_journey.ts", tmp_path)
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICT}))

    run([NODE / "tsc", "--project", tmp_path])
    walked = run(
        ["node", tmp_path / "generated_journey.js", running.url, TEXT],
        TOKEN=running.token,
    )

    assert json.loads(walked) == TOLD


def test_a_linter_finds_no_error_in_the_description() -> None:
    found = json.loads(run([NODE / "redocly", "lint", DESCRIPTION, "--format=json"]))

    assert (found["totals"]["errors"], found["totals"]["warnings"]) == (0, 0), found["problems"]
