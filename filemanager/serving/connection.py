"""A connection, and where it stands between two looks of the poller."""

import re
import socket
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from filemanager.serving.patience import HEAD_BYTES

Place = tuple[Any, ...]
"""An address of the operating system: host, port and what IPv6 adds."""

_AUTHORIZATION = re.compile(rb"\r\nauthorization:([^\r]*)", re.IGNORECASE)
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


class Stage(Enum):
    HEAD = auto()
    """The next request is waited for, or has begun to come."""

    SERVED = auto()
    """A thread has it, and nobody else may touch it."""

    DRAINING = auto()
    """It is answered; the rest of its body comes, and then it goes on."""

    LINGERING = auto()
    """It is answered and over, but what still comes must not reset it (RFC 9112, 9.6)."""

    GONE = auto()


@dataclass(slots=True, eq=False)
class Connection:
    socket: socket.socket
    client: Place
    server: Place
    deadline: float
    stage: Stage = Stage.HEAD
    buffer: bytearray = field(default_factory=bytearray)
    """What came of the next request."""

    left_bytes: int = 0
    """Of what is drained or lingered for."""

    requests: int = 0
    asked: tuple[bytes, Any] | None = None
    """The head of its last request, and what it says: who keeps a connection asks again."""

    is_late: bool = False
    """Its head has not come in time."""

    @property
    def is_wanted(self) -> bool:
        """Whether what still comes is taken."""
        is_rest = self.stage in (Stage.DRAINING, Stage.LINGERING) and self.left_bytes > 0
        return is_rest or self.stage is Stage.HEAD

    def is_over(self, now: float) -> bool:
        """Whether it has had its time, while no thread has it."""
        return self.stage is not Stage.SERVED and self.deadline <= now

    @property
    def asker(self) -> tuple[object, bytes]:
        """Who seems to ask, as far as a head tells before anybody has looked at it."""
        told = _AUTHORIZATION.search(self.buffer)
        return self.client[0], told[1] if told else b""


def is_decided(head: bytes | bytearray) -> bool:
    """Whether a head is complete, or can be refused without more of it."""
    # One empty line before it is passed over (RFC 9112, 2.2).
    start = 2 if head.startswith(b"\r\n") else 0
    if head.find(b"\r\n\r\n", start) >= 0 or len(head) >= HEAD_BYTES:
        return True
    return _BARE_LINE_FEED.search(head) is not None
