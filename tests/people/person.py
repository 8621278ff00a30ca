"""People who ask the service, in tests."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

API = "/filemanager/api"


@dataclass(frozen=True)
class Person:
    """Somebody with a token, or without one, and what they can do in a line."""

    client: FlaskClient
    token: str | None

    def call(self, method: str, path: str, **sent: Any) -> TestResponse:
        authorization = {} if self.token is None else {"Authorization": self.token}
        headers = {**authorization, **sent.pop("headers", {})}
        return self.client.open(f"{API}{path}", method=method, headers=headers, **sent)

    def get(self, path: str, **sent: Any) -> TestResponse:
        return self.call("GET", path, **sent)

    def head(self, path: str, **sent: Any) -> TestResponse:
        return self.call("HEAD", path, **sent)

    def post(self, path: str, **sent: Any) -> TestResponse:
        return self.call("POST", path, **sent)

    def patch(self, path: str, **sent: Any) -> TestResponse:
        return self.call("PATCH", path, **sent)

    def put(self, path: str, data: bytes, **sent: Any) -> TestResponse:
        return self.call("PUT", path, data=data, **sent)

    def delete(self, path: str, **sent: Any) -> TestResponse:
        return self.call("DELETE", path, **sent)

    def upload(
        self,
        path: str,
        name: str,
        data: bytes,
        headers: Mapping[str, str] | None = None,
        **fields: str,
    ) -> TestResponse:
        file = FileStorage(io.BytesIO(data), name, "file", "application/octet-stream")
        boundary, body = encode_multipart({"file": file, **fields})
        content_type = f'multipart/form-data; boundary="{boundary}"'
        return self.post(path, data=body, content_type=content_type, headers=headers or {})

    def create(self, name: str, data: bytes) -> dict[str, Any]:
        """The summary of a new workspace."""
        response = self.upload("/", name, data)
        assert response.status_code == 201, response.text
        return dict(response.get_json())
