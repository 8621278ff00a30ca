"""People who curate data packages over HTTP."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

API = "/packages/api/packages"
POINTER = "application/vnd.filemanager.pointer+json"


@dataclass(frozen=True)
class Curator:
    client: FlaskClient
    token: str

    def call(self, method: str, rest: str = "", **sent: Any) -> TestResponse:
        """*rest* follows the address of the packages."""
        headers = {"Authorization": self.token, **sent.pop("headers", {})}
        return self.client.open(f"{API}{rest}", method=method, headers=headers, **sent)

    def get(self, rest: str = "", **sent: Any) -> TestResponse:
        return self.call("GET", rest, **sent)

    def post(self, rest: str, body: object = None, **sent: Any) -> TestResponse:
        return self.call("POST", rest, json=body, **sent)

    def json(self, rest: str = "") -> Any:
        response = self.get(rest)
        assert response.status_code == 200, response.get_json()
        return response.get_json()

    def create(self, name: str = "study", **said: object) -> str:
        """The id of a new package."""
        response = self.post("", {"name": name, **said})
        assert response.status_code == 201, response.get_json()
        return str(response.get_json()["id"])

    def text(self, package: str, path: str, data: bytes = b"text", **sent: Any) -> TestResponse:
        return self.call("PUT", f"/{package}/items/{path}", data=data, **sent)

    def point(self, package: str, path: str, **wish: object) -> TestResponse:
        return self.call(
            "PUT", f"/{package}/items/{path}", json=wish, headers={"Content-Type": POINTER}
        )

    def paths(self, package: str, query: str = "") -> list[str]:
        return [item["path"] for item in self.json(f"/{package}/items{query}")["items"]]
