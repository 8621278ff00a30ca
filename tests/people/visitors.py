"""People who use the bucket, in tests."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from builders.papers import a_token


@dataclass(frozen=True)
class Visitor:
    """Somebody with a token, or without one, who asks the bucket door by a program."""

    client: FlaskClient
    token: str | None
    prefix: str = "/bucket"

    def call(self, method: str, path: str, **sent: Any) -> TestResponse:
        authorization = {} if self.token is None else {"Authorization": self.token}
        headers = {"Accept": "application/json", **authorization, **sent.pop("headers", {})}
        return self.client.open(f"{self.prefix}/{path}", method=method, headers=headers, **sent)

    def get(self, path: str, **sent: Any) -> TestResponse:
        return self.call("GET", path, **sent)

    def head(self, path: str, **sent: Any) -> TestResponse:
        return self.call("HEAD", path, **sent)

    def delete(self, path: str, **sent: Any) -> TestResponse:
        return self.call("DELETE", path, **sent)

    def send(
        self, files: Mapping[str, bytes], path: str = "upload", **headers: str
    ) -> TestResponse:
        """Upload *files* by their names, each in a part ``file``."""
        body, content_type = a_form(files)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", path, data=body, content_type=content_type, headers=named)

    def keep(self, name: str, data: bytes, **headers: str) -> dict[str, Any]:
        """The answer to an upload of one file."""
        response = self.send({name: data}, **headers)
        assert response.status_code == 200, response.text
        return dict(response.get_json())


def a_form(files: Mapping[str, bytes], field: str = "file") -> tuple[bytes, str]:
    """The body of a form and its type."""
    parts = [(field, FileStorage(io.BytesIO(data), name, field)) for name, data in files.items()]
    boundary, body = encode_multipart(MultiDict(parts))
    return body, f'multipart/form-data; boundary="{boundary}"'


def a_visitor(client: FlaskClient, user_id: str, *scopes: str, prefix: str = "/bucket") -> Visitor:
    return Visitor(client, a_token(user_id, *scopes), prefix)


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def sharded(kind: str, checksum: str) -> str:
    return f"{kind}/{checksum[:2]}/{checksum[2:4]}/{checksum}"
