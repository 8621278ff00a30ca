"""Packs of git as its documents describe them, read without git; and with it."""

import hashlib
import struct
import subprocess
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from filemanager.exports.git.pack import GitPack, packed
from filemanager.exports.git.repository import GitRepository
from filemanager.exports.listing import ListedItem

_KINDS = {1: "commit", 2: "tree", 3: "blob"}


def text_of(item: ListedItem) -> Iterator[bytes]:
    """A text is made of one letter here, so that it needs no store."""
    yield b"t" * item.size_bytes


def a_pack(repository: GitRepository) -> tuple[Mapping[str, str], bytes]:
    pack: GitPack = packed(repository, text_of)
    return pack.references, b"".join(pack.chunks)


def objects_in(pack: bytes) -> Mapping[str, tuple[str, bytes]]:
    """Kind and content by id; everything that a pack promises is looked at."""
    signature, version, count = struct.unpack(">4sII", pack[:12])
    assert (signature, version) == (b"PACK", 2)
    assert hashlib.sha1(pack[:-20], usedforsecurity=False).digest() == pack[-20:]
    found: dict[str, tuple[str, bytes]] = {}
    rest = pack[12:-20]
    while rest:
        kind, size, body = _head(rest)
        decompressor = zlib.decompressobj()
        content = decompressor.decompress(body)
        assert decompressor.eof
        assert len(content) == size
        rest = decompressor.unused_data
        whole = f"{kind} {size}\0".encode() + content
        name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        assert name not in found
        found[name] = (kind, content)
    assert len(found) == count
    return found


def files_in(pack: bytes, commit: str) -> Mapping[str, tuple[str, bytes]]:
    """Mode and content by path."""
    objects = objects_in(pack)
    _, said = objects[commit]
    return dict(_files(objects, said.split()[1].decode(), ""))


def files_of(repository: GitRepository, branch: str) -> Mapping[str, tuple[str, bytes]]:
    references, pack = a_pack(repository)
    return files_in(pack, references[branch])


def put_into_git(repository: GitRepository, directory: Path) -> Path:
    """A bare repository that git has checked, and found nothing to say about."""
    references, pack = a_pack(repository)
    git(directory, "init", "--quiet", "--bare", ".")
    git(directory, "index-pack", "--stdin", "--strict", sent=pack)
    for name, commit in references.items():
        git(directory, "update-ref", name, commit)
    git(directory, "symbolic-ref", "HEAD", "refs/heads/main")
    assert git(directory, "fsck", "--strict", "--full") == ""
    return directory


def git(directory: Path, *arguments: str, sent: bytes | None = None) -> str:
    command = ["git", "-C", str(directory), *arguments]
    return subprocess.run(command, input=sent, check=True, capture_output=True).stdout.decode()


def _head(rest: bytes) -> tuple[str, int, bytes]:
    kind, size, shift, position = _KINDS[rest[0] >> 4 & 7], rest[0] & 15, 4, 1
    while rest[position - 1] & 0x80:
        size |= (rest[position] & 0x7F) << shift
        shift, position = shift + 7, position + 1
    return kind, size, rest[position:]


def _files(
    objects: Mapping[str, tuple[str, bytes]], tree: str, above: str
) -> Iterator[tuple[str, tuple[str, bytes]]]:
    kind, rest = objects[tree]
    assert kind == "tree"
    while rest:
        entry, _, rest = rest.partition(b"\0")
        mode, _, name = entry.decode().partition(" ")
        found, rest = rest[:20].hex(), rest[20:]
        if mode == "40000":
            yield from _files(objects, found, f"{above}{name}/")
        else:
            yield above + name, (mode, objects[found][1])
