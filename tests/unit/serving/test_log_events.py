"""Every line of the log is one JSON object of one shape, wherever it comes from."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SAYING = """
import logging, sys, threading, warnings
import structlog
from filemanager.serving.log_events import configure

configure(sys.argv[1])
structlog.get_logger().info("ours", size_bytes=1)
logging.getLogger("gunicorn.error").info("the server's")
logging.getLogger("a.library").warning("a %s", "library's")
logging.getLogger("sqlalchemy.engine").info("SELECT 'a secret'")
warnings.warn("outdated", stacklevel=1)
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
raise SystemError("the end")
"""


def said(level: str) -> list[dict[str, Any]]:
    ended = subprocess.run(
        [sys.executable, "-c", SAYING, level], capture_output=True, text=True, check=False
    )
    return [json.loads(line) for line in ended.stderr.splitlines()]


def test_ours_libraries_warnings_and_what_ends_the_process_look_the_same() -> None:
    lines = said("info")

    events = [line["event"] for line in lines]
    assert events[:3] == ["ours", "the server's", "a library's"]
    assert "UserWarning: outdated" in events[3]
    assert events[4:] == ["unexpected", "unexpected"]
    for line in lines:
        assert {"event", "level", "timestamp"} <= set(line)
    assert "ZeroDivisionError" in lines[4]["exception"]
    assert "SystemError: the end" in lines[5]["exception"]


@pytest.mark.parametrize(("level", "least"), [("warning", "warning"), ("error", "error")])
def test_what_is_below_the_level_is_not_said(level: str, least: str) -> None:
    ranks = ["debug", "info", "warning", "error"]

    assert {ranks.index(line["level"]) >= ranks.index(least) for line in said(level)} == {True}


COUNTING = """
import io, json, sys
import structlog
from filemanager.serving.log_events import configure

class Raw(io.RawIOBase):
    written = []
    def writable(self):
        return True
    def write(self, data):
        self.written.append(bytes(data).decode())
        return len(data)

sys.stderr = io.TextIOWrapper(io.BufferedWriter(Raw()), line_buffering=True)  # as Python opens it
configure()
for number in range(3):
    structlog.get_logger().info("request", path="/" * 4000, number=number)
print(json.dumps(Raw.written))
"""


def test_each_line_is_one_write() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", COUNTING], capture_output=True, text=True, check=True
    )

    written = json.loads(ended.stdout)
    assert [json.loads(line)["number"] for line in written] == [0, 1, 2]
    assert all(line.endswith("}\n") for line in written)


FAILING = """
import structlog
from filemanager.serving.log_events import configure

configure()
structlog.get_logger().info("request")
print("answered")
"""


def test_a_line_that_cannot_be_written_is_all_that_is_lost() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", FAILING], stdout=subprocess.PIPE, stderr=full, check=False
        )

    assert ended.stdout == b"answered\n"
