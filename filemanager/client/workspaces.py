"""Workspaces: made, looked at, changed by a call."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

import requests

from filemanager.client.asking import pages, post_once
from filemanager.client.connection import Ask, Connection
from filemanager.client.values import (
    Change,
    Checkpoint,
    Entry,
    Finding,
    LogLine,
    Workspace,
    change_from,
    checkpoint_from,
    entry_from,
    finding_from,
    log_line_from,
    workspace_from,
)

_ALL = "/filemanager/api/v2/workspaces"


class Workspaces:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, *, name: str | None = None, profile: str | None = None) -> Workspace:
        """Make an empty workspace; exactly one, however often the connection breaks."""
        wishes = {"name": name, "profile": profile}
        sent = {key: value for key, value in wishes.items() if value is not None}
        return workspace_from(post_once(self._connection, _ALL, sent))

    def get(self, workspace: int) -> Workspace:
        return workspace_from(self._get(_path(workspace)).json())

    def list(self) -> Iterator[Workspace]:
        """The token's own, oldest first."""
        for page in pages(self._connection, _ALL):
            yield from map(workspace_from, page["workspaces"])

    def entries(self, workspace: int) -> Iterator[Entry]:
        """Source, then ancillary files, of one revision."""
        revision = str(self.get(workspace).revision)
        for page in pages(self._connection, f"{_path(workspace)}/entries", revision=revision):
            yield from map(entry_from, page["entries"])

    def findings(self, workspace: int, severity: str | None = None) -> Sequence[Finding]:
        """What the checks say, and advice to the author."""
        query = {"severity": severity} if severity else {}
        told = self._get(f"{_path(workspace)}/findings", query).json()
        return [finding_from(one) for one in told["findings"]]

    def changes(self, workspace: int) -> Sequence[Change]:
        """What checks removed, renamed, rewrote and unpacked in the last upload."""
        told = self._get(f"{_path(workspace)}/changes").json()
        return [change_from(one) for one in told["changes"]]

    def remove(self, workspace: int, path: str) -> Workspace:
        """Delete a file, or with a closing slash a directory; it can be brought back."""
        gone = Ask(method="DELETE", path=f"{_path(workspace)}/files/{quote(path)}")
        return workspace_from(self._connection.ask(gone).json())

    def checkpoint(
        self, workspace: int, *, name: str | None = None, description: str | None = None
    ) -> Checkpoint:
        """Name the present state; once, however often the connection breaks."""
        wishes = {"name": name, "description": description}
        sent = {key: value for key, value in wishes.items() if value is not None}
        return checkpoint_from(post_once(self._connection, f"{_path(workspace)}/checkpoints", sent))

    def log(self, workspace: int) -> Iterator[LogLine]:
        """Oldest first."""
        for page in pages(self._connection, f"{_path(workspace)}/log"):
            yield from map(log_line_from, page["lines"])

    def open_file(self, workspace: int, entry: Entry, start: int) -> requests.Response:
        """The bytes of a file from *start* on, to be read and closed; 206 where that is not 0.

        Raises ``Refused`` with 412 where the file is another one by now.
        """
        headers = {"If-Match": f'"{entry.sha256}"', "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        path = f"{_path(workspace)}/files/{quote(entry.path)}"
        asked = Ask(method="GET", path=path, headers=headers, is_streamed=True)
        return self._connection.ask(asked)

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> requests.Response:
        return self._connection.ask(Ask(method="GET", path=path, query=query or {}))


def _path(workspace: int) -> str:
    return f"{_ALL}/{workspace}"
