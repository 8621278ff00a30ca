"""Sending one file: begun, or gone on with, until its last byte is safe."""

from collections.abc import Callable, Mapping
from threading import Lock

from filemanager.client.errors import FileChanged, Refused, Unreachable
from filemanager.client.folders.local_files import LocalFile, Slice
from filemanager.client.memory import Memory, Sending
from filemanager.client.uploads import Begun, Uploads

SMALL_BYTES = 1 << 20
"""Up to this size a file goes with the request that begins its upload."""

PIECE_BYTES = 64 << 20
"""Of a large file go with one request: services and what stands before them limit bodies."""

_OFFSET_CONFLICT = 409


class Sender:
    """Used by several threads. *count* is told bytes that were sent now, and had come before."""

    def __init__(
        self,
        uploads: Uploads,
        memory: Memory,
        metadata: Mapping[str, str],
        count: Callable[[int, int], None],
    ) -> None:
        self._uploads = uploads
        self._memory = memory
        self._remembering = Lock()
        self._metadata = metadata
        self._count = count

    def send(self, file: LocalFile) -> None:
        """Raises ``FileChanged`` where other bytes than those looked at may have been sent."""
        known = self._memory.sending.get(file.path)
        offset = self._uploads.offset(known.url) if known else None
        if known is None or offset is None:
            begun = self._begin(file)
            with self._remembering:
                self._memory.note(file.path, Sending(file.sha256, begun.url))
            url, offset = begun.url, begun.offset
        else:
            url = known.url
            self._count(0, offset)
        self._go_on(file, url, offset)
        file.ensure_same()

    def _begin(self, file: LocalFile) -> Begun:
        """Again and again, but never two uploads of one file in a batch."""
        failures = 0
        while True:
            try:
                return self._begun(file)
            except (Unreachable, Refused) as error:
                if isinstance(error, Refused) and not error.is_passing:
                    raise
                failures += 1
                self._uploads.patience.wait(failures, error)
                if found := self._lost(file):
                    return found

    def _begun(self, file: LocalFile) -> Begun:
        metadata = {**self._metadata, "path": file.path}
        if not 0 < file.size_bytes <= SMALL_BYTES:
            return self._uploads.begin(metadata, file.size_bytes)
        data = file.place.read_bytes()
        if len(data) != file.size_bytes:
            raise FileChanged(f"{file.place} was changed while it was sent. Push again.")
        begun = self._uploads.begin_whole(metadata, data, file.sha256)
        self._count(len(data), 0)
        return begun

    def _lost(self, file: LocalFile) -> Begun | None:
        """The upload that was begun though its answer was lost."""
        for upload in self._uploads.of_batch(self._metadata["batch"]):
            if upload.path == file.path:
                return Begun(upload.url, upload.received_bytes)
        return None

    def _go_on(self, file: LocalFile, url: str, offset: int) -> None:
        failures = 0
        while offset < file.size_bytes:
            try:
                offset = self._append(file, url, offset)
                failures = 0
            except (Unreachable, Refused) as error:
                if not _may_go_on(error):
                    raise
                failures += 1
                self._uploads.patience.wait(failures, error)
                come = self._uploads.offset(url)
                if come is None:
                    raise
                failures = failures if come <= offset else 0
                offset = come

    def _append(self, file: LocalFile, url: str, offset: int) -> int:
        stop = min(file.size_bytes, offset + PIECE_BYTES)
        with file.place.open("rb") as stream:
            body = Slice(stream, offset, stop, lambda count: self._count(count, 0))
            return self._uploads.append(url, offset, body)


def _may_go_on(error: Unreachable | Refused) -> bool:
    """An offset that is another one is asked for; every other refusal stands."""
    if isinstance(error, Unreachable) or error.is_passing:
        return True
    return error.status == _OFFSET_CONFLICT and error.code == "offset_conflict"
