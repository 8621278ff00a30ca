"""People who ask the rawstore door, with the tokens of its own auth server."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from filemanager.settings.rawstore import RawstoreSettings

SIGNING = rsa.generate_private_key(65537, 2048)
PUBLIC_PEM = SIGNING.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DOOR = "/rawstore"
PERMISSIONS = {"max_public_storage_mb": 10, "max_private_storage_mb": 1}


def door_settings(**variables: str) -> dict[str, RawstoreSettings]:
    """Settings of the door by their variables; unless told otherwise, it knows the key above."""
    known = {"DATAHUB_PUBLIC_KEY": PUBLIC_PEM.decode()}
    return {"rawstore": RawstoreSettings.model_validate({**known, **variables})}


def claims(user: str, **changed: Any) -> dict[str, Any]:
    """Good for an hour; with *changed* claims, those of None left out."""
    exp = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
    made = {"userid": user, "permissions": PERMISSIONS, "service": "rawstore", "exp": exp}
    return {name: value for name, value in {**made, **changed}.items() if value is not None}


def datahub_token(user: str = "alice", **changed: Any) -> str:
    return jwt.encode(claims(user, **changed), SIGNING, algorithm="RS256")


def md5_of(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def entry(data: bytes, **more: Any) -> dict[str, Any]:
    """A file as ``authorize`` is told of it; values of None are left out."""
    made = {"length": len(data), "md5": md5_of(data), "type": "text/csv", **more}
    return {name: value for name, value in made.items() if value is not None}


def worded(message: str) -> dict[str, Any]:
    """A refusal, as the door words it."""
    return {"error": {"message": message}, "reason": message}


def deposit(
    files: Mapping[str, Any], owner: str = "alice", dataset: str | None = "ds", **more: Any
) -> dict[str, Any]:
    return {"metadata": {"owner": owner, "dataset": dataset, **more}, "filedata": dict(files)}


@dataclass(frozen=True)
class Depositor:
    """Somebody with a token, or without one, and what they do in a line."""

    client: FlaskClient
    user: str
    token: str | None

    def get(self, path: str, **sent: Any) -> TestResponse:
        return self.client.get(f"{DOOR}{path}", headers=self._headers(sent), **sent)

    def post(self, path: str, **sent: Any) -> TestResponse:
        return self.client.post(f"{DOOR}{path}", headers=self._headers(sent), **sent)

    def authorize(self, body: Any) -> TestResponse:
        return self.post("/authorize", data=json.dumps(body))

    def form(self, path: str, data: bytes, **more: Any) -> dict[str, Any]:
        """The entry of one file that was authorised."""
        metadata = {name: more.pop(name) for name in ("findability", "flow_id") if name in more}
        body = deposit({path: entry(data, **more)}, self.user, **metadata)
        response = self.authorize(body)
        assert response.status_code == 200, response.text
        return dict(response.get_json()["filedata"][path])

    def send(self, form: Mapping[str, Any], data: bytes, **changed: str) -> TestResponse:
        """Post *data* by the form, with *changed* fields; no token goes with it."""
        file = FileStorage(BytesIO(data), "file", "file")
        boundary, body = encode_multipart({**form["upload_query"], **changed, "file": file})
        content_type = f"multipart/form-data; boundary={boundary}"
        return self.client.post(form["upload_url"], data=body, content_type=content_type)

    def push(self, path: str, data: bytes, **more: Any) -> str:
        """Authorise and post a file; returns its plain URL."""
        form = self.form(path, data, **more)
        sent = self.send(form, data)
        assert sent.status_code == 204, sent.text
        return f"{form['upload_url']}/{form['upload_query']['key']}"

    def presign(self, url: str, **more: str) -> TestResponse:
        return self.get("/presign", query_string={"url": url, **more})

    def _headers(self, sent: dict[str, Any]) -> dict[str, str]:
        token = {} if self.token is None else {"Auth-Token": self.token}
        return {**token, **sent.pop("headers", {})}
