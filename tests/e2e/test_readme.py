"""What the README says is what happens: its lines are copied and run."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text()

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


@pytest.fixture(scope="module")
def printed(data: Path) -> Iterator[dict[str, str]]:
    """What ``make serve`` prints until it serves: the address, and the line to try."""
    environment = {**os.environ, "PORT": "0", "FILEMANAGER_DATA_DIR": str(data)}
    environment.pop("JWT_SECRET", None)
    # A group of its own, so that the signal reaches the service behind make.
    with subprocess.Popen(
        ["make", "-s", "serve"], cwd=PROJECT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        found = {}
        for line in process.stdout:
            if line.startswith("Serving on "):
                found["address"] = line.split()[2]
            if line.startswith("  printf"):
                found["line"] = line
                break
        yield found
        os.killpg(process.pid, signal.SIGTERM)
        process.stdout.read()


def _blocks(heading: str) -> list[str]:
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return [text for language, text in found if not language]


def _run(script: str) -> str:
    done = subprocess.run(
        ["bash", "-euc", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_line_that_the_service_prints_makes_a_ready_workspace(printed: dict[str, str]) -> None:
    assert '"readiness": "READY"' in _run(printed["line"])


def test_the_lines_of_the_readme_make_a_ready_workspace(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(_blocks("Upload something"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    output = _run(here)

    assert '"readiness": "READY"' in output
    assert "./main.tex" in output
    assert '"findings":[]' in output.replace(" ", "")


def test_the_page_of_the_api_is_where_the_readme_says(printed: dict[str, str]) -> None:
    assert "/docs" in README
    assert "<h1>" in _run(f"curl -sf {printed['address']}/docs")
