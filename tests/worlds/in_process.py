"""The service behind the client without a socket between them."""

import io
from collections.abc import Callable
from typing import Any

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from filemanager.client.connection import Connection, Patience

URL = "http://fooserver.localdomain"

Fault = Callable[[requests.PreparedRequest], Exception | None]
"""Asked after the service has done a request: what is raised is that its answer was lost."""


class InProcess(BaseAdapter):
    """Hands requests to an application. ``lines`` are the methods and paths asked for."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app
        self.lines: list[str] = []
        self.fault: Fault = lambda _: None

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.lines.append(f"{request.method} {request.path_url}")
        body: Any = request.body
        answer = self._app.test_client().open(
            request.path_url,
            base_url=URL,
            method=request.method or "",
            headers=list(request.headers.items()),
            data=body.read() if hasattr(body, "read") else body,
        )
        if fault := self.fault(request):
            raise fault
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = CaseInsensitiveDict(answer.headers.items())
        response.raw = io.BytesIO(answer.data)
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is open."""

    def connection(self, token: str, pause: Callable[[float], None] = lambda _: None) -> Connection:
        """*pause* is what happens whenever the client waits."""
        patience = Patience(pause=pause, attempts=3)
        return Connection(URL, token, patience=patience, adapter=self)
