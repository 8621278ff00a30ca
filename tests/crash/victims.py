"""A process that makes victims: forked children that each do one change, and may be killed.

It reads a line of JSON for each victim and answers with two words, each on a line: the victim's
process id once it has stopped itself before the change, and its wait status once it has ended.
Forked, a victim needs no time to start.
"""

import json
import os
import signal
import sys
from pathlib import Path

import structlog

from crash.depot import DEEDS, depot_on
from crash.stage import CHANGES, stage_on

WORKSPACE = 1
"""The only one in the data that a victim gets."""

ANSWER = "answer"
"""The file that a victim writes the status of the answer into, as a client would see it."""


def _live(data_dir: Path, change: str) -> None:
    with stage_on(data_dir) as opened:
        # What is only opened once is opened now: the database, and what is imported at first use.
        opened.alice.get(f"/{WORKSPACE}")
        os.kill(os.getpid(), signal.SIGSTOP)
        answer = CHANGES[change](opened.alice, WORKSPACE)
        # The process ends here, so that closing the database is no part of the change.
        (data_dir / ANSWER).write_text(str(answer.status_code))
        os._exit(0)


def _live_in_depot(data_dir: Path, deed: str) -> None:
    with depot_on(data_dir) as opened:
        opened.names()
        os.kill(os.getpid(), signal.SIGSTOP)
        # The other output is for answers.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        DEEDS[deed](opened)
        (data_dir / ANSWER).write_text("201")
        os._exit(0)


def _serve() -> None:
    for line in sys.stdin:
        wish = json.loads(line)
        pid = os.fork()
        if not pid:
            live = _live_in_depot if wish["change"] in DEEDS else _live
            live(Path(wish["data_dir"]), wish["change"])
        os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


if __name__ == "__main__":
    _serve()
