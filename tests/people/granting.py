"""People who send files by grants, in tests: to a directory's own URLs, or to a real store."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from filemanager.domain.ids import digest_of

GRANTS = "/uploads/grants"
V2 = "/filemanager/api/v2/workspaces"
DIRECT = "/uploads/direct/"
SECONDS = 60


def a_file(path: str = "a.txt", data: bytes = b"hello", **more: object) -> dict[str, object]:
    return {"path": path, "size": len(data), "sha256": digest_of(data), **more}


def put_to(client: FlaskClient, leave: dict[str, Any], data: bytes, **headers: str) -> int:
    """The status that bytes are answered with where *leave* says, without a token."""
    given = {**leave["headers"], **headers}
    if urlsplit(leave["url"]).path.startswith(DIRECT):
        path = urlsplit(leave["url"]).path
        # The length of the body is told by whoever sends it, whatever was asked for.
        del given["Content-Length"]
        return client.put(path, data=data, headers=given).status_code
    del given["Content-Length"]
    return requests.put(leave["url"], data=data, headers=given, timeout=SECONDS).status_code


@dataclass(frozen=True)
class Sender:
    """Somebody who sends files by grants to one workspace."""

    client: FlaskClient
    token: str | None
    workspace: int

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        authorization = {} if self.token is None else {"Authorization": self.token}
        headers = {**authorization, **sent.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **sent)

    def begin(self, *files: dict[str, object], **more: object) -> TestResponse:
        """By default of one small file."""
        body = {"workspace": self.workspace, "files": list(files) or [a_file()], **more}
        return self.ask("POST", GRANTS, json=body)

    def begun(self, *files: dict[str, object], **more: object) -> dict[str, Any]:
        response = self.begin(*files, **more)
        assert response.status_code == 201, response.text
        return dict(response.get_json())

    def put(self, file: dict[str, Any], data: bytes, **headers: str) -> int:
        return put_to(self.client, file["put"], data, **headers)

    def sent(self, files: dict[str, bytes]) -> str:
        """The path of a grant whose files have all been put."""
        grant = self.begun(*(a_file(path, data) for path, data in files.items()))
        for file in grant["files"]:
            assert self.put(file, files[file["path"]]) == 200
        return f"{GRANTS}/{grant['id']}"

    def part(self, grant: str, number: int, **more: object) -> dict[str, Any]:
        """A URL for a part of the grant's first file."""
        body = {"parts": [{"number": number, **more}]}
        asked = self.ask("POST", f"{GRANTS}/{grant}/files/0/parts", json=body)
        assert asked.status_code == 200, asked.text
        (part,) = asked.get_json()["parts"]
        return dict(part)

    def complete(self, path: str, **sent: Any) -> TestResponse:
        return self.ask("POST", f"{path}:complete", **sent)

    @property
    def files(self) -> dict[str, bytes]:
        listed = self.ask("GET", f"{V2}/{self.workspace}/entries").get_json()["entries"]
        paths = [entry["path"] for entry in listed]
        return {path: self.ask("GET", f"{V2}/{self.workspace}/files/{path}").data for path in paths}

    @property
    def revision(self) -> int:
        return int(self.ask("GET", f"{V2}/{self.workspace}").get_json()["revision"])


def a_sender(client: FlaskClient, token: str, **workspace: object) -> Sender:
    """Whoever has the token, at a new workspace of theirs; nothing is removed from it."""
    asked = {"profile": "generic", **workspace}
    made = client.post(V2, json=asked, headers={"Authorization": token})
    assert made.status_code == 201, made.text
    return Sender(client, token, int(made.get_json()["id"]))
