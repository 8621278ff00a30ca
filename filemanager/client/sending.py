"""Sending one parcel: begun, or gone on with, until its last byte is safe."""

from collections.abc import Callable, Mapping
from threading import Lock

from filemanager.client.errors import FileChanged, Refused, Unreachable
from filemanager.client.folders.local_files import LocalFile, Parcel
from filemanager.client.memory import Memory, Sending
from filemanager.client.uploads import Begun, Uploads

WHOLE_BYTES = 1 << 20
"""Up to this size a file by itself goes with the request that begins its upload."""

PIECE_BYTES = 64 << 20
"""Of a large parcel go with one request: services and what stands before them limit bodies."""

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

    def send(self, parcel: Parcel) -> None:
        """Raises ``FileChanged`` where other bytes than those looked at may have been sent."""
        known = self._memory.sending.get(parcel.path)
        offset = self._uploads.offset(known.url) if known else None
        if known is None or offset is None:
            begun = self._begin(parcel)
            with self._remembering:
                self._memory.note(parcel.path, Sending(parcel.sha256, begun.url))
            url, offset = begun.url, begun.offset
        else:
            url = known.url
            self._count(0, parcel.content_bytes(0, offset))
        self._go_on(parcel, url, offset)
        parcel.ensure_same()

    def _begin(self, parcel: Parcel) -> Begun:
        """Again and again, but never two uploads of one parcel in a batch."""
        failures = 0
        while True:
            try:
                return self._begun(parcel)
            except (Unreachable, Refused) as error:
                if isinstance(error, Refused) and not error.is_passing:
                    raise
                failures += 1
                self._uploads.patience.wait(failures, error)
                if found := self._lost(parcel):
                    return found

    def _begun(self, parcel: Parcel) -> Begun:
        metadata = {**self._metadata, **parcel.metadata}
        if not isinstance(parcel, LocalFile) or not 0 < parcel.size_bytes <= WHOLE_BYTES:
            # A refusal of what is to come is heard before it is sent.
            return self._uploads.begin(metadata, parcel.size_bytes)
        data = parcel.place.read_bytes()
        if len(data) != parcel.size_bytes:
            raise FileChanged(f"{parcel.place} was changed while it was sent. Push again.")
        begun = self._uploads.begin_whole(metadata, data, parcel.sha256)
        self._count(len(data), 0)
        return begun

    def _lost(self, parcel: Parcel) -> Begun | None:
        """The upload that was begun though its answer was lost."""
        for upload in self._uploads.of_batch(self._metadata["batch"]):
            if upload.path == parcel.path:
                return Begun(upload.url, upload.received_bytes)
        return None

    def _go_on(self, parcel: Parcel, url: str, offset: int) -> None:
        failures = 0
        while offset < parcel.size_bytes:
            try:
                offset = self._append(parcel, url, offset)
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

    def _append(self, parcel: Parcel, url: str, offset: int) -> int:
        at, stop = offset, min(parcel.size_bytes, offset + PIECE_BYTES)

        def watch(count: int) -> None:
            nonlocal at
            self._count(parcel.content_bytes(at, at + count), 0)
            at += count

        with parcel.body(offset, stop, watch) as body:
            return self._uploads.append(url, offset, body)


def _may_go_on(error: Unreachable | Refused) -> bool:
    """An offset that is another one is asked for; every other refusal stands."""
    if isinstance(error, Unreachable) or error.is_passing:
        return True
    return error.status == _OFFSET_CONFLICT and error.code == "offset_conflict"
