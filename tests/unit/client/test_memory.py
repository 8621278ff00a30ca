"""What a push remembers, and whom it keeps away."""

import os
from pathlib import Path

import pytest

from filemanager.client.errors import Busy, ClientError
from filemanager.client.memory import Memory, Sending, Settled, cache_directory, memory_of

URL = "http://service.test"


def remembered(cache: Path, directory: Path) -> Memory:
    with memory_of(cache, URL, 17, directory) as memory:
        return memory


def the_file(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


def test_nothing_is_remembered_at_first(tmp_path: Path) -> None:
    memory = remembered(tmp_path / "cache", tmp_path)

    assert (memory.batch, memory.sending, memory.revision, memory.settled) == (None, {}, None, {})


def test_what_was_begun_is_remembered(tmp_path: Path) -> None:
    with memory_of(tmp_path / "cache", URL, 17, tmp_path) as memory:
        memory.begin("batch")
        memory.note("é\n.tex", Sending("0" * 64, "/uploads/tus/1"))

    again = remembered(tmp_path / "cache", tmp_path)

    assert again.batch == "batch"
    assert again.sending == {"é\n.tex": Sending("0" * 64, "/uploads/tus/1")}


def test_what_is_over_is_remembered_as_settled(tmp_path: Path) -> None:
    with memory_of(tmp_path / "cache", URL, 17, tmp_path) as memory:
        memory.begin("batch")
        memory.note("a", Sending("0" * 64, "/uploads/tus/1"))
        memory.end(4, {"a": Settled("0" * 64, "b", "1" * 64)})

    again = remembered(tmp_path / "cache", tmp_path)

    assert (again.batch, again.sending) == (None, {})
    assert (again.revision, again.settled) == (4, {"a": Settled("0" * 64, "b", "1" * 64)})


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_line_that_was_cut_off_is_as_if_it_were_not_there(tmp_path: Path, cut: int) -> None:
    with memory_of(tmp_path / "cache", URL, 17, tmp_path) as memory:
        memory.begin("batch")
        memory.note("a", Sending("0" * 64, "/uploads/tus/1"))
        memory.note("b", Sending("1" * 64, "/uploads/tus/2"))
    file = the_file(tmp_path / "cache")
    file.write_bytes(file.read_bytes()[: -cut - 1])

    with memory_of(tmp_path / "cache", URL, 17, tmp_path) as memory:
        memory.note("c", Sending("2" * 64, "/uploads/tus/3"))

    assert set(remembered(tmp_path / "cache", tmp_path).sending) == {"a", "c"}


def test_a_second_push_of_the_same_is_refused_while_one_runs(tmp_path: Path) -> None:
    with memory_of(tmp_path / "cache", URL, 17, tmp_path):
        with pytest.raises(Busy, match="to workspace 17 already"):
            remembered(tmp_path / "cache", tmp_path)
        other = remembered(tmp_path / "cache", tmp_path / "cache")

    assert other.batch is None


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    remembered(tmp_path / "cache", tmp_path)

    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    assert the_file(tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_the_cache_is_where_the_environment_says() -> None:
    assert cache_directory({"XDG_CACHE_HOME": "/c"}) == Path("/c/filemanager")
    assert cache_directory({"XDG_CACHE_HOME": "c"}) == Path.home() / ".cache" / "filemanager"
    assert cache_directory({}) == Path.home() / ".cache" / "filemanager"


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)

    with pytest.raises(ClientError, match="set XDG_CACHE_HOME to a directory"):
        cache_directory({})


@pytest.mark.parametrize("line", [b"1\n", b"[]\n", b"{}\n", b"\xff\n", b"{\n"])
def test_what_is_not_ours_is_as_if_it_were_not_there(tmp_path: Path, line: bytes) -> None:
    remembered(tmp_path / "cache", tmp_path)
    the_file(tmp_path / "cache").write_bytes(line)

    assert remembered(tmp_path / "cache", tmp_path).batch is None
    assert the_file(tmp_path / "cache").read_bytes() == b""
