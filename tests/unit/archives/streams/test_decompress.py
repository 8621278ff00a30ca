import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest
import zstandard

from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.faults import Fault
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.errors import DecodersBusy, OverBudget
from filemanager.domain.intake.turns import Turns
from filemanager.domain.intake.unpacking import ArchiveForm, ArchiveRefused
from unit.archives.reading import a_budget, files, unpack
from unit.archives.streams.lzw_encoder import Encoder
from unit.archives.tar.tar_bytes import END, member
from unit.archives.zip.zip_bytes import Part, a_zip

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


TAILS = [b"x", bytes(10) + b"x", b"\x1f", b"PK\x05\x06" + bytes(10), b"x" * (3 << 20)]


@pytest.mark.parametrize("name", sorted(STREAMS.keys() - {"gzip"}))
@pytest.mark.parametrize("tail", TAILS)
def test_anything_else_behind_the_end_is_refused(name: str, tail: bytes) -> None:
    assert fault_of(STREAMS[name](TAR) + tail) == Fault.TRAILING_DATA


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("data", [TAR, TEXT])
def test_behind_a_gzip_it_is_counted(data: bytes, tail: bytes) -> None:
    unpacked = unpack(gzip.compress(data) + tail)

    assert unpacked is not None
    assert unpacked.trailing_bytes == len(tail)
    assert list(files(unpacked).values()) == [TEXT]


def test_padding_behind_a_gzip_is_not_counted() -> None:
    unpacked = unpack(gzip.compress(TAR) + bytes(600))

    assert unpacked is not None
    assert unpacked.trailing_bytes == 0


@pytest.mark.parametrize(
    ("tail", "fault"),
    [
        (gzip.compress(b"", mtime=0)[:-9], Fault.TRUNCATED),
        (b"\x1f\x8b\x08x", Fault.DAMAGED),
        (bytes(10) + gzip.compress(b"", mtime=0), Fault.TRAILING_DATA),
        (bytes((1 << 20) - 1) + b"\x1f\x8b", Fault.TRAILING_DATA),
        (a_zip(Part(b"a")), Fault.AMBIGUOUS),
        (a_zip(Part(b"a")) + b"\n", Fault.AMBIGUOUS),
    ],
)
def test_what_a_reader_would_go_on_with_behind_a_gzip_is_refused(tail: bytes, fault: Fault) -> None:
    assert fault_of(gzip.compress(TAR) + tail) == fault


def xz_without_a_check(data: bytes) -> bytes:
    return lzma.compress(data, check=lzma.CHECK_NONE)


WITHOUT_CHECKSUM: dict[str, Compress] = {
    "xz": xz_without_a_check,
    "zstd": zstandard.ZstdCompressor().compress,
    "compress": ALL["compress"],
}


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("end", [b"", bytes(512), END])
def test_a_tar_may_end_with_the_stream_that_a_checksum_proves_whole(name: str, end: bytes) -> None:
    assert files(unpack(STREAMS[name](member(b"a.tex", TEXT) + end))) == {"a.tex": TEXT}


@pytest.mark.parametrize("name", WITHOUT_CHECKSUM)
def test_without_a_checksum_a_tar_needs_its_end_mark(name: str) -> None:
    compress = WITHOUT_CHECKSUM[name]

    assert files(unpack(compress(TAR))) == {"a.tex": TEXT}
    assert fault_of(compress(TAR[: -len(END)])) == Fault.TRUNCATED


@pytest.mark.parametrize("name", ["xz", "zstd"])
def test_one_member_without_a_checksum_is_enough(name: str) -> None:
    body = member(b"a.tex", TEXT)

    assert fault_of(STREAMS[name](body[:700]) + WITHOUT_CHECKSUM[name](body[700:])) == (
        Fault.TRUNCATED
    )


@pytest.mark.parametrize("name", STREAMS)
def test_a_tar_that_breaks_off_in_a_whole_stream_is_refused(name: str) -> None:
    body = member(b"a.tex", TEXT)

    for length in (len(body) - 1, len(body) - 512, len(body) + 100):
        assert fault_of(STREAMS[name]((body + END)[:length])) == Fault.TRUNCATED


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


def skippable(data: bytes, number: int = 0) -> bytes:
    return bytes((0x50 + number,)) + b"\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data


@pytest.mark.parametrize("front", [skippable(b"1234"), skippable(b"", 15) + skippable(b"x" * 99)])
def test_skippable_frames_of_zstd_are_passed_over(front: bytes) -> None:
    packed = front + zstd(TAR[:700]) + skippable(b"12") + zstd(TAR[700:]) + skippable(b"")

    unpacked = unpack(packed)

    assert unpacked is not None
    assert (unpacked.compression, files(unpacked)) == ("zstd", {"a.tex": TEXT})


@pytest.mark.parametrize("rest", [b"", b"text", b"\x04\x22\x4d\x18"])
def test_skippable_frames_of_others_are_no_zstd(rest: bytes) -> None:
    assert unpack(skippable(b"1234") + rest) is None


def test_a_skippable_frame_that_breaks_off_is_refused() -> None:
    assert fault_of(zstd(TAR) + skippable(b"x" * 99)[:-1]) == Fault.TRUNCATED


def xz_of(dictionary_bytes: int) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": dictionary_bytes}]
    return lzma.compress(TAR, filters=filters)


def zstd_of(window_bits: int) -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=window_bits, write_checksum=True)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return compressor.compress(TAR) + compressor.flush()


@pytest.mark.parametrize("packed", [xz_of(64 << 20), zstd_of(25), zstd_of(27)])
def test_what_people_pack_best_is_read(packed: bytes) -> None:
    assert files(unpack(packed)) == {"a.tex": TEXT}


@pytest.mark.parametrize("packed", [xz_of(128 << 20), zstd_of(28)])
def test_a_decoder_that_needs_too_much_memory_is_refused_by_name(packed: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="more than 128 MiB") as refused:
        unpack(packed)

    assert refused.value.reason == Fault.TOO_MUCH_MEMORY


def test_the_limit_is_the_operators() -> None:
    for packed in (xz_of(8 << 20), zstd_of(23)):
        with pytest.raises(ArchiveRefused, match="more than 4 MiB"):
            unpack(packed, a_budget(decoder_bytes=4 << 20))


@pytest.mark.parametrize("packed", [xz_of(64 << 20), zstd_of(27)])
def test_a_large_decoder_waits_for_its_turn(packed: bytes) -> None:
    turns = Turns(wait_seconds=0.0)

    with turns.of_upload() as other:
        other.take()
        with pytest.raises(DecodersBusy):
            unpack(packed, a_budget(turns=turns))

    assert files(unpack(packed, a_budget(turns=turns))) == {"a.tex": TEXT}


@pytest.mark.parametrize("packed", [xz_of(8 << 20), zstd_of(23), gzip.compress(TAR, mtime=0)])
def test_a_small_decoder_needs_no_turn(packed: bytes) -> None:
    turns = Turns(wait_seconds=0.0)

    with turns.of_upload() as other:
        other.take()
        assert files(unpack(packed, a_budget(turns=turns))) == {"a.tex": TEXT}


def test_several_large_streams_of_an_upload_have_one_turn() -> None:
    budget = a_budget(turns=Turns(wait_seconds=0.0))

    with budget.turn:
        for packed in (zstd_of(27), xz_of(64 << 20), zstd_of(27)):
            unpacked = ArchiveUnpacker().unpack(Bytes(packed), budget, MemoryScratch())
            assert files(unpacked) == {"a.tex": TEXT}


@pytest.mark.parametrize("name", STREAMS)
def test_a_bomb_is_stopped_by_the_budget(name: str) -> None:
    bomb = STREAMS[name](bytes(16 << 20)) * 9
    scratch = MemoryScratch()

    with pytest.raises(OverBudget):
        ArchiveUnpacker().unpack(Bytes(bomb), a_budget(len(bomb), unpacked_bytes=64 << 20), scratch)

    assert scratch.written_bytes <= 64 << 20
    assert scratch.longest_write <= 10 << 20


def test_a_tar_in_a_bomb_is_stopped_as_well() -> None:
    bomb = gzip.compress(member(b"big", bytes(70 << 20)) + END)

    with pytest.raises(OverBudget):
        unpack(bomb, a_budget(len(bomb), unpacked_bytes=64 << 20))


def test_empty_members_let_the_budget_look_at_the_clock() -> None:
    budget = a_budget()
    times = iter(range(1000))
    budget.clock = lambda: float(next(times))

    with pytest.raises(OverBudget, match="seconds"):
        unpack(gzip.compress(b"") * 200, budget)
