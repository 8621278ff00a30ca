"""Packs (gitformat-pack, version 2): every object of a repository once, whole, commits first."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from filemanager.domain.blobs.chunks import joined
from filemanager.exports.git.objects import GitKind, id_of, root_commit
from filemanager.exports.git.repository import GitFile, GitFiles, GitRepository, OpenText
from filemanager.exports.git.trees import GrowingTrees, MadeTree

_SIGNATURE = b"PACK\0\0\0\2"
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class GitPack:
    """``references`` by name, ids in hex. ``chunks`` can be taken once."""

    references: Mapping[str, str]
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class _Object:
    id: bytes
    kind: GitKind
    size_bytes: int
    chunks: Callable[[], Iterable[bytes]]


def packed(repository: GitRepository, open_text: OpenText) -> GitPack:
    """Files and texts are asked for twice: for their ids now, for their bytes later.

    What is held is the id of each object, and the entries of the directories that are open. Ids are
    the same everywhere; bytes may be others with another version of zlib.
    """
    ids: set[bytes] = set()
    commits = []
    for files in repository.branches.values():
        root = b""
        for made in _objects(files, open_text):
            ids.add(made.id)
            root = made.id
        commits.append(_commit(repository, root))
    ids.update(commit.id for commit in commits)
    names = [commit.id.hex() for commit in commits]
    references = dict(zip(repository.branches, names, strict=True))
    return GitPack(references, joined(_written(repository, open_text, commits, ids)))


def _commit(repository: GitRepository, root: bytes) -> _Object:
    return _at_hand(GitKind.COMMIT, root_commit(root, repository.message, repository.committed_at))


def _objects(files: GitFiles, open_text: OpenText) -> Iterator[_Object]:
    """Each tree behind its last file, so the root is the last."""
    trees = GrowingTrees()
    for file in files():
        blob = _blob(file, open_text)
        yield from map(_tree, trees.add(file.path.encode(), file.mode, blob.id))
        yield blob
    yield from map(_tree, trees.end())


def _blob(file: GitFile, open_text: OpenText) -> _Object:
    if isinstance(file.content, bytes):
        return _at_hand(GitKind.BLOB, file.content)
    chunks = partial(open_text, file.content)
    size_bytes = file.content.size_bytes
    return _Object(id_of(GitKind.BLOB, size_bytes, chunks()), GitKind.BLOB, size_bytes, chunks)


def _tree(tree: MadeTree) -> _Object:
    return _Object(tree.id, GitKind.TREE, len(tree.content), lambda: [tree.content])


def _at_hand(kind: GitKind, content: bytes) -> _Object:
    return _Object(id_of(kind, len(content), [content]), kind, len(content), lambda: [content])


def _written(
    repository: GitRepository, open_text: OpenText, commits: Iterable[_Object], ids: set[bytes]
) -> Iterator[bytes]:
    sha1 = hashlib.sha1(usedforsecurity=False)
    for chunk in _body(repository, open_text, commits, ids):
        sha1.update(chunk)
        yield chunk
    yield sha1.digest()


def _body(
    repository: GitRepository, open_text: OpenText, commits: Iterable[_Object], ids: set[bytes]
) -> Iterator[bytes]:
    """What was written is taken from *ids*."""
    yield _SIGNATURE + struct.pack(">I", len(ids))
    branches = [_objects(files, open_text) for files in repository.branches.values()]
    for objects in (commits, *branches):
        for made in objects:
            if made.id in ids:
                ids.remove(made.id)
                yield from _packed_object(made)


def _packed_object(made: _Object) -> Iterator[bytes]:
    yield _object_head(made.kind, made.size_bytes)
    compressor = zlib.compressobj(_LEVEL)
    for chunk in made.chunks():
        yield compressor.compress(chunk)
    yield compressor.flush()


def _object_head(kind: GitKind, size_bytes: int) -> bytes:
    """Four bits of the size beside the kind, then seven a byte; the eighth says that more come."""
    first, rest = kind << 4 | size_bytes & 0xF, size_bytes >> 4
    made = bytearray()
    while rest:
        made.append(first | 0x80)
        first, rest = rest & 0x7F, rest >> 7
    made.append(first)
    return bytes(made)
