"""What the README says is what happens: its lines are copied and run."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from e2e.readme import IN_THE_CLONE, PROJECT, README, blocks

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


def _run(script: str) -> str:
    done = subprocess.run(
        ["bash", "-euc", IN_THE_CLONE + script],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_line_that_the_service_prints_makes_a_ready_workspace(printed: dict[str, str]) -> None:
    assert '"readiness": "READY"' in _run(printed["line"])


def test_the_lines_of_the_readme_make_a_ready_workspace(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(blocks("Upload something"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    output = _run(here)

    assert '"readiness": "READY"' in output
    assert "./main.tex" in output
    assert '"code":"main_file"' in output.replace(" ", "")


def test_the_lines_about_grants_put_a_file_into_the_workspace(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(blocks("Upload something") + blocks("Straight to the store"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    output = _run(here)

    assert '"state":"received"' in output
    assert '"path":"table.csv"' in output


def test_the_lines_about_the_rawstore_door_post_a_file_and_sign_a_link(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(blocks("The rawstore door"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    url = json.loads(_run(here))["url"]

    assert _run(f"curl -sf '{url}'") == "a,b\n1,2\n"


def test_the_lines_of_the_readme_resume_an_upload(printed: dict[str, str], data: Path) -> None:
    script = "".join(blocks("Upload something") + blocks("Resumable uploads"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    assert '"state":"received"' in _run(here)


def test_a_guest_hands_in_and_confirms_as_the_readme_says(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(blocks("Invitations"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    output = _run(here).replace(" ", "")

    assert '"path":"more.txt"' in output
    assert '"confirmed_at":"' in output


def test_a_folder_is_pushed_and_pulled_as_the_readme_says(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(blocks("Upload something") + blocks("Push and pull folders"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")
    for directory in ("paper", "copy"):
        here = here.replace(f"/tmp/{directory}", f"{data}/{directory}")  # noqa: S108  # its words

    output = _run(f"export XDG_CACHE_HOME={data}/cache\n{here}")

    lines = output.splitlines()
    assert "would send fig/note.txt\n" in output
    assert {"left out: 2", "readiness: READY", "removed  fig/note.txt"} <= {*lines}
    assert "sent files: " in output
    assert "name: submitted" in output
    assert (data / "copy" / "fig" / "note.txt").read_text() == "A note.\n"


def test_a_paper_goes_from_the_first_file_to_the_release(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(blocks("From the first file to the release"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    output = _run(here)

    before, after = re.findall(r'\{"findings":.*?\]\}', output)
    assert '"missing_file"' in before
    assert '"missing_file"' not in after
    assert '"name":"submitted"' in output
    assert '"lock":{"by":"developer"' in output
    assert '"status":"RELEASED"' in output
    assert "./results.tex" in output


def test_the_claims_of_the_readme_open_what_they_say(printed: dict[str, str], data: Path) -> None:
    (program,) = blocks("Tokens", "python")
    secret = (data / "development-secret").read_text().strip()
    done = subprocess.run(
        [sys.executable, "-c", program], env={"JWT_SECRET": secret}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    token = {"Authorization": f"Bearer {done.stdout.strip()}"}
    workspaces = f"{printed['address']}/filemanager/api/v2/workspaces"

    made = requests.post(workspaces, json={}, headers=token, timeout=60)
    refused = requests.delete(f"{workspaces}/{made.json()['id']}", headers=token, timeout=60)

    assert (made.status_code, made.json()["owner"]) == (201, "17")
    assert refused.status_code == 403


def test_the_page_of_the_api_is_where_the_readme_says(printed: dict[str, str]) -> None:
    assert "/docs" in README
    assert "<h1>" in _run(f"curl -sf {printed['address']}/docs")


def test_the_lines_of_the_bucket_door_keep_a_file_and_find_it(
    printed: dict[str, str], data: Path
) -> None:
    script = "".join(blocks("The bucket door"))
    here = script.replace("http://localhost:8000", printed["address"]).replace("var/", f"{data}/")

    output = _run(here)

    assert '"status":"Success"' in output.replace(" ", "")
    assert "HTTP/1.1 200" in output
