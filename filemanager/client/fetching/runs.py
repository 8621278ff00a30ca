"""Runs: many small files that lie close together in ``content.tar.gz``, fetched by one range."""

import hashlib
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence

import requests

from filemanager.client.connection import BLOCK_BYTES, Connection
from filemanager.client.errors import ClientError, Damaged, Refused, Unreachable
from filemanager.client.folders.target_directory import TargetDirectory
from filemanager.client.values import ListedFile
from filemanager.client.workspaces import Workspaces

SMALL_BYTES = 1 << 20
"""A larger file is fetched by itself, and gone on with in its middle."""

_RUN_BYTES = 64 << 20
_GAP_BYTES = 16 << 10
"""Of files that are there already are fetched once more sooner than a run ends."""

_FEWEST = 8
"""Files of a run; fewer are fetched one by one, which the service needs no list of all for."""

_MOST_HEADER_BYTES = 16 << 10
_BLOCK = 512

Run = Sequence[ListedFile]


def runs_of(wanted: Sequence[ListedFile]) -> tuple[Sequence[Run], Sequence[ListedFile]]:
    """The runs, and the files that are to be fetched one by one."""
    small = [file for file in wanted if file.size_bytes <= SMALL_BYTES]
    alone = [file for file in wanted if file.size_bytes > SMALL_BYTES]
    runs = list[Run]()
    for group in _groups(small):
        if len(group) < _FEWEST:
            alone += group
        else:
            runs.append(group)
    return runs, alone


def _groups(small: Sequence[ListedFile]) -> Iterator[list[ListedFile]]:
    group = list[ListedFile]()
    for file in small:
        if group and not _belongs(file, group):
            yield group
            group = []
        group.append(file)
    if group:
        yield group


def _belongs(file: ListedFile, group: Run) -> bool:
    is_near = file.start - group[-1].stop <= _GAP_BYTES
    return is_near and file.stop - group[0].start <= _RUN_BYTES


class RunFetcher:
    """Used by several threads. *tag* is the ETag of the content that the files were listed of;
    *count* is told bytes of files that came.
    """

    def __init__(
        self,
        connection: Connection,
        workspaces: Workspaces,
        place: tuple[int, str],
        count: Callable[[int, int], None],
    ) -> None:
        self._connection = connection
        self._workspaces = workspaces
        self._workspace, self._tag = place
        self._count = count

    def fetch(self, run: Run, target: TargetDirectory) -> None:
        """Each file is a complete part of *target* as soon as its bytes are verified.

        Raises ``Damaged`` for other bytes than promised, and ``ClientError``.
        """
        left = deque(run)
        self._connection.patiently(lambda: self._go_on(left, target))

    def _go_on(self, left: deque[ListedFile], target: TargetDirectory) -> None:
        with self._answer(left[0].start, left[-1].stop) as response:
            is_part = response.status_code == requests.codes.partial_content
            pieces = _Pieces(response, left[0].start if is_part else 0)
            while left:
                file = left[0]
                self._keep(file, pieces.take(file.start, file.stop), target)
                left.popleft()

    def _keep(self, file: ListedFile, packed: bytes, target: TargetDirectory) -> None:
        data = _inflated(file, packed)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise Damaged(f"The bytes of {file.path} are not those of its SHA-256. Fetch it again.")
        with target.part(file.path, file.sha256) as part:
            part.cut(0)
            part.write(data)
            part.complete()
        self._count(len(data), 0)

    def _answer(self, start: int, stop: int) -> requests.Response:
        try:
            return self._workspaces.open_content(self._workspace, self._tag, start, stop)
        except Refused as refused:
            if refused.status == requests.codes.precondition_failed:
                raise ClientError("The files have changed meanwhile. Pull again.") from refused
            raise


class _Pieces:
    """Bytes of an answer that begins at the offset *at*, taken in their order."""

    def __init__(self, response: requests.Response, at: int) -> None:
        self._blocks = response.iter_content(BLOCK_BYTES)
        self._held = bytearray()
        self._at = at

    def take(self, start: int, stop: int) -> bytes:
        """Those before *start* are passed over. Raises ``Unreachable`` where they break off."""
        while self._at + len(self._held) < stop:
            self._held += self._next()
            self._drop(min(len(self._held), max(0, start - self._at)))
        self._drop(max(0, start - self._at))
        taken = bytes(self._held[: stop - start])
        self._drop(stop - start)
        return taken

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self._at += count

    def _next(self) -> bytes:
        try:
            block: bytes = next(self._blocks, b"")
        except requests.RequestException as error:
            raise Unreachable("The bytes of the files broke off.") from error
        if not block:
            raise Unreachable("The bytes of the files broke off.")
        return block


def _inflated(file: ListedFile, packed: bytes) -> bytes:
    """The bytes of a file from its part of the archive, never more than it may have.

    Behind its header they end with zeros up to a whole block.
    """
    padding = -file.size_bytes % _BLOCK
    most = _MOST_HEADER_BYTES + file.size_bytes + padding
    try:
        tar = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
    except zlib.error:
        return b""
    end = len(tar) - padding
    return tar[max(0, end - file.size_bytes) : end]
