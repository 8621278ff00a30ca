"""Signed URLs of raw files."""

import re
from collections.abc import Sequence
from contextlib import suppress

from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.ports import Database
from filemanager.domain.rawstore.stored_file import (
    URL_LIFETIME,
    Depositor,
    StoredFile,
    StoredFileChanged,
    StoredFileNotFound,
    StoredFileState,
)
from filemanager.services.rawstore.authorizing import Publishing
from filemanager.services.rawstore.placing import named
from filemanager.services.rawstore.settling import Settler

_NO_BLANKS = re.compile(r"[!-~]*")
"""A URL that every program takes as it is; others were put together of a key."""


class PresignService:
    """Who may not read a file is told what is told of one that does not exist."""

    def __init__(
        self,
        database: Database,
        objects: NamedObjects,
        publishing: Publishing,
        settler: Settler,
    ) -> None:
        self._database = database
        self._objects = objects
        self._publishing = publishing
        self._settler = settler

    def first_readable_url(self, urls: Sequence[str], depositor: Depositor | None) -> str:
        """``readable_url`` of the first that is one."""
        for url in urls[:-1]:
            with suppress(StoredFileNotFound):
                return self.readable_url(url, depositor)
        return self.readable_url(urls[-1], depositor)

    def readable_url(self, url: str, depositor: Depositor | None) -> str:
        """The URL itself where anybody can read it, else one that is signed for a day.

        The URL is looked up among ours, and nothing but our own store is asked. Raises
        ``StoredFileNotFound`` and, for its owner, ``StoredFileChanged``.
        """
        key = self._objects.key_of(url)
        if key is None:
            raise StoredFileNotFound
        file = self._readable(key, depositor)
        if not (self._is_public(file) and self._objects.shows_public):
            return self._objects.signed_url(file.place, URL_LIFETIME)
        is_itself = file.place == key and _NO_BLANKS.fullmatch(url)
        return url if is_itself else self._objects.plain_url(file.place)

    def public_place(self, key: str) -> str:
        """The key at which the bytes lie. Raises ``StoredFileNotFound`` unless anybody may read
        them.
        """
        return self._readable(key, None).place

    def place(self, key: str) -> str:
        """The key at which the bytes lie, whoever may read them."""
        with self._database.read() as tx:
            file = named(tx, self._objects.bucket, key, None)
        return file.place if file is not None else key

    def _readable(self, key: str, depositor: Depositor | None) -> StoredFile:
        file = self._find(key, depositor)
        is_owner = depositor is not None and depositor.owner == file.owner
        if not is_owner and not self._may_be_public(file):
            # Before the store is asked: strangers make us ask nothing about what is private.
            raise StoredFileNotFound
        settled = self._settler.settle(file)
        if settled is None or settled.held is None:
            raise StoredFileNotFound
        if settled.state is StoredFileState.CHANGED and is_owner:
            raise StoredFileChanged
        if not is_owner and not self._is_public(settled):
            raise StoredFileNotFound
        return settled

    def _find(self, key: str, depositor: Depositor | None) -> StoredFile:
        owner = depositor.owner if depositor else None
        with self._database.read() as tx:
            file = named(tx, self._objects.bucket, key, owner)
        if file is None:
            raise StoredFileNotFound
        return file

    def _may_be_public(self, file: StoredFile) -> bool:
        versions = (file.wanted, file.held)
        return any(one is not None and self._publishing.shows(one) for one in versions)

    def _is_public(self, file: StoredFile) -> bool:
        return (
            file.state is not StoredFileState.CHANGED
            and file.held is not None
            and self._publishing.shows(file.held)
        )
