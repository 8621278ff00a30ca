"""What the first bytes of a pack of ours tell: which commit each branch is."""

import zlib
from collections.abc import Iterator, Mapping, Sequence

from filemanager.exports.git.objects import GitKind, id_of

HEAD_BYTES = 4096

_OBJECTS_START = 12
"""Behind signature, version and number of objects."""


class NotOurPack(ValueError):
    """It does not begin with as many commits as there are branches."""


def references_of(head: bytes, names: Sequence[str]) -> Mapping[str, str]:
    """The id of each of the branches *names*, from a pack's first ``HEAD_BYTES``.

    Raises ``NotOurPack``.
    """
    ids = [commit.hex() for commit, _ in zip(_commits(head), names, strict=False)]
    if len(ids) != len(names):
        raise NotOurPack
    return dict(zip(names, ids, strict=True))


def _commits(head: bytes) -> Iterator[bytes]:
    rest = head[_OBJECTS_START:]
    while rest and rest[0] >> 4 & 7 == GitKind.COMMIT:
        body = _behind_head(rest)
        decompressor = zlib.decompressobj()
        try:
            content = decompressor.decompress(body, HEAD_BYTES)
        except zlib.error as error:
            raise NotOurPack from error
        if not decompressor.eof:
            return
        yield id_of(GitKind.COMMIT, len(content), [content])
        rest = decompressor.unused_data


def _behind_head(rest: bytes) -> bytes:
    """The size stands in as many bytes as have their eighth bit set, and one more."""
    position = 0
    while position < len(rest) and rest[position] & 0x80:
        position += 1
    return rest[position + 1 :]
