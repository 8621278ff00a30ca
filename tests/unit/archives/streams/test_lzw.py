import pytest

from filemanager.archives.faults import Fault
from filemanager.domain.intake.unpacking import ArchiveRefused
from unit.archives.reading import files, unpack
from unit.archives.streams.lzw_encoder import Encoder

TEXT = b"".join(b"line %d of a text, and the same again\n" % number for number in range(9000))


@pytest.mark.parametrize("data", [b"", b"a", b"aaaa", b"a" * 70_000, bytes(range(256)) * 40, TEXT])
@pytest.mark.parametrize(("bits", "has_clear"), [(10, True), (12, False), (16, True)])
def test_what_was_compressed_comes_back(data: bytes, bits: int, has_clear: bool) -> None:
    packed = Encoder(bits, has_clear=has_clear).encode(data)

    assert files(unpack(packed)) == {"": data}


@pytest.mark.parametrize("clear_every", [7, 700, 7000])
def test_the_table_may_be_cleared_anywhere(clear_every: int) -> None:
    text = TEXT[:30_000]

    packed = Encoder().encode(text, clear_every)

    assert files(unpack(packed)) == {"": text}


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\x1f\x9d", Fault.UNSUPPORTED),
        (b"\x1f\x9d\x89", Fault.UNSUPPORTED),
        (b"\x1f\x9d\x91", Fault.UNSUPPORTED),
        (b"\x1f\x9d\xf0a", Fault.UNSUPPORTED),
        (b"\x1f\x9d\x90" + b"\xff" * 9, Fault.DAMAGED),
        (b"\x1f\x9d\x90" + (ord("a") | 258 << 9).to_bytes(9, "little"), Fault.DAMAGED),
    ],
)
def test_what_no_encoder_writes_is_refused(data: bytes, fault: Fault) -> None:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(data)

    assert refused.value.reason == fault
