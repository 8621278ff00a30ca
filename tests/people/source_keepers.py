"""People who connect sources, and who look into them."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.papers import a_token

API = "/packages/api/sources"
ALICE, BOB = "arxiv:1", "arxiv:2"
"""Owners, as readers are named."""


@dataclass(frozen=True)
class SourceKeeper:
    """Somebody with a token, or without one, and what they can do in a line."""

    client: FlaskClient
    token: str | None

    def call(self, method: str, rest: str = "", **sent: Any) -> TestResponse:
        """*rest* follows the address of sources."""
        authorization = {} if self.token is None else {"Authorization": self.token}
        headers = {**authorization, **sent.pop("headers", {})}
        return self.client.open(f"{API}{rest}", method=method, headers=headers, **sent)

    def get(self, rest: str = "", **query: str) -> TestResponse:
        return self.call("GET", rest, query_string=query)

    def json(self, rest: str = "", **query: str) -> Any:
        response = self.get(rest, **query)
        assert response.status_code == 200, response.text
        return response.get_json()


def a_keeper(client: FlaskClient, user_id: str, *scopes: str) -> SourceKeeper:
    return SourceKeeper(client, a_token(user_id, *scopes))
