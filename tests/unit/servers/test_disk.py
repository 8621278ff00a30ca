"""A test that looks at a disk while others write there is told what lies there, and no error."""

import shutil
import threading
from pathlib import Path

from servers.disk import contents_below, files_below


def test_files_are_told_with_their_sizes(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"123")

    assert files_below(tmp_path / "a", tmp_path / "missing") == {tmp_path / "a" / "b" / "c": 3}
    assert contents_below(tmp_path) == [b"123"]


def test_what_goes_meanwhile_is_no_error(tmp_path: Path) -> None:
    ended = threading.Event()

    def change() -> None:
        place = tmp_path / "place"
        while not ended.is_set():
            place.mkdir()
            for number in range(20):
                (place / str(number)).write_bytes(b"x")
            shutil.rmtree(place)

    writer = threading.Thread(target=change)
    writer.start()
    try:
        for _ in range(300):
            assert set(files_below(tmp_path).values()) <= {0, 1}
            assert set(contents_below(tmp_path)) <= {b"", b"x"}
    finally:
        ended.set()
        writer.join()
