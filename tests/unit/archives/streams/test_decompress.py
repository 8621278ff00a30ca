import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest
import zstandard

from filemanager.archives.faults import Fault
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.budget import RATIO_FLOOR_BYTES
from filemanager.domain.intake.unpacking import ArchiveForm, ArchiveRefused
from unit.archives.memory_scratch import BytesContent, MemoryScratch, a_budget, files, unpack
from unit.archives.streams.lzw_encoder import Encoder
from unit.archives.tar.tar_bytes import END, member

Compress = Callable[[bytes], bytes]
TEXT = b"a text\n" * 1000
TAR = member(b"a.tex", TEXT) + END


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


STREAMS: dict[str, Compress] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd,
}
ALL = STREAMS | {"compress": lambda data: Encoder().encode(data)}


def fault_of(data: bytes) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(data)
    assert refused.value.is_recognised
    return refused.value.reason


@pytest.mark.parametrize("name", ALL)
def test_a_compressed_tar_is_a_tar(name: str) -> None:
    unpacked = unpack(ALL[name](TAR))

    assert unpacked is not None
    assert (unpacked.form, unpacked.compression) == (ArchiveForm.TAR, name)
    assert files(unpacked) == {"a.tex": TEXT}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("data", [TEXT, b"", bytes(10_240), b"PK\x03\x04", b"x" * (3 << 20)])
def test_anything_else_compressed_is_a_single_file(name: str, data: bytes) -> None:
    unpacked = unpack(ALL[name](data))

    assert unpacked is not None
    assert (unpacked.form, unpacked.compression) == (ArchiveForm.SINGLE, name)
    assert files(unpacked) == {"": data}


@pytest.mark.parametrize("name", STREAMS)
def test_several_members_are_one_file(name: str) -> None:
    packed = STREAMS[name](TAR[:700]) + STREAMS[name](b"") + STREAMS[name](TAR[700:])

    assert files(unpack(packed)) == {"a.tex": TEXT}


@pytest.mark.parametrize("name", STREAMS)
def test_zeros_behind_the_end_are_padding(name: str) -> None:
    assert files(unpack(STREAMS[name](TEXT) + bytes(600))) == {"": TEXT}


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("tail", [b"x", bytes(10) + b"x", b"\x1f", b"PK\x05\x06" + bytes(10)])
def test_anything_else_behind_the_end_is_refused(name: str, tail: bytes) -> None:
    assert fault_of(STREAMS[name](TAR) + tail) == Fault.TRAILING_DATA


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_breaks_off_is_refused(name: str) -> None:
    packed = STREAMS[name](TAR)

    assert {fault_of(packed[:length]) for length in range(10, len(packed))} <= {
        Fault.TRUNCATED,
        Fault.DAMAGED,
    }


@pytest.mark.parametrize("name", STREAMS)
def test_a_wrong_checksum_at_the_end_is_refused(name: str) -> None:
    packed = bytearray(STREAMS[name](TAR))
    packed[-5] ^= 0x40

    assert fault_of(bytes(packed)) in (Fault.DAMAGED, Fault.TRAILING_DATA)


def test_reserved_gzip_flags_are_refused() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[3] |= 0x20

    assert fault_of(bytes(packed)) == Fault.DAMAGED


def test_an_xz_that_needs_much_memory_is_refused_by_name() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9}]

    assert fault_of(lzma.compress(TEXT, filters=filters)) == Fault.TOO_MUCH_MEMORY


def test_a_zstd_that_needs_much_memory_is_refused_by_name() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=25)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = compressor.compress(TEXT) + compressor.flush()

    assert fault_of(packed) == Fault.TOO_MUCH_MEMORY


@pytest.mark.parametrize("name", STREAMS)
def test_a_bomb_is_stopped_by_the_budget(name: str) -> None:
    bomb = STREAMS[name](bytes(16 << 20)) * 9
    scratch = MemoryScratch()

    with pytest.raises(OverBudget):
        ArchiveUnpacker().unpack(BytesContent(bomb), a_budget(len(bomb)), scratch)

    assert scratch.written_bytes <= RATIO_FLOOR_BYTES
    assert scratch.longest_write <= 10 << 20


def test_a_tar_in_a_bomb_is_stopped_as_well() -> None:
    bomb = gzip.compress(member(b"big", bytes(70 << 20)) + END)

    with pytest.raises(OverBudget):
        unpack(bomb, a_budget(len(bomb)))


def test_empty_members_let_the_budget_look_at_the_clock() -> None:
    budget = a_budget()
    times = iter(range(1000))
    budget.clock = lambda: float(next(times))

    with pytest.raises(OverBudget, match="seconds"):
        unpack(gzip.compress(b"") * 200, budget)
