"""Resumable uploads by tus 1.0, and batches of them that are received together."""

import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from filemanager.client.answers import header_in
from filemanager.client.asking import await_job, name_below
from filemanager.client.connection import Ask, Connection, Readable
from filemanager.client.errors import Refused
from filemanager.client.values import Json

_TUS = "/uploads/tus"
_VERSION = {"Tus-Resumable": "1.0.0"}
_BYTES = {**_VERSION, "Content-Type": "application/offset+octet-stream"}
_MOST_DIGESTS = 20_000
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass(frozen=True, slots=True)
class Begun:
    """``url`` is a path of the service."""

    url: str
    offset: int


@dataclass(frozen=True, slots=True)
class Became:
    """A file under the path that was ``sent``, and what it is now; None: nothing is left of it.

    ``sent_sha256`` None: it was a parcel by itself.
    """

    sent: str
    sent_sha256: str | None
    path: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload on its way, or over. ``error`` says why it was refused."""

    id: str
    path: str
    state: str
    size_bytes: int | None
    received_bytes: int
    error: str | None
    revision: int | None
    """Of the workspace that received it."""
    changed: Sequence[Became]
    """What checks made of its files, as far as they are not what was sent."""

    @property
    def url(self) -> str:
        return f"/uploads/tus/{self.id}"


class Uploads:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.patience = connection.patience

    def begin(self, metadata: Mapping[str, str], size_bytes: int) -> Begun:
        """Begin an upload; not tried again, since the answer may be what was lost."""
        headers = {**_VERSION, **_about(metadata, size_bytes)}
        return self._begun(Ask(method="POST", path=_TUS, headers=headers))

    def begin_whole(self, metadata: Mapping[str, str], body: bytes, sha256: str) -> Begun:
        """``begin`` with all the bytes in the same request, verified by the service."""
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        headers = {**_BYTES, **_about(metadata, len(body)), "Upload-Checksum": f"sha256 {checksum}"}
        return self._begun(Ask(method="POST", path=_TUS, headers=headers, body=body))

    def offset(self, url: str) -> int | None:
        """How many bytes have come; None: there is no such upload any more."""
        try:
            response = self._connection.ask(Ask(method="HEAD", path=url, headers=_VERSION))
        except Refused as refused:
            if refused.status in _GONE:
                return None
            raise
        return int(header_in(response, "Upload-Offset"))

    def append(self, url: str, offset: int, body: Readable) -> int:
        """Append bytes once, and return the offset behind them."""
        headers = {**_BYTES, "Upload-Offset": str(offset)}
        asked = Ask(method="PATCH", path=url, headers=headers, body=body)
        return int(header_in(self._connection.once(asked), "Upload-Offset"))

    def known(self, sha256s: Collection[str]) -> set[str]:
        """Those whose bytes the service has, where the token may read them: they need no sending.

        Asked in one question for as many as it takes at once.
        """
        wanted = sorted(set(sha256s))
        found = set[str]()
        for first in range(0, len(wanted), _MOST_DIGESTS):
            sent = {"sha256": wanted[first : first + _MOST_DIGESTS]}
            asked = Ask(method="POST", path="/uploads/known", json=sent)
            found.update(self._connection.told(asked)["sha256"])
        return found

    def give_up(self, url: str) -> None:
        """Forget an upload; one that is gone is no error."""
        try:
            self._connection.ask(Ask(method="DELETE", path=url, headers=_VERSION))
        except Refused as refused:
            if refused.status not in _GONE:
                raise

    def of_batch(self, batch: str) -> Sequence[Upload]:
        """Empty for an unknown batch."""
        try:
            told = self._connection.told(Ask(method="GET", path=f"/uploads/batches/{batch}"))
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                return ()
            raise
        return [_upload_from(one) for one in told["uploads"]]

    def receive(self, batch: str, watch: Callable[[int], None]) -> None:
        """Have all uploads of a batch received in one revision, and wait until they are.

        *watch* is told how far a long reception is, 0 to 100. Raises ``Refused`` where they are
        not taken; the same call may be made again.
        """
        asked = Ask(method="POST", path=f"/uploads/batches/{batch}:receive")
        response = self._connection.ask(asked)
        await_job(self._connection, asked, response, watch)

    def _begun(self, ask: Ask) -> Begun:
        response = self._connection.once(ask)
        name = name_below(f"{_TUS}/", ask, response)
        return Begun(f"{_TUS}/{name}", int(header_in(response, "Upload-Offset")))


def _about(metadata: Mapping[str, str], size_bytes: int) -> Mapping[str, str]:
    pairs = (
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items()
    )
    return {"Upload-Length": str(size_bytes), "Upload-Metadata": ",".join(pairs)}


def _upload_from(told: Json) -> Upload:
    error, result = told["error"], told["result"] or {}
    return Upload(
        id=told["id"],
        path=told["path"],
        state=told["state"],
        size_bytes=told["size_bytes"],
        received_bytes=told["received_bytes"],
        error=error and f"{error['detail']} ({error['code']})",
        revision=result.get("revision"),
        changed=[_became_from(one) for one in result.get("changed", [result] * ("sent" in result))],
    )


def _became_from(told: Json) -> Became:
    return Became(told["sent"], told.get("sent_sha256"), told.get("path"), told.get("sha256"))
