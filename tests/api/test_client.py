"""The client and the service together: what a push moves, and what it leaves."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
import requests
from flask import Flask

from builders.papers import PAPER, a_tarball, a_token
from filemanager.client.client import Client
from filemanager.client.connection import Ask
from filemanager.client.errors import ClientError, Refused, Unreachable
from filemanager.client.fetching.pull import Pull, Pulled, PullWish
from filemanager.client.folders.choosing import Choice
from filemanager.client.folders.local_files import read_folder
from filemanager.client.push import Foreseen, Push, Pushed, PushWish
from filemanager.client.uploads import Uploads
from filemanager.client.watching import Unwatched
from filemanager.client.workspaces import Workspaces
from filemanager.domain.ids import digest_of
from worlds.in_process import URL, InProcess

FILES = {"main.tex": PAPER, "fig/a.txt": b"A picture.\n", "anc/data.csv": b"1,2\n"}


LARGE = b"x" * ((1 << 20) + 1)
_TOO_DEEP = "z/" + "/".join(["d" * 100] * 8)
"""Longer than a path may be; the last in order."""


USUAL = Choice()


class Desk:
    """Somebody with a directory, a workspace and the client."""

    def __init__(self, app: Flask, directory: Path) -> None:
        self.service = InProcess(app)
        connection = self.service.connection(a_token("1"))
        self.workspaces, self.uploads = Workspaces(connection), Uploads(connection)
        self.connection = connection
        self.directory, self.cache = directory / "files", directory / "cache"
        self.id = self.workspaces.create(profile="generic").id

    def write(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            place = self.directory / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

    def push(self, *, unpack: bool = False) -> Pushed:
        return self._push(unpack=unpack).run(URL)

    def foresee(self, choice: Choice = USUAL) -> Foreseen:
        return self._push(choice).foresee(URL)

    def _push(self, choice: Choice = USUAL, *, unpack: bool = False) -> Push:
        folder = read_folder(self.directory, choice, lambda _: None)
        wish = PushWish(
            folder=folder, workspace=self.id, cache=self.cache, unpack=unpack, threads=2
        )
        return Push(self.workspaces, self.uploads, wish, Unwatched())

    def pull(self, directory: Path) -> Pulled:
        wish = PullWish(workspace=self.id, directory=directory, threads=2)
        return Pull(self.connection, self.workspaces, wish, Unwatched()).run()

    @property
    def paths(self) -> set[str]:
        return {entry.path for entry in self.workspaces.entries(self.id)}

    def fail_at(self, start: str) -> None:
        """Lose every answer to requests that begin so."""

        def fault(request: requests.PreparedRequest) -> Exception | None:
            is_it = f"{request.method} {request.path_url}".startswith(start)
            return requests.ConnectionError("lost") if is_it else None

        self.service.fault = fault

    def recover(self) -> None:
        self.service.fault = lambda _: None
        self.service.lines.clear()


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    return Desk(app, tmp_path)


def test_it_works(desk: Desk, tmp_path: Path) -> None:
    desk.write(FILES)

    pushed = desk.push()
    desk.pull(tmp_path / "out")

    assert (pushed.revision, pushed.sent_files, pushed.known_files) == (1, 3, 0)
    assert pushed.sent_bytes == sum(map(len, FILES.values()))
    assert {path: (tmp_path / "out" / path).read_bytes() for path in FILES} == FILES


def test_what_is_there_already_moves_nothing(desk: Desk) -> None:
    desk.write(FILES)
    desk.push()
    desk.service.lines.clear()

    pushed = desk.push()

    assert (pushed.sent_files, pushed.sent_bytes, pushed.known_files) == (0, 0, 3)
    assert {line.split()[0] for line in desk.service.lines} == {"GET"}


def test_only_what_changed_is_sent(desk: Desk) -> None:
    desk.write(FILES)
    desk.push()
    desk.write({"fig/a.txt": b"Another.\n"})

    pushed = desk.push()

    assert (pushed.revision, pushed.sent_files, pushed.known_files) == (2, 1, 2)


def test_what_checks_have_renamed_is_known(desk: Desk) -> None:
    desk.id = desk.workspaces.create(profile="arxiv").id
    desk.write({"a b.txt": b"x\n", "c.txt": b"y\n"})
    first = desk.push()

    second = desk.push()
    desk.workspaces.remove(desk.id, "c.txt")
    third = desk.push()
    desk.workspaces.remove(desk.id, "a_b.txt")
    fourth = desk.push()

    assert [one.sent_files for one in (first, second, third, fourth)] == [2, 0, 1, 1]
    assert desk.paths == {"a_b.txt", "c.txt"}


def test_what_checks_have_removed_is_known_while_nothing_else_happens(desk: Desk) -> None:
    desk.id = desk.workspaces.create(profile="arxiv").id
    desk.write({"empty.txt": b"", "c.txt": b"y\n"})
    first = desk.push()

    second = desk.push()
    desk.workspaces.remove(desk.id, "c.txt")
    third = desk.push()

    assert [one.sent_files for one in (first, second, third)] == [2, 0, 2]
    assert desk.paths == {"c.txt"}


def test_a_push_says_what_the_checks_found_removed_and_renamed(desk: Desk) -> None:
    desk.id = desk.workspaces.create(profile="arxiv").id
    desk.write({"main.tex": PAPER, "a b.txt": b"x\n", "empty.txt": b"", ".latexmkrc": b"x"})

    pushed, again = desk.push(), desk.push()

    altered = {(one.alteration, one.before, one.after) for one in pushed.changes}
    assert altered == {("removed", "empty.txt", None), ("renamed", "a b.txt", "a_b.txt")}
    assert pushed.readiness == "READY"
    assert ("main_file", "main.tex") in {(one.code, one.path) for one in pushed.findings}
    assert (pushed.left_out, pushed.sent_files) == ([".latexmkrc"], 3)
    # What was said once is said again: nothing has happened since.
    assert (again.sent_bytes, again.changes, again.findings) == (
        0, pushed.changes, pushed.findings
    )  # fmt: skip


def test_what_would_be_sent_is_foreseen_and_nothing_done(desk: Desk) -> None:
    desk.write(FILES)
    desk.push()
    desk.write({"fig/a.txt": b"Another.\n", "new.txt": b"x\n"})
    desk.service.lines.clear()

    foreseen = desk.foresee(Choice(excluded=["anc"]))

    assert foreseen.would_send == ["fig/a.txt", "new.txt"]
    assert (foreseen.would_send_bytes, foreseen.known_files) == (11, 1)
    assert foreseen.left_out == ["anc/"]
    assert {line.split()[0] for line in desk.service.lines} == {"GET"}


def test_a_folder_for_a_new_workspace_is_foreseen_without_the_service(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x\n")

    with Client("http://nobody.test", "a-token") as client:
        foreseen = client.foresee(client.read(tmp_path), None)

    assert (foreseen.would_send, foreseen.workspace) == (["a.txt"], None)


def test_archives_are_kept_unless_they_are_to_be_unpacked(desk: Desk) -> None:
    desk.write({"all.tar.gz": a_tarball({"a.txt": b"x\n"})})
    desk.push()
    kept = desk.paths

    desk.id = desk.workspaces.create(profile="generic").id
    desk.push(unpack=True)

    assert (kept, desk.paths) == ({"all.tar.gz"}, {"a.txt"})


def test_a_stopped_push_goes_on_with_what_had_come(desk: Desk) -> None:
    desk.write(FILES)
    desk.fail_at("POST /uploads/batches/")
    with pytest.raises(Unreachable):
        desk.push()
    received = desk.paths
    desk.recover()

    pushed = desk.push()

    # The answer alone was lost: nothing is sent again, and nothing is received twice.
    assert received == set(FILES)
    assert (pushed.revision, pushed.sent_bytes, pushed.known_files) == (1, 0, 3)


def test_what_was_received_unheard_is_known_as_what_checks_made_of_it(desk: Desk) -> None:
    desk.id = desk.workspaces.create(profile="arxiv").id
    desk.write({"a b.txt": b"x\n", "empty.txt": b""})
    desk.fail_at("POST /uploads/batches/")
    with pytest.raises(Unreachable):
        desk.push()
    desk.recover()

    assert desk.push().sent_files == 0
    assert desk.paths == {"a_b.txt"}


def test_lost_answers_to_new_uploads_begin_none_twice(desk: Desk) -> None:
    desk.write({**FILES, "large.bin": LARGE})
    desk.fail_at("POST /uploads/tus")

    pushed = desk.push()

    assert (pushed.revision, desk.paths) == (1, {*FILES, "large.bin"})
    assert len([line for line in desk.service.lines if line == "POST /uploads/tus"]) == 2


def test_small_files_are_one_upload_and_what_is_known_is_not_sent(desk: Desk) -> None:
    desk.write({**FILES, "large.bin": LARGE})
    desk.push()
    desk.id, desk.cache = desk.workspaces.create(profile="generic").id, desk.cache / "fresh"
    desk.write({"new.txt": b"new\n"})
    desk.service.lines.clear()

    pushed = desk.push()

    assert (pushed.revision, pushed.sent_files, pushed.sent_bytes) == (1, 5, 4)
    assert desk.paths == {*FILES, "large.bin", "new.txt"}
    assert len([line for line in desk.service.lines if line == "POST /uploads/tus"]) == 1


def test_known_bytes_that_go_meanwhile_are_sent_after_all(desk: Desk) -> None:
    desk.write(FILES)
    desk.push()
    first, desk.id = desk.id, desk.workspaces.create(profile="generic").id

    def forget(request: requests.PreparedRequest) -> None:
        if request.path_url == "/uploads/known":
            desk.recover()
            desk.workspaces.delete(first)

    desk.service.fault = forget
    pushed = desk.push()

    assert (pushed.revision, desk.paths) == (1, set(FILES))
    assert pushed.sent_bytes == sum(map(len, FILES.values()))


def test_what_changed_or_went_since_a_stop_is_left_out(desk: Desk) -> None:
    desk.write({"same.txt": b"x\n", "other.txt": b"x\n", "gone.txt": b"x\n"})

    def lock(request: requests.PreparedRequest) -> None:
        if request.method == "PATCH":
            desk.recover()
            desk.workspaces.lock(desk.id)

    desk.service.fault = lock
    with pytest.raises(ClientError, match="locked"):
        desk.push()
    desk.workspaces.unlock(desk.id)
    (desk.directory / "gone.txt").unlink()
    desk.write({"other.txt": b"y\n"})

    desk.push()

    found = {entry.path: entry.sha256 for entry in desk.workspaces.entries(desk.id)}
    assert found == {"same.txt": digest_of(b"x\n"), "other.txt": digest_of(b"y\n")}


def test_a_refused_path_takes_nothing_and_can_be_put_right(desk: Desk) -> None:
    desk.write({**FILES, _TOO_DEEP: b"x\n"})

    with pytest.raises(ClientError, match="unusable name"):
        desk.push()
    nothing = desk.paths
    (desk.directory / _TOO_DEEP).unlink()

    assert nothing == set()
    assert desk.push().known_files == 0
    assert desk.paths == set(FILES)


def test_a_locked_workspace_refuses_in_words(desk: Desk) -> None:
    desk.write(FILES)
    path = f"/filemanager/api/v2/workspaces/{desk.id}/lock"
    desk.connection.ask(Ask(method="POST", path=path, json={}))

    with pytest.raises(Refused, match=r"upload workspace is locked\. \(workspace_locked\)"):
        desk.push()

    assert desk.paths == set()


MANY = {f"d{number % 3}/{number}.txt": b"%d\n" % number for number in range(20)}


def read(directory: Path, paths: Iterable[str]) -> dict[str, bytes]:
    return {path: (directory / path).read_bytes() for path in paths}


def test_many_small_files_are_pulled_by_one_range(desk: Desk, tmp_path: Path) -> None:
    files = {**MANY, "large.bin": LARGE, "anc/empty": b""}
    desk.write(files)
    desk.push()
    desk.service.lines.clear()

    pulled = desk.pull(tmp_path / "out")

    assert read(tmp_path / "out", files) == files
    assert (pulled.fetched_files, pulled.fetched_bytes) == (22, sum(map(len, files.values())))
    fetched = [line.rpartition("/")[2] for line in desk.service.lines if "GET" in line]
    assert fetched.count("content.tar.gz") == 1
    assert [name for name in fetched if name.endswith((".txt", ".bin"))] == ["large.bin"]


def test_only_files_that_differ_are_pulled(desk: Desk, tmp_path: Path) -> None:
    desk.write(MANY)
    desk.push()
    desk.pull(tmp_path / "out")
    (tmp_path / "out" / "d0/3.txt").write_bytes(b"mine\n")
    desk.service.lines.clear()

    pulled = desk.pull(tmp_path / "out")

    assert read(tmp_path / "out", MANY) == MANY
    assert (pulled.fetched_files, pulled.fetched_bytes, pulled.known_files) == (1, 2, 19)
    assert desk.service.lines[2:] == [
        f"GET /filemanager/api/v2/workspaces/{desk.id}/files/d0/3.txt"
    ]


def test_files_that_change_while_they_are_listed_are_fetched_by_their_digests(
    desk: Desk, tmp_path: Path
) -> None:
    desk.write(MANY)
    desk.push()

    def add(request: requests.PreparedRequest) -> None:
        if request.path_url.startswith(f"/filemanager/api/v2/workspaces/{desk.id}/files?"):
            desk.recover()
            desk.write({"a.txt": b"before all others\n"})
            desk.push()

    desk.service.fault = add
    pulled = desk.pull(tmp_path / "out")

    assert (pulled.revision, read(tmp_path / "out", MANY)) == (1, MANY)
    assert not (tmp_path / "out" / "a.txt").exists()


def test_a_pull_that_was_stopped_asks_for_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    desk.write({**MANY, "z-large.bin": LARGE})
    desk.push()
    desk.fail_at(f"GET /filemanager/api/v2/workspaces/{desk.id}/files/")
    with pytest.raises(Unreachable):
        desk.pull(tmp_path / "out")
    come = read(tmp_path / "out", MANY)
    desk.recover()

    pulled = desk.pull(tmp_path / "out")

    assert come == MANY
    assert (pulled.fetched_files, pulled.fetched_bytes) == (1, len(LARGE))


def test_what_is_no_directory_is_told(desk: Desk) -> None:
    with pytest.raises(ClientError, match="is no directory"):
        desk.push()


def test_an_empty_directory_moves_nothing(desk: Desk) -> None:
    desk.directory.mkdir()

    assert desk.push().sent_files == 0


def test_the_client_says_all_that_in_one_place(tmp_path: Path) -> None:
    with Client(URL, "a-token") as client, pytest.raises(ClientError, match="is no directory"):
        client.push(tmp_path / "none", 1, cache=tmp_path)
