"""Somebody who was invited to hand in files, in tests of the API."""

from dataclasses import dataclass
from typing import Any, Self

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from people.following import led_to
from people.tus_uploader import MEDIA, metadata


@dataclass(frozen=True)
class HandingGuest:
    """``place`` is his own path, with a slash at both ends."""

    client: FlaskClient
    place: str

    @classmethod
    def come(cls, client: FlaskClient, slug: str, **knock: Any) -> Self:
        begun = client.post(f"/u/{slug}", json=knock)
        assert begun.status_code == 201, begun.text
        return cls(client, begun.get_json()["base"])

    def call(self, method: str, path: str = "", **sent: Any) -> TestResponse:
        return self.client.open(f"{self.place}{path}", method=method, **sent)

    def get(self, path: str = "") -> TestResponse:
        return self.call("GET", path)

    def tus(self, method: str, path: str, data: bytes = b"", **headers: str) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Tus-Resumable": "1.0.0", **sent}
        return self.client.open(path, method=method, data=data, headers=headers)

    def create(self, size: int, path: str = "a.txt", **more: Any) -> TestResponse:
        told = metadata({"path": path, **more})
        url = f"{self.place}uploads/tus"
        return self.tus("POST", url, Upload_Metadata=told, Upload_Length=str(size))

    def begin(self, size: int, path: str = "a.txt", **more: Any) -> str:
        made = self.create(size, path, **more)
        assert made.status_code == 201, made.text
        return led_to(made)

    def append(self, url: str, offset: int, data: bytes) -> TestResponse:
        return self.tus("PATCH", url, data, Upload_Offset=str(offset), Content_Type=MEDIA)

    def send(self, data: bytes, path: str = "a.txt", **more: Any) -> TestResponse:
        return self.append(self.begin(len(data), path, **more), 0, data)

    def paths(self) -> list[str]:
        return [one["path"] for one in self.get("files").get_json()["files"]]
