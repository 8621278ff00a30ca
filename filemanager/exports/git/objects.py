"""Git's objects: ids, trees and commits."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

_AUTHOR = "filemanager <filemanager@localhost>"


class GitKind(IntEnum):
    """As packs number them (gitformat-pack, "Object types")."""

    COMMIT = 1
    TREE = 2
    BLOB = 3


class GitMode(StrEnum):
    FILE = "100644"
    LINK = "120000"
    TREE = "40000"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    name: bytes
    mode: GitMode
    id: bytes

    @property
    def line(self) -> bytes:
        return b"%s %s\0%s" % (self.mode.encode(), self.name, self.id)


def id_of(kind: GitKind, size_bytes: int, chunks: Iterable[bytes]) -> bytes:
    """20 bytes."""
    sha1 = hashlib.sha1(f"{kind.name.lower()} {size_bytes}\0".encode(), usedforsecurity=False)
    for chunk in chunks:
        sha1.update(chunk)
    return sha1.digest()


def root_commit(tree: bytes, message: str, at: datetime) -> bytes:
    who = f"{_AUTHOR} {int(at.timestamp())} +0000"
    return f"tree {tree.hex()}\nauthor {who}\ncommitter {who}\n\n{message}\n".encode()
