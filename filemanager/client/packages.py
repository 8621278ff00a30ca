"""Pushing packages: files into a repository, all in one push or none."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock

from filemanager.client.crowd import each
from filemanager.client.errors import ClientError, Refused
from filemanager.client.folders.local_files import local_file
from filemanager.client.memory import Memory
from filemanager.client.sending import Sender
from filemanager.client.uploads import Uploads
from filemanager.client.watching import Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageWish:
    """``product`` is what files of a repository for apt lie under."""

    repository: str
    files: Sequence[Path]
    product: str | None = None
    threads: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedPackages:
    repository: str
    sent_files: int
    sent_bytes: int


class PackagePush:
    def __init__(self, uploads: Uploads, wish: PackageWish, watcher: Watcher) -> None:
        self._uploads = uploads
        self._wish = wish
        self._watcher = watcher
        self._sent_bytes = 0
        self._counting = Lock()

    def run(self) -> PushedPackages:
        """Raises ``ClientError``; then nothing is in the repository that was not there before."""
        wish = self._wish
        self._watcher.begin("reading", None)
        files = [local_file(place, place.name, self._watcher.advance) for place in wish.files]
        batch = uuid.uuid4().hex
        # Nothing is remembered: what was broken off is swept by the service.
        sender = Sender(self._uploads, Memory(BytesIO()), self._metadata(batch), self._count)
        self._watcher.begin("sending", sum(file.size_bytes for file in files))
        each(sender.send, files, wish.threads)
        self._receive(batch)
        return PushedPackages(
            repository=wish.repository, sent_files=len(files), sent_bytes=self._sent_bytes
        )

    def _metadata(self, batch: str) -> dict[str, str]:
        product = {} if self._wish.product is None else {"product": self._wish.product}
        return {"repository": self._wish.repository, "batch": batch, **product}

    def _receive(self, batch: str) -> None:
        self._watcher.begin("receiving", None)
        try:
            self._uploads.receive(batch, lambda _: None)
        except Refused as refused:
            # Each of them was refused with the one that is wrong, which the words name.
            told = {one.error for one in self._uploads.of_batch(batch) if one.error}
            if told:
                raise ClientError("\n".join(sorted(told))) from refused
            raise

    def _count(self, sent: int, gone_on: int) -> None:
        with self._counting:
            self._sent_bytes += sent
        self._watcher.advance(sent + gone_on)
