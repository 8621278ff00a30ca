"""Uploads that are put together of others, and how an upload lets go of all that it holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from filemanager.domain.blobs.blob import is_small
from filemanager.domain.ports import Transaction
from filemanager.domain.uploads.targets import PartTarget
from filemanager.domain.uploads.upload import (
    PartUnusable,
    Upload,
    UploadId,
    UploadIncomplete,
    UploadNotFound,
    UploadState,
)


def put_together(tx: Transaction, final: Upload, at: datetime) -> Upload:
    """*final* with the bytes of its parts, which are its own from now on and live as long as it.

    What was reserved for the parts is given back, to be reserved for *final*. Raises
    ``UploadNotFound`` for a part that is a stranger's or has expired, ``UploadIncomplete``, and
    ``PartUnusable`` for what is no part, or one of another upload already.
    """
    if len(set(final.parts)) < len(final.parts):
        raise PartUnusable
    # In the order of ids, so that two uploads of the same parts never wait for each other.
    parts = [_usable(tx.uploads.lock(part), final, at) for part in sorted(final.parts)]
    tx.uploads.save_all(
        [replace(part, state=UploadState.RECEIVING, expires_at=final.expires_at) for part in parts]
    )
    for part in parts:
        tx.quotas.release(part.reservation)
    size_bytes = sum(part.received_bytes for part in parts)
    return replace(
        final, size_bytes=size_bytes, received_bytes=size_bytes, state=UploadState.COMPLETE
    )


def _usable(part: Upload, final: Upload, at: datetime) -> Upload:
    if part.owner != final.owner or part.expires_at <= at:
        raise UploadNotFound
    if part.state is UploadState.OPEN:
        raise UploadIncomplete([str(part.id)])
    if not isinstance(part.target, PartTarget) or part.state is not UploadState.COMPLETE:
        raise PartUnusable
    return part


def let_go(tx: Transaction, uploads: Sequence[Upload]) -> list[str]:
    """Release what was reserved, and the rows of segments; returns the keys of their objects.

    Parts go altogether.
    """
    keys: list[str] = []
    for upload in uploads:
        keys += _dropped(tx, upload.id)
        for part in upload.parts:
            keys += _forget_part(tx, part)
    for reservation in sorted({upload.reservation for upload in uploads}):
        tx.quotas.release(reservation)
    return keys


def _forget_part(tx: Transaction, part: UploadId) -> Sequence[str]:
    keys = _dropped(tx, part)
    tx.uploads.delete(part)
    return keys


def _dropped(tx: Transaction, upload_id: UploadId) -> Sequence[str]:
    return [key for key in tx.uploads.drop_segments(upload_id) if not went_with_rows(tx, key)]


def went_with_rows(tx: Transaction, key: str) -> bool:
    """Delete an object that lies in a row; False where the store has it."""
    return is_small(key) and tx.small_packs.delete(key)
