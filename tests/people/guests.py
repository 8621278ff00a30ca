"""Whoever was given a link to a share, in tests."""

from dataclasses import dataclass, replace
from typing import Any, Self

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class ShareGuest:
    """A program at an address, which asks below a place: ``/s/<slug>/`` or ``/k/<secret>/``."""

    client: FlaskClient
    place: str
    address: str = "127.0.0.1"
    accepts: str = "*/*"

    def call(self, method: str, path: str, **sent: Any) -> TestResponse:
        headers = {"Accept": self.accepts, **sent.pop("headers", {})}
        environ = {"REMOTE_ADDR": self.address}
        return self.client.open(
            f"{self.place}{path}", method=method, headers=headers, environ_base=environ, **sent
        )

    def get(self, path: str = "", **sent: Any) -> TestResponse:
        return self.call("GET", path, **sent)

    def head(self, path: str, **sent: Any) -> TestResponse:
        return self.call("HEAD", path, **sent)

    def post(self, path: str, **sent: Any) -> TestResponse:
        return self.call("POST", path, **sent)

    def at(self, place: str) -> Self:
        return replace(self, place=place)

    def browsing(self) -> Self:
        return replace(self, accepts="text/html,application/xhtml+xml,*/*;q=0.8")
