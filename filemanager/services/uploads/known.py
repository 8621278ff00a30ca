"""Bytes that are in the store already, for those who may read them anyway."""

from collections.abc import Collection, Mapping, Sequence

from filemanager.domain.blobs.blob import Content, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.uploads.grant import reader_of
from filemanager.domain.uploads.upload import Upload, UploadId, UploadIncomplete, name_of


def readable_blobs(
    tx: Transaction, caller: Caller, digests: Collection[Digest]
) -> Mapping[Digest, StoredBlob]:
    """Those that *caller* could download: to know a digest opens nothing."""
    readable = tx.uploads.readable(digests, reader_of(caller)) if digests else ()
    return tx.blobs.find(readable) if readable else {}


def known_contents(
    database: Database, blobs: BlobStore, uploads: Sequence[Upload]
) -> Mapping[UploadId, Content]:
    """The contents of uploads that no bytes came for, read from where they lie.

    It is looked at again whether their caller may read them. Raises ``UploadIncomplete`` naming
    those that have to be put after all.
    """
    wanted = {upload.id: upload for upload in uploads if upload.is_known}
    if not wanted:
        return {}
    digests = {upload.digest for upload in wanted.values() if upload.digest is not None}
    with database.read() as tx:
        found = readable_blobs(tx, uploads[0].caller, digests)
    if missing := [name_of(one) for one in wanted.values() if one.digest not in found]:
        raise UploadIncomplete(missing)
    return {
        one.id: blobs.content(found[one.digest])
        for one in wanted.values()
        if one.digest is not None
    }
