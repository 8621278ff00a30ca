"""Somebody who uploads by tus, in tests of the API."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from people.following import led_to

MEDIA = "application/offset+octet-stream"
TUS = "/uploads/tus"


def metadata(values: Mapping[str, object]) -> str:
    pairs = ((key, base64.b64encode(str(value).encode()).decode()) for key, value in values.items())
    return ",".join(f"{key} {value}" for key, value in pairs)


@dataclass(frozen=True)
class Uploader:
    """``workspace`` is where uploads go unless something else is said."""

    client: FlaskClient
    token: str | None
    workspace: int = 0

    def call(self, method: str, path: str, data: bytes = b"", /, **headers: str) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent["Authorization"] = self.token
        return self.client.open(path, method=method, data=data, headers=sent)

    def tus(self, method: str, path: str, data: bytes = b"", /, **headers: str) -> TestResponse:
        return self.call(method, path, data, **{"Tus_Resumable": "1.0.0", **headers})

    def create(self, size: int | None, name: str = "a.txt", **more: Any) -> TestResponse:
        wanted = {"workspace": self.workspace, "filename": name, **more}
        length = {"Upload_Defer_Length": "1"} if size is None else {"Upload_Length": str(size)}
        return self.tus("POST", TUS, Upload_Metadata=metadata(wanted), **length)

    def begin(self, size: int | None, name: str = "a.txt", **more: Any) -> str:
        """The URL of a new upload."""
        made = self.create(size, name, **more)
        assert made.status_code == 201, made.text
        return led_to(made)

    def part(self, data: bytes) -> str:
        """The URL of a whole part of another upload."""
        made = self.tus("POST", TUS, Upload_Concat="partial", Upload_Length=str(len(data)))
        assert self.append(led_to(made), 0, data).status_code == 204
        return led_to(made)

    def append(self, url: str, offset: int, data: bytes, **headers: str) -> TestResponse:
        sent = {"Upload_Offset": str(offset), "Content_Type": MEDIA, **headers}
        return self.tus("PATCH", url, data, **sent)

    def send(self, data: bytes, name: str = "a.txt", **more: Any) -> TestResponse:
        """Begin an upload and send all of it; returns the answer to the last byte."""
        return self.append(self.begin(len(data), name, **more), 0, data)

    def look(self, url: str) -> TestResponse:
        return self.tus("HEAD", url)

    def offset(self, url: str) -> str | None:
        return self.look(url).headers.get("Upload-Offset")

    def state(self, url: str) -> dict[str, Any]:
        """What ``GET /uploads/<id>`` shows."""
        return dict(self.call("GET", url.replace(TUS, "/uploads")).get_json())

    def files(self) -> dict[str, bytes]:
        base = f"/filemanager/api/v2/workspaces/{self.workspace}"
        listed = self.call("GET", f"{base}/entries").get_json()["entries"]
        paths = [entry["path"] for entry in listed]
        return {path: self.call("GET", f"{base}/files/{path}").data for path in paths}


def refusal(response: TestResponse) -> tuple[int, str]:
    """The status and the code, of an answer that speaks tus all the same."""
    assert response.mimetype == "application/problem+json", response.text
    return response.status_code, response.get_json()["code"]
