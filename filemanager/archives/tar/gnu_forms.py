"""What pax records say of a sparse file, in GNU's forms 0.0, 0.1 and 1.0."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from filemanager.archives.faults import Fault
from filemanager.archives.tar.sparse import Piece, check_count, decimal, disagreement
from filemanager.domain.intake.unpacking import ArchiveRefused

PIECE_KEYS = (b"GNU.sparse.offset", b"GNU.sparse.numbytes")
"""Form 0.0 repeats these two by turns, once for each piece."""

_GNU = b"GNU.sparse."
_OF_STAR = (b"SCHILY.realsize", b"SCHILY.filetype")


@dataclass(frozen=True, slots=True)
class SparseRecords:
    """``pieces`` is None where the map stands in front of the data (1.0).

    ``is_known`` False: there is a map of a kind that is not read.
    """

    name: bytes | None = None
    size_bytes: int = 0
    pieces: Sequence[Piece] | None = None
    is_known: bool = True


def mentions_sparse(records: Mapping[bytes, bytes]) -> bool:
    return any(key.startswith(_GNU) or key in _OF_STAR for key in records)


def parse_sparse(
    records: Mapping[bytes, bytes], pieces: Sequence[tuple[bytes, bytes]]
) -> SparseRecords | None:
    """None where nothing is said of one. Raises ``ArchiveRefused`` for what does not add up."""
    if not pieces and not mentions_sparse(records):
        return None
    major, minor = records.get(b"GNU.sparse.major"), records.get(b"GNU.sparse.minor")
    if major not in (None, b"0", b"1") or any(key in records for key in _OF_STAR):
        return SparseRecords(is_known=False)
    name = records.get(b"GNU.sparse.name")
    if name is not None and (not name or 0 in name):
        raise ArchiveRefused(Fault.BAD_NAME, "a sparse file has no name")
    size_bytes = _size(records)
    if major == b"1":
        if minor != b"0" or pieces or b"GNU.sparse.map" in records:
            raise disagreement()
        return SparseRecords(name, size_bytes)
    return SparseRecords(name, size_bytes, _pieces(records, pieces))


def _size(records: Mapping[bytes, bytes]) -> int:
    said = {records[key] for key in (_GNU + b"realsize", _GNU + b"size") if key in records}
    if len(said) != 1:
        raise disagreement()
    return decimal(said.pop())


def _pieces(
    records: Mapping[bytes, bytes], pieces: Sequence[tuple[bytes, bytes]]
) -> Sequence[Piece]:
    """Of form 0.1, one record; or of 0.0, two records for each piece."""
    text = records.get(b"GNU.sparse.map")
    if (text is None) == (not pieces):
        raise disagreement()
    keys = [key for key, _ in pieces]
    if keys != list(PIECE_KEYS) * (len(keys) // 2):
        raise disagreement()
    values = [value for _, value in pieces] if text is None else text.split(b",")
    check_count((len(values) + 1) // 2)
    numbers = [decimal(value) for value in values]
    if 2 * decimal(records.get(b"GNU.sparse.numblocks", b"")) != len(numbers):
        raise disagreement()
    return list(zip(numbers[::2], numbers[1::2], strict=True))
