"""A process that fuzzes one reader: its name, a corpus, then libFuzzer's own arguments.

It ends with an error where a reader raises what is no refusal of ours, takes too long or takes too
much memory.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["filemanager.archives", "filemanager.exports"]):
    from filemanager.archives.packages.deb import read_deb
    from filemanager.archives.packages.rpm import read_rpm
    from filemanager.archives.packages.sources import read_changes, read_dsc
    from filemanager.archives.streams.byte_stream import counted
    from filemanager.archives.streams.decompress import Decompression
    from filemanager.archives.unpacker import ArchiveUnpacker
    from filemanager.exports.git.upload_pack.answers import answer
    from filemanager.exports.git.upload_pack.asked import asked_in

from builders.debian import DATA, VERSION, an_ar
from builders.in_memory import Bytes, MemoryScratch
from builders.rpms import wrapped
from filemanager.domain.errors import Malformed, OverBudget, Rejected
from filemanager.domain.intake.unpacking import ArchiveRefused
from filemanager.domain.repositories.errors import PackageRefused
from unit.archives.reading import a_budget
from unit.archives.tar.tar_bytes import with_checksum
from unit.archives.zip.zip_bytes import Part, a_zip

UNPACKED_BYTES = 8 << 20
"""Little, so that memory tells of a decoder and not of what it gave out."""

_BLOCK_BYTES = 512
_CHUNK_BYTES = 1000
"""Data comes in chunks, so that the borders are looked at too."""

_METHODS = (0, 8, 12, 14)
_MEMBER_BYTES = 1000


def unpack(data: bytes) -> None:
    """As an upload is unpacked, whatever it is."""
    budget = a_budget(len(data), unpacked_bytes=UNPACKED_BYTES)
    with budget.turn:
        ArchiveUnpacker().unpack(Bytes(data), budget, MemoryScratch())


def unpack_tar(data: bytes) -> None:
    """With the checksums of headers made right, so that the rest of a header is looked at."""
    blocks = [data[at : at + _BLOCK_BYTES] for at in range(0, len(data), _BLOCK_BYTES)]
    unpack(b"".join(with_checksum(b) if b[257:262] == b"ustar" else b for b in blocks))


def unpack_zip_member(data: bytes) -> None:
    """A zip that is right but for its member's data, whose first byte chooses the method."""
    method = _METHODS[data[0] % len(_METHODS)] if data else 0
    packed = data[1:]
    size = len(packed) if method == 0 else _MEMBER_BYTES
    unpack(a_zip(Part(name=b"a", method=method, packed=packed, size=size)))


def unpack_deb(data: bytes) -> None:
    budget = a_budget(len(data))
    with budget.turn:
        read_deb("tiny_1.0-1_amd64.deb", Bytes(data), budget, MemoryScratch())


def unpack_control_archive(data: bytes) -> None:
    """A package that is right but for its control archive, which is not compressed."""
    unpack_deb(an_ar(VERSION, ("control.tar", data), DATA))


def read_lists(data: bytes) -> None:
    """Both kinds of document, the second one whatever the first is taken for."""
    with suppress(PackageRefused):
        read_dsc("tiny_1.0-1.dsc", Bytes(data))
    read_changes("tiny_1.0-1_amd64.changes", Bytes(data))


def read_whole_rpm(data: bytes) -> None:
    read_rpm("tiny-1.0-1.x86_64.rpm", Bytes(data))


def read_rpm_header(data: bytes) -> None:
    """A package that is right but for its main header, without the length that would tell."""
    read_whole_rpm(wrapped(data, {}))


def ask_for_pack(data: bytes) -> None:
    for _ in answer(asked_in(data, ["a" * 40]), [b"PACK"]):
        pass


def break_off(data: bytes) -> None:
    """No reader of ours: to show that the fuzzer finds what it should."""
    if data.startswith(b"PK"):
        raise IndexError


def _decompress(compression: str) -> Callable[[bytes], None]:
    def decompress(data: bytes) -> None:
        chunks = [data[at : at + _CHUNK_BYTES] for at in range(0, len(data), _CHUNK_BYTES)]
        budget = a_budget(len(data), unpacked_bytes=UNPACKED_BYTES)
        with budget.turn:
            for _ in counted(Decompression(compression, chunks, budget), budget):
                pass

    return decompress


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "tar": unpack_tar,
    "zip": unpack,
    "zip member": unpack_zip_member,
    "deb": unpack_deb,
    "control archive": unpack_control_archive,
    "dsc": read_lists,
    "rpm": read_whole_rpm,
    "rpm header": read_rpm_header,
    "git request": ask_for_pack,
    "broken": break_off,
    **{name: _decompress(name) for name in ("gzip", "bzip2", "xz", "zstd", "compress")},
}


def main(arguments: list[str]) -> None:
    program, name, *options = arguments
    target = TARGETS[name]

    def test_one_input(data: bytes) -> None:
        with suppress(ArchiveRefused, OverBudget, PackageRefused, Malformed, Rejected):
            target(data)

    atheris.Setup([program, *options], test_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
