"""People with a browser: a cookie jar, the origin of our pages, and forms with their secret."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclass(frozen=True)
class Surfer:
    client: FlaskClient
    base_url: str = "http://fooserver.localdomain"

    def get(self, path: str, **sent: Any) -> TestResponse:
        headers = {**HTML, **sent.pop("headers", {})}
        return self.client.get(path, base_url=self.base_url, headers=headers, **sent)

    def post(self, path: str, **sent: Any) -> TestResponse:
        """As a form of a page of ours is sent, but for the secret."""
        headers = {
            **HTML,
            "Origin": self.base_url,
            "Sec-Fetch-Site": "same-origin",
            **sent.pop("headers", {}),
        }
        return self.client.post(path, base_url=self.base_url, headers=headers, **sent)

    def sign_in(self, token: str, **fields: str) -> TestResponse:
        return self.post("/login", data={"token": token, **fields})

    def form_token(self, path: str = "/") -> str:
        """Of the forms of that page."""
        found = _TOKEN.search(self.get(path).text)
        assert found is not None
        return found[1]

    def send(self, path: str, data: dict[str, Any] | None = None, **sent: Any) -> TestResponse:
        """A form of a page of ours."""
        return self.post(path, data={"csrf": self.form_token(), **(data or {})}, **sent)

    def web_token(self, workspace: int | str) -> TestResponse:
        return self.send("/web/tokens", {"workspace": str(workspace)})

    @property
    def secret(self) -> str | None:
        """What the cookie holds."""
        name = "__Host-fm" if self.base_url.startswith("https") else "fm"
        cookie = self.client.get_cookie(name, domain="fooserver.localdomain")
        return None if cookie is None else cookie.value

    def keep(self, secret: str) -> None:
        """Put it into the jar, as a thief does."""
        name = "__Host-fm" if self.base_url.startswith("https") else "fm"
        self.client.set_cookie(name, secret, domain="fooserver.localdomain")


def a_surfer(app: Flask, base_url: str = "http://fooserver.localdomain") -> Surfer:
    """With a jar of their own."""
    return Surfer(app.test_client(), base_url)
