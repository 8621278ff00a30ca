"""Workspaces: made, looked at, changed by a call."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

import requests

from filemanager.client.answers import header_in, told_in
from filemanager.client.asking import delete_once, if_match, pages, post_once, run_once
from filemanager.client.connection import Ask, Connection
from filemanager.client.errors import Refused
from filemanager.client.values import (
    Change,
    Checked,
    Entry,
    Finding,
    Json,
    ListedFile,
    LogLine,
    StoredFile,
    Workspace,
    change_from,
    entry_from,
    finding_from,
    log_line_from,
    workspace_from,
)

_ALL = "/filemanager/api/v2/workspaces"
_AS_IT_IS = {"Accept-Encoding": "identity"}


class Workspaces:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, *, name: str | None = None, profile: str | None = None) -> Workspace:
        """Make an empty workspace; exactly one, however often the connection breaks."""
        wishes = {"name": name, "profile": profile}
        sent = {key: value for key, value in wishes.items() if value is not None}
        return workspace_from(post_once(self._connection, _ALL, sent))

    def get(self, workspace: int) -> Workspace:
        return workspace_from(self._get(path_of(workspace)))

    def list(self) -> Iterator[Workspace]:
        """The token's own, oldest first."""
        for page in pages(self._connection, _ALL):
            yield from map(workspace_from, page["workspaces"])

    def entries(self, workspace: int, revision: int | None = None) -> Iterator[Entry]:
        """Source, then ancillary files, of one revision: the present one unless told."""
        if revision is None:
            revision = self.get(workspace).revision
        for page in pages(
            self._connection, f"{path_of(workspace)}/entries", revision=str(revision)
        ):
            yield from map(entry_from, page["entries"])

    def files(self, workspace: int, revision: int) -> Iterator[ListedFile]:
        """What ``entries`` lists, and no more than is needed to compare and to fetch them."""
        start: int | None = None
        path = f"{path_of(workspace)}/files"
        for page in pages(self._connection, path, revision=str(revision)):
            for told in page["files"]:
                first = page["first_at"] if start is None else start
                start = first + told["packed_bytes"]
                yield ListedFile(told["path"], told["sha256"], told["size_bytes"], first, start)

    def findings(self, workspace: int, severity: str | None = None) -> Sequence[Finding]:
        """What the checks say, and advice to the author."""
        query = {"severity": severity} if severity else {}
        told = self._get(f"{path_of(workspace)}/findings", query)
        return [finding_from(one) for one in told["findings"]]

    def changes(self, workspace: int) -> Sequence[Change]:
        """What checks removed, renamed, rewrote and unpacked in the last upload."""
        told = self._get(f"{path_of(workspace)}/changes")
        return [change_from(one) for one in told["changes"]]

    def check(
        self,
        workspace: int,
        *,
        revision: int | None = None,
        watch: Callable[[int], None] = lambda _: None,
    ) -> Checked:
        """Check every file again, as if all had just been sent; *watch* is told 0 to 100.

        Here and below: with *revision*, refused where the workspace is at another one.
        """
        run_once(self._connection, f"{path_of(workspace)}/check", if_match(revision), watch)
        found = self.get(workspace)
        return Checked(
            workspace,
            found.revision,
            found.readiness,
            self.findings(workspace),
            self.changes(workspace),
        )

    def lock(
        self,
        workspace: int,
        *,
        reason: str | None = None,
        expires_at: datetime | None = None,
        revision: int | None = None,
    ) -> Workspace:
        """Refuse changes of files, until unlocked or a moment; a lock that holds stays as it is."""
        until = expires_at and expires_at.isoformat()
        sent = {"reason": reason, "expires_at": until}
        return self._change(workspace, "/lock", sent, revision)

    def unlock(self, workspace: int, *, revision: int | None = None) -> Workspace:
        return self._change(workspace, "/unlock", {}, revision)

    def release(self, workspace: int, *, revision: int | None = None) -> Workspace:
        """Say that it is no longer needed; the service may delete it some time later."""
        return self._change(workspace, "/release", {}, revision)

    def unrelease(self, workspace: int, *, revision: int | None = None) -> Workspace:
        """Take the release back."""
        return self._change(workspace, "/unrelease", {}, revision)

    def delete(self, workspace: int, *, revision: int | None = None) -> None:
        """Delete it for good; only its log stays."""
        delete_once(self._connection, path_of(workspace), if_match(revision))

    def move(
        self, workspace: int, source: str, target: str, *, revision: int | None = None
    ) -> Workspace:
        """Rename a file, never over another."""
        sent = {"source": source, "target": target}
        return self._change(workspace, "/files:move", sent, revision)

    def remove(self, workspace: int, path: str) -> Workspace:
        """Delete a file, or with a closing slash a directory; it can be brought back."""
        response = delete_once(self._connection, _file(workspace, path))
        return self.get(workspace) if response is None else workspace_from(told_in(response))

    def undelete(
        self, workspace: int, path: str, *, change: str | None = None, revision: int | None = None
    ) -> Workspace:
        """Bring a deleted file back; with the id of a *change*, the bytes before that rewrite."""
        sent = {"path": path, "change": change}
        return self._change(workspace, "/files:undelete", sent, revision)

    def log(self, workspace: int) -> Iterator[LogLine]:
        """Oldest first."""
        for page in pages(self._connection, f"{path_of(workspace)}/log"):
            yield from map(log_line_from, page["lines"])

    def receipt(self, workspace: int) -> str:
        """The signed receipt of one that is locked or released, as ``verify`` takes it.

        Raises ``Refused`` with 409 where its files may still change.
        """
        asked = Ask(method="GET", path=f"{path_of(workspace)}/receipt.json")
        return self._connection.ask(asked).text

    def file(self, workspace: int, path: str) -> StoredFile:
        asked = Ask(method="HEAD", path=_file(workspace, path), headers=_AS_IT_IS)
        try:
            response = self._connection.ask(asked)
        except Refused:
            # The answer to a HEAD has no words.
            self._connection.ask(replace(asked, method="GET", is_streamed=True)).close()
            raise
        sha256 = header_in(response, "ETag").strip('"')
        return StoredFile(path, sha256, int(header_in(response, "Content-Length")))

    def open_file(self, workspace: int, file: StoredFile, start: int) -> requests.Response:
        """The bytes of a file from *start* on, to be read and closed; 206 where that is not 0.


        Asked for once: who reads has to be patient with what breaks off later too. Raises
        ``Refused`` with 412 where the file is another one by now.
        """
        headers = {"If-Match": f'"{file.sha256}"', **_AS_IT_IS}
        if start:
            headers["Range"] = f"bytes={start}-"
        path = _file(workspace, file.path)
        asked = Ask(method="GET", path=path, headers=headers, is_streamed=True)
        return self._connection.once(asked)

    def content_tag(self, workspace: int) -> str:
        """The ETag of ``content.tar.gz`` as it is now."""
        asked = Ask(method="HEAD", path=_content(workspace), headers=_AS_IT_IS)
        return header_in(self._connection.ask(asked), "ETag")

    def open_content(self, workspace: int, tag: str, start: int, stop: int) -> requests.Response:
        """Bytes ``[start, stop)`` of ``content.tar.gz``, to be read and closed; asked for once.

        The answer may have all bytes, and 200 then. Raises ``Refused`` with 412 where its ETag is
        another one than *tag* by now.
        """
        headers = {"If-Match": tag, "Range": f"bytes={start}-{stop - 1}", **_AS_IT_IS}
        path = _content(workspace)
        return self._connection.once(
            Ask(method="GET", path=path, headers=headers, is_streamed=True)
        )

    def _change(
        self, workspace: int, what: str, sent: Mapping[str, object], revision: int | None
    ) -> Workspace:
        """Once, however often the connection breaks."""
        wishes = {key: value for key, value in sent.items() if value is not None}
        path = f"{path_of(workspace)}{what}"
        return workspace_from(post_once(self._connection, path, wishes, if_match(revision)))

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        return self._connection.told(Ask(method="GET", path=path, query=query or {}))


def path_of(workspace: int) -> str:
    return f"{_ALL}/{workspace}"


def _file(workspace: int, path: str) -> str:
    return f"{path_of(workspace)}/files/{quote(path)}"


def _content(workspace: int) -> str:
    return f"{path_of(workspace)}/content.tar.gz"
