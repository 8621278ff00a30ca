"""People and programs who look after repositories, in tests."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

API = "/repositories/api"


@dataclass(frozen=True)
class Caretaker:
    """Somebody with a password or a token, or with neither, at one repository."""

    client: FlaskClient
    authorization: str | None
    path: str

    def call(self, method: str, rest: str = "", **sent: Any) -> TestResponse:
        """*rest* follows the address of the repository."""
        return self.at(method, f"/{self.path}{rest}", **sent)

    def at(self, method: str, address: str, **sent: Any) -> TestResponse:
        """*address* follows that of the API."""
        authorization = {} if self.authorization is None else {"Authorization": self.authorization}
        headers = {**authorization, **sent.pop("headers", {})}
        return self.client.open(f"{API}{address}", method=method, headers=headers, **sent)

    def get(self, rest: str = "", **sent: Any) -> TestResponse:
        return self.call("GET", rest, **sent)

    def post(self, rest: str, body: object = None, **sent: Any) -> TestResponse:
        return self.call("POST", rest, json=body, **sent)

    def patch(self, **rules: Any) -> TestResponse:
        return self.call("PATCH", json=rules)

    def json(self, rest: str = "") -> Any:
        response = self.get(rest)
        assert response.status_code == 200, response.get_json()
        return response.get_json()
