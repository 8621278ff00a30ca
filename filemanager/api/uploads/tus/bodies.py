"""The bytes of a tus request: streamed into an upload, or verified first."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from flask import request
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from filemanager.api.http.context import caller
from filemanager.api.uploads.door import door
from filemanager.api.uploads.tus.headers import MEDIA, Checksum, checksum
from filemanager.domain.blobs.blob import Content, hashed
from filemanager.domain.errors import Rejected
from filemanager.domain.ids import MAX_ID
from filemanager.domain.uploads.upload import Upload, UploadId
from filemanager.services.uploads.appending import SentBytes
from filemanager.services.uploads.resumable import UploadWish


class ChecksumMismatch(Rejected):
    """Answered with the status 460 of the protocol."""

    code = "checksum_mismatch"

    def __init__(self, algorithm: str) -> None:
        super().__init__(
            f"The bytes of the request do not have the {algorithm} that was sent with them, and do"
            " not count. Send them again."
        )


class _Broken(ConnectionError):
    """The client's connection ended, or stood still for too long, in the middle of the body."""


class _Body:
    """The request's body without a limit of its own: the upload has one."""

    def __init__(self) -> None:
        # None would be the limit of every other request.
        request.max_content_length = MAX_ID

    def read(self, size: int = -1) -> bytes:
        try:
            return request.stream.read(size)
        except (OSError, ClientDisconnected) as error:
            raise _Broken from error


def ensure_media() -> None:
    if request.mimetype != MEDIA:
        raise UnsupportedMediaType(f"Send the bytes as {MEDIA}.")


def appended(upload_id: UploadId, offset: int) -> Upload:
    """Append the body; what arrived before a break counts, unless it came with a checksum."""
    with _broken_off():
        return door().appending.append(caller(), upload_id, offset, _sent())


def begun_with_body(wish: UploadWish) -> Upload:
    """Begin an upload with the body as its first bytes, which count as those that are appended."""
    with _broken_off():
        return door().appending.begin(caller(), wish, _sent())


def _sent() -> SentBytes:
    wanted = checksum()
    verify = None if wanted is None else partial(_verify, wanted)
    return SentBytes(_Body(), request.content_length, verify)


@contextmanager
def _broken_off() -> Iterator[None]:
    try:
        yield
    except _Broken as broken:
        raise ClientDisconnected from broken


def _verify(wanted: Checksum, content: Content) -> None:
    if hashed(content, wanted.algorithm) != wanted.digest:
        raise ChecksumMismatch(wanted.algorithm)
