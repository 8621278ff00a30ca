"""Fetching one file: begun, or gone on with, until all its bytes are verified."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import BinaryIO, Protocol

import requests

from filemanager.client.connection import BLOCK_BYTES, Connection
from filemanager.client.errors import ClientError, Damaged, Refused, Unreachable
from filemanager.client.values import StoredFile
from filemanager.client.workspaces import Workspaces


class Target(Protocol):
    """Where the bytes of a file go, behind those that are there already."""

    @property
    def size_bytes(self) -> int: ...
    def write(self, block: bytes) -> None: ...
    def cut(self, size_bytes: int) -> None: ...
    def sha256(self) -> str: ...


class Stream:
    """A pipe as a target: what was written stays written."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, block: bytes) -> None:
        self._out.write(block)
        self._digest.update(block)
        self.size_bytes += len(block)

    def cut(self, size_bytes: int) -> None:
        """Raises ``Damaged`` unless nothing is to be taken back."""
        if size_bytes != self.size_bytes:
            raise Damaged("What was written is not the file that was asked for. Fetch it again.")

    def sha256(self) -> str:
        return self._digest.hexdigest()


class Fetcher:
    """Used by several threads. *count* is told bytes that came now, and that had come before."""

    def __init__(
        self,
        connection: Connection,
        workspaces: Workspaces,
        workspace: int,
        count: Callable[[int, int], None],
    ) -> None:
        self._connection = connection
        self._workspaces = workspaces
        self._workspace = workspace
        self._count = count

    def fill(self, target: Target, file: StoredFile) -> None:
        """Raises ``Damaged`` for other bytes than promised, and ``ClientError``."""
        if target.size_bytes > file.size_bytes:
            target.cut(0)
        self._count(0, target.size_bytes)
        self._connection.patiently(lambda: self._go_on(target, file))

    def _go_on(self, target: Target, file: StoredFile) -> None:
        if target.size_bytes < file.size_bytes:
            self._read(target, file)
        if target.sha256() != file.sha256:
            target.cut(0)
            raise Damaged(f"The bytes of {file.path} are not those of its SHA-256. Fetch it again.")

    def _read(self, target: Target, file: StoredFile) -> None:
        with self._answer(target, file) as response:
            if response.status_code != HTTPStatus.PARTIAL_CONTENT:
                target.cut(0)
            try:
                for block in response.iter_content(BLOCK_BYTES):
                    target.write(block)
                    self._count(len(block), 0)
            except requests.RequestException as error:
                raise Unreachable(f"The bytes of {file.path} broke off.") from error
        if target.size_bytes < file.size_bytes:
            raise Unreachable(f"The bytes of {file.path} broke off.")

    def _answer(self, target: Target, file: StoredFile) -> requests.Response:
        try:
            return self._workspaces.open_file(self._workspace, file, target.size_bytes)
        except Refused as refused:
            if refused.status == HTTPStatus.PRECONDITION_FAILED:
                raise ClientError(
                    f"{file.path} has changed meanwhile. Fetch it again."
                ) from refused
            raise
