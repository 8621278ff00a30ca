"""People and programs who fill repositories, in tests."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse, encode_multipart

PASSWORD = "correct horse"
HASH = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")

CONFIGURATION: dict[str, Any] = {
    "model": {
        "supported_repos": {
            "repo_kind": ["live", "release"],
            "tarantool_series": ["2.8", "2.9", "modules"],
            "enabled": ["2.8", "2.9"],
            "distrs": {
                "ubuntu": {"base": "deb", "versions": ["focal", "jammy"]},
                "el": {"base": "rpm", "versions": ["8", "9"]},
            },
        }
    },
    "anchors": {"tools": ["live/2.8/", "release/modules"], "both": ["8", "9"]},
}


def door_settings(**changed: Any) -> dict[str, Any]:
    """Settings of an application whose repositories are those of ``CONFIGURATION``."""
    given = {
        "rws_cfg": CONFIGURATION,
        "rws_credentials": {"rws": HASH},
        "repositories_unsigned": True,
    }
    return {"repositories": {**given, **changed}}


def basic(name: str = "rws", password: str = PASSWORD) -> str:
    """The header of HTTP Basic."""
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


@dataclass(frozen=True)
class Pusher:
    """Somebody with a password or a token, or with neither."""

    client: FlaskClient
    authorization: str | None
    prefix: str = "/repositories"

    def call(self, method: str, path: str, **sent: Any) -> TestResponse:
        authorization = {} if self.authorization is None else {"Authorization": self.authorization}
        headers = {**authorization, **sent.pop("headers", {})}
        return self.client.open(f"{self.prefix}/{path}", method=method, headers=headers, **sent)

    def get(self, path: str, **sent: Any) -> TestResponse:
        return self.call("GET", path, **sent)

    def head(self, path: str, **sent: Any) -> TestResponse:
        return self.call("HEAD", path, **sent)

    def rebuild(self, path: str) -> TestResponse:
        return self.call("POST", path)

    def push(
        self, path: str, files: Mapping[str, bytes], product: str | None = None, **sent: Any
    ) -> TestResponse:
        """PUT *files*, each in a part that is called after it, as the clients of RWS do."""
        body, content_type = a_push(files, product)
        return self.call("PUT", path, data=body, content_type=content_type, **sent)


def a_push(files: Mapping[str, bytes], product: str | None = None) -> tuple[bytes, str]:
    """The body of a form and its type."""
    parts: list[tuple[str, Any]] = [] if product is None else [("product", product)]
    parts += [(name, FileStorage(io.BytesIO(data), name, name)) for name, data in files.items()]
    boundary, body = encode_multipart(MultiDict(parts))
    return body, f'multipart/form-data; boundary="{boundary}"'
