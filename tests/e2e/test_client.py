"""The command line of the client against the service: pushed, killed, gone on with, pulled."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from builders.papers import PAPER
from servers.disk import files_below
from servers.service import PATIENCE_SECONDS, Service, service, wait_until

pytestmark = pytest.mark.e2e

FILES = {"main.tex": PAPER, "fig/é b.txt": b"A picture.\n", "anc/data.csv": b"1,2\n"}
LARGE_BYTES = 256 << 20


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("client") / "data") as started:
        yield started


class Shell:
    """Somebody at a terminal with the address and a token."""

    def __init__(self, running: Service, directory: Path) -> None:
        (directory / "token").write_text(running.token)
        self._token = str(directory / "token")
        self._environment = {
            "PATH": os.environ["PATH"],
            "FILEMANAGER_URL": running.url,
            "XDG_CACHE_HOME": str(directory / "cache"),
        }

    def start(self, command: str, *arguments: object) -> subprocess.Popen[str]:
        words = [command, *map(str, arguments), "--token-file", self._token]
        return subprocess.Popen(
            [sys.executable, "-m", "filemanager", *words],
            env=self._environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, command: str, *arguments: object) -> tuple[int, str, str]:
        with self.start(command, *arguments) as process:
            output, errors = process.communicate(timeout=2 * PATIENCE_SECONDS)
        return process.returncode, output, errors

    def told(self, command: str, *arguments: object) -> dict[str, Any]:
        """What a command that succeeds says to programs."""
        code, output, errors = self.run(command, *arguments, "--json")
        assert code == 0, errors
        return dict(json.loads(output))


@pytest.fixture
def shell(running: Service, tmp_path: Path) -> Shell:
    return Shell(running, tmp_path)


def write(directory: Path) -> None:
    for path, data in FILES.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(data)


def read(directory: Path) -> dict[str, bytes]:
    found = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in found}


def unfinished(running: Service) -> list[dict[str, Any]]:
    """The uploads on their way that have got bytes."""
    headers = {"Authorization": running.token}
    answer = requests.get(f"{running.url}/uploads", headers=headers, timeout=PATIENCE_SECONDS)
    return [one for one in answer.json()["uploads"] if one["received_bytes"]]


def test_a_folder_is_pushed_known_and_pulled(
    running: Service, shell: Shell, tmp_path: Path
) -> None:
    write(tmp_path / "in")
    workspace = running.call("POST", "/v2/workspaces", json={"profile": "generic"}).json()["id"]

    first = shell.told("push", tmp_path / "in", "--workspace", workspace)
    again = shell.told("push", tmp_path / "in", "--workspace", workspace)
    pulled = shell.told("pull", workspace, tmp_path / "out")

    assert (first["sent_files"], first["sent_bytes"]) == (3, sum(map(len, FILES.values())))
    assert (again["sent_files"], again["sent_bytes"], again["known_files"]) == (0, 0, 3)
    assert (first["revision"], again["revision"], pulled["fetched_files"]) == (1, 1, 3)
    assert read(tmp_path / "out") == FILES


def test_a_push_that_was_killed_goes_on_where_it_was(
    running: Service, shell: Shell, tmp_path: Path
) -> None:
    write(tmp_path / "in")
    with (tmp_path / "in" / "large.bin").open("wb") as large:
        large.truncate(LARGE_BYTES)
    workspace = running.call("POST", "/v2/workspaces", json={"profile": "generic"}).json()["id"]
    arguments = ("push", tmp_path / "in", "--workspace", workspace)

    with shell.start(*arguments, "--parallel", "1") as process:
        wait_until(
            lambda: any(one["path"] == "large.bin" for one in unfinished(running)),
            "some bytes came",
        )
        process.send_signal(signal.SIGKILL)
    (come,) = (one for one in unfinished(running) if one["path"] == "large.bin")
    nothing = running.paths(workspace)
    pushed = shell.told(*arguments)

    assert (process.returncode, nothing) == (-signal.SIGKILL, set())
    assert 0 < come["received_bytes"] < LARGE_BYTES
    assert (
        0
        < pushed["sent_bytes"]
        <= LARGE_BYTES + sum(map(len, FILES.values())) - (come["received_bytes"])
    )
    assert (pushed["revision"], running.paths(workspace)) == (1, {*FILES, "large.bin"})
    assert shell.told("push", *arguments[1:])["sent_bytes"] == 0


def test_a_push_that_was_killed_in_a_bundle_goes_on_inside_it(
    running: Service, shell: Shell, tmp_path: Path
) -> None:
    # One bundle, and no file of it large enough for an upload by itself.
    files = {f"d{number % 7}/{number}.bin": bytes([number]) * (1 << 20) for number in range(60)}
    for path, data in files.items():
        (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / path).write_bytes(data)
    content_bytes = sum(map(len, files.values()))
    workspace = running.call("POST", "/v2/workspaces", json={"profile": "generic"}).json()["id"]
    arguments = ("push", tmp_path / "in", "--workspace", workspace)

    with shell.start(*arguments) as process:
        wait_until(lambda: unfinished(running), "some bytes came")
        process.send_signal(signal.SIGKILL)
    # The service may still be writing what the kernel had taken of it.
    wait_until(lambda: unfinished(running)[0]["received_bytes"] > 1 << 20, "they count")
    (come,) = unfinished(running)
    nothing = running.paths(workspace)
    pushed = shell.told(*arguments)

    assert (process.returncode, nothing) == (-signal.SIGKILL, set())
    assert come["path"].startswith("bundle-")
    assert 0 < pushed["sent_bytes"] <= content_bytes - come["received_bytes"] + (1 << 20)
    assert (pushed["revision"], running.paths(workspace)) == (1, set(files))
    assert shell.told(*arguments)["sent_bytes"] == 0


def test_files_that_are_known_are_not_sent_to_another_workspace(
    running: Service, shell: Shell, tmp_path: Path
) -> None:
    write(tmp_path / "in")
    (tmp_path / "in" / "larger.bin").write_bytes(bytes(range(256)) * (5 << 12))
    shell.told("push", tmp_path / "in", "--new", "First")
    other = tmp_path / "elsewhere"
    other.mkdir()
    fresh = Shell(running, other)

    pushed = fresh.told("push", tmp_path / "in", "--new", "Second")

    assert (pushed["sent_files"], pushed["sent_bytes"]) == (4, 0)
    fresh.told("pull", pushed["workspace"], tmp_path / "out")
    assert sorted(read(tmp_path / "out").values()) == sorted(read(tmp_path / "in").values())


def test_a_pull_of_many_files_that_was_killed_fetches_the_rest(
    shell: Shell, tmp_path: Path
) -> None:
    files = {f"d{number % 7}/{number}.bin": os.urandom(1 << 20) for number in range(120)}
    for path, data in files.items():
        (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / path).write_bytes(data)
    workspace = shell.told("push", tmp_path / "in", "--new", "Many")["workspace"]
    out = tmp_path / "out"

    with shell.start("pull", workspace, out) as process:
        wait_until(lambda: len(files_below(out)) > 2, "some files came")
        process.send_signal(signal.SIGKILL)
    whole = [one for one in out.rglob("*") if one.is_file() and one.stat().st_size == 1 << 20]
    pulled = shell.told("pull", workspace, out)

    assert pulled["fetched_bytes"] == (len(files) - len(whole)) << 20
    assert read(out) == files


def test_a_pull_that_was_killed_goes_on_where_it_was(
    running: Service, shell: Shell, tmp_path: Path
) -> None:
    workspace = running.call("POST", "/v2/workspaces", json={"profile": "generic"}).json()["id"]
    running.put(workspace, "large.bin", bytes(LARGE_BYTES), Prefer="return=minimal")
    out = tmp_path / "out"

    with shell.start("pull", workspace, out) as process:
        wait_until(
            lambda: any(files_below(out).values()),
            "some bytes came",
        )
        process.send_signal(signal.SIGKILL)
    (part,) = out.iterdir()
    come = part.stat().st_size
    pulled = shell.told("pull", workspace, out)

    assert pulled["fetched_bytes"] == LARGE_BYTES - come
    assert sha256((out / "large.bin").read_bytes()).digest() == sha256(bytes(LARGE_BYTES)).digest()
    assert [one.name for one in out.iterdir()] == ["large.bin"]


def test_a_workspace_is_made_looked_at_and_changed(shell: Shell, tmp_path: Path) -> None:
    write(tmp_path / "in")

    code, output, errors = shell.run("push", tmp_path / "in", "--new", "My paper")
    number = errors.split()[1]
    listed = shell.run("ls", number)[1]
    made = shell.told("checkpoint", number, "--name", "first")
    removed = shell.run("rm", number, "main.tex", "fig/")
    log = shell.run("log", number)[1]

    assert (code, errors) == (0, f"Workspace {number}\n")
    assert "sent files: 3" in output.splitlines()
    assert sha256(PAPER).hexdigest() in listed
    assert (made["name"], made["revision"]) == ("first", 1)
    assert removed == (0, "", "")
    assert "main.tex" not in shell.run("ls", number)[1]
    assert "Deleted 'main.tex'" in log


def test_a_workspace_goes_through_its_life(shell: Shell, tmp_path: Path) -> None:
    write(tmp_path / "in")
    number = shell.told("push", tmp_path / "in", "--new", "Life")["workspace"]
    first = shell.told("checkpoint", number)["id"]

    moved = shell.told("mv", number, "main.tex", "paper.tex")
    differing = shell.run("diff", number, f"checkpoint:{first}")[1]
    late = shell.run("restore", number, first, "--if-revision", 1)
    restored = shell.told("restore", number, first, "--if-revision", moved["revision"])
    checked = shell.told("check", number)
    locked = shell.told("lock", number, "--reason", "Reviewed now.")
    receipt = shell.run("receipt", number)
    printed = shell.run("download", number, "main.tex", "-")
    deleted = [shell.run("delete", number), shell.run("delete", number, "--yes")]

    assert differing.splitlines() == ["removed  main.tex", "added    paper.tex"]
    assert (late[0], restored["file_count"]) == (1, 3)
    assert (checked["workspace"], locked["lock"]["reason"]) == (number, "Reviewed now.")
    assert (receipt[0], "signs no statements" in receipt[2]) == (1, True)
    assert printed == (0, PAPER.decode(), "")
    # Nobody is there to say yes.
    assert [code for code, _, _ in deleted] == [1, 0]
    left = [line.split()[0] for line in shell.run("workspaces")[1].splitlines()]
    assert str(number) not in left


def test_a_push_tells_what_was_found_and_what_was_left_out(
    running: Service, shell: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    # A DVI file cannot be a submission's source.
    files = {"a b.tex": PAPER, "old.dvi": b"\xf7\x02", "empty.txt": b"", ".latexmkrc": b"x"}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / ".gitignore").write_text("empty.*\n")

    there = _workspaces(running)

    foreseen = shell.told("push", folder, "--new", "My paper", "--dry-run", "--exclude", "*.dvi")
    nothing = _workspaces(running) - there
    code, output, _ = shell.run("push", folder, "--new", "My paper", "--strict")

    lines = output.splitlines()
    assert foreseen["would_send"] == ["a b.tex"]
    assert foreseen["left_out"] == [".gitignore", ".latexmkrc", "empty.txt", "old.dvi"]
    assert (nothing, code) == (set(), 1)
    assert {"readiness: ERRORS", "left out: 3", "  .latexmkrc", "changes: 1 renamed"} <= {*lines}
    assert "  fatal  old.dvi: " in output
    assert "  renamed    a b.tex -> a_b.tex (filename_illegal_characters)" in lines


def _workspaces(running: Service) -> set[int]:
    return {one["id"] for one in running.call("GET", "/v2/workspaces").json()["workspaces"]}


def test_refusals_are_told_in_words(shell: Shell) -> None:
    found = [shell.run("ls", "999999"), shell.run("rm", "999999", "a")]

    assert found == [(1, "", "filemanager: workspace not found (workspace_not_found)\n")] * 2


LONGEST = "/".join("𠀀" * 63 for _ in range(10))
"""As many bytes as a path may have, nearly: percent-encoded they fill a request line."""


def test_the_longest_path_is_put_read_pulled_and_deleted(
    running: Service, shell: Shell, tmp_path: Path
) -> None:
    made = running.call("POST", "/v2/workspaces", json={"profile": "generic"}).json()
    place = f"/v2/workspaces/{made['id']}/files/{quote(LONGEST)}"

    put = running.call("PUT", place, data=b"far below")
    read = [running.get(place), running.get(f"/{made['id']}/{quote(LONGEST)}/content")]
    pulled, _, errors = shell.run("pull", made["id"], tmp_path / "copy")
    deleted = running.call("DELETE", place)

    assert put.status_code == 201
    assert [one.content for one in read] == [b"far below"] * 2
    assert pulled == 0, errors
    assert (tmp_path / "copy" / LONGEST).read_bytes() == b"far below"
    assert deleted.status_code == 200
