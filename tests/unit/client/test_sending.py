"""One file on its way: begun once, gone on with where it stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from filemanager.client.errors import FileChanged, Refused, Unreachable
from filemanager.client.folders.local_files import LocalFile, local_file
from filemanager.client.memory import Memory, Sending, memory_of
from filemanager.client.sending import WHOLE_BYTES, Sender
from filemanager.client.uploads import Uploads
from worlds.scripted import URL, Scripted, Waits, an_upload_told, answered, connected, problem

LARGE = b"x" * (WHOLE_BYTES + 3)
BROKEN = requests.ConnectionError("broken")
ONE = "/uploads/tus/" + "0" * 31 + "1"
METADATA = {"workspace": "17", "unpack": "false", "batch": "b"}


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with memory_of(tmp_path / "cache", URL, 17, tmp_path) as memory:
        memory.begin("b")
        yield memory


def a_file(directory: Path, data: bytes) -> LocalFile:
    (directory / "files").mkdir()
    (directory / "files" / "a").write_bytes(data)
    return local_file(directory / "files" / "a", "a", lambda _: None)


def send(service: Scripted, memory: Memory, file: LocalFile) -> list[tuple[int, int]]:
    counted: list[tuple[int, int]] = []

    def count(sent: int, gone_on: int) -> None:
        counted.append((sent, gone_on))

    Sender(Uploads(connected(service, Waits())), memory, METADATA, count).send(file)
    return counted


def at(offset: int, status: int = 204) -> requests.Response:
    return answered(status, Upload_Offset=str(offset))


def begun(offset: int = 0) -> requests.Response:
    return answered(201, Location=f"http://elsewhere.test{ONE}", Upload_Offset=str(offset))


def test_a_small_file_goes_with_the_request_that_begins_it(tmp_path: Path, memory: Memory) -> None:
    service = Scripted(begun(5))

    counted = send(service, memory, file := a_file(tmp_path, b"hello"))

    assert service.lines == ["POST /uploads/tus"]
    assert service.bodies == [b"hello"]
    assert service.asked[0].headers["Upload-Checksum"].startswith("sha256 LPJNul")
    assert memory.sending == {"a": Sending(file.sha256, ONE)}
    assert counted == [(5, 0)]


@pytest.mark.parametrize("data", [b"", LARGE])
def test_others_are_begun_first(tmp_path: Path, memory: Memory, data: bytes) -> None:
    service = Scripted(begun(), at(len(data)))

    counted = send(service, memory, a_file(tmp_path, data))

    assert service.lines == ["POST /uploads/tus", f"PATCH {ONE}"][: 1 + bool(data)]
    assert sum(sent for sent, _ in counted) == len(data)


def test_what_was_begun_before_goes_on_where_it_stopped(tmp_path: Path, memory: Memory) -> None:
    file = a_file(tmp_path, LARGE)
    memory.note("a", Sending(file.sha256, ONE))
    service = Scripted(at(WHOLE_BYTES, 200), at(len(LARGE)))

    counted = send(service, memory, file)

    assert service.lines == [f"HEAD {ONE}", f"PATCH {ONE}"]
    assert service.bodies[1] == b"xxx"
    assert counted == [(0, WHOLE_BYTES), (3, 0)]


def test_what_has_expired_meanwhile_is_begun_anew(tmp_path: Path, memory: Memory) -> None:
    file = a_file(tmp_path, b"hello")
    memory.note("a", Sending(file.sha256, "/uploads/tus/9"))

    send(Scripted(problem(404, "upload_not_found"), begun(5)), memory, file)

    assert memory.sending["a"].url == ONE


def test_a_break_is_gone_on_from_what_had_come(tmp_path: Path, memory: Memory) -> None:
    service = Scripted(begun(), BROKEN, at(7, 200), problem(503, "x"), at(7, 200), at(len(LARGE)))

    send(service, memory, a_file(tmp_path, LARGE))

    offsets = [one.headers["Upload-Offset"] for one in service.asked if one.method == "PATCH"]
    assert offsets == ["0", "7", "7"]


def test_another_offset_is_asked_for(tmp_path: Path, memory: Memory) -> None:
    service = Scripted(begun(), problem(409, "offset_conflict"), at(len(LARGE), 200))

    send(service, memory, a_file(tmp_path, LARGE))

    assert service.is_at_its_end


def test_a_break_before_each_byte_ends_patience(tmp_path: Path, memory: Memory) -> None:
    breaks = [step for _ in range(7) for step in (BROKEN, at(0, 200))]
    service = Scripted(begun(), *breaks, BROKEN)

    with pytest.raises(Unreachable):
        send(service, memory, a_file(tmp_path, LARGE))

    assert service.is_at_its_end


def test_a_refusal_stands(tmp_path: Path, memory: Memory) -> None:
    service = Scripted(begun(), problem(413, "quota_exceeded", "Too much."))

    with pytest.raises(Refused, match="Too much"):
        send(service, memory, a_file(tmp_path, LARGE))


def test_an_upload_whose_answer_was_lost_is_found_and_not_begun_twice(
    tmp_path: Path, memory: Memory
) -> None:
    listed = {"uploads": [an_upload_told(2, "b"), an_upload_told(1, "a", received_bytes=5)]}
    service = Scripted(BROKEN, answered(told=listed))

    send(service, memory, a_file(tmp_path, b"hello"))

    assert service.lines == ["POST /uploads/tus", "GET /uploads/batches/b"]
    assert memory.sending["a"].url == ONE


def test_an_upload_that_never_began_is_begun_again(tmp_path: Path, memory: Memory) -> None:
    service = Scripted(BROKEN, answered(told={"uploads": []}), begun(5))

    send(service, memory, a_file(tmp_path, b"hello"))

    assert service.is_at_its_end


def test_a_file_that_changes_meanwhile_is_not_sent_for_another(
    tmp_path: Path, memory: Memory
) -> None:
    file = a_file(tmp_path, LARGE)

    def change(_: requests.PreparedRequest) -> requests.Response:
        file.place.write_bytes(b"y" * len(LARGE))
        return at(len(LARGE))

    with pytest.raises(FileChanged):
        send(Scripted(begun(), change), memory, file)
