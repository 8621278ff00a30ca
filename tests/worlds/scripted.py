"""A service that a client talks to in tests, without a socket: its answers are told beforehand."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from filemanager.client.connection import Connection, Patience

URL = "http://service.test"

Answering = Callable[[requests.PreparedRequest], requests.Response]


def answered(
    status: int = 200, told: object = None, body: bytes = b"", **headers: str
) -> requests.Response:
    """An answer; *told* is its JSON. Names of headers are given with underscores."""
    response = requests.Response()
    response.status_code = status
    response.raw = io.BytesIO(json.dumps(told).encode() if told is not None else body)
    response.headers = CaseInsensitiveDict(
        {name.replace("_", "-"): value for name, value in headers.items()}
    )
    return response


def problem(status: int, code: str, detail: str = "No.", **headers: str) -> requests.Response:
    return answered(status, {"code": code, "detail": detail}, b"", **headers)


class Scripted(BaseAdapter):
    """Answers with each of *script* in turn, or raises it; remembers what was asked."""

    def __init__(self, *script: requests.Response | Exception | Answering) -> None:
        super().__init__()
        self._script = list(script)
        self.asked: list[requests.PreparedRequest] = []
        self.bodies: list[bytes] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.asked.append(request)
        body: Any = request.body
        self.bodies.append(body.read() if hasattr(body, "read") else body or b"")
        step = self._script.pop(0)
        if isinstance(step, Exception):
            raise step
        response = step if isinstance(step, requests.Response) else step(request)
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is open."""

    @property
    def lines(self) -> list[str]:
        """The method and path of each request."""
        return [f"{one.method} {one.path_url}" for one in self.asked]

    @property
    def is_at_its_end(self) -> bool:
        return not self._script


@dataclass(slots=True)
class Waits:
    """A pause that takes no time, and remembers how long it should have."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def connected(service: Scripted, waits: Waits | None = None, **patience: Any) -> Connection:
    calm = Patience(pause=waits or Waits(), jitter=lambda: 1.0, **patience)
    return Connection(URL, "a-token", patience=calm, adapter=service)


def a_workspace_told(**other: object) -> Mapping[str, object]:
    told = {
        "id": 17, "name": None, "profile": "arxiv", "status": "ACTIVE", "lock": None,
        "readiness": "READY",
        "revision": 1, "file_count": 0, "total_bytes": 0,
    }  # fmt: skip
    return {**told, **other}


def an_upload_told(number: int, path: str, state: str = "open", **other: object) -> dict[str, Any]:
    told = {
        "id": f"{number:032x}", "path": path, "state": state, "size_bytes": 3,
        "received_bytes": 0, "error": None, "result": None,
    }  # fmt: skip
    return {**told, **other}
