"""Good archives, from which a fuzzer makes bad ones."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping

import zstandard

from unit.archives.streams.lzw_encoder import Encoder
from unit.archives.tar.tar_bytes import END, header, member, pax
from unit.archives.zip.zip_bytes import Part, a_zip, extra
from unit.sanitize.archives import a_tar, a_tar_with

_TEXT = b"a text, and a text again\n" * 40
_FILES = {"a.tex": b"x\n", "d/": b"", "d/b.tex": _TEXT, "e": b""}
_COMPRESSORS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
    "compress": lambda data: Encoder().encode(data, clear_every=200),
}
_TARS = (
    a_tar(_FILES),
    a_tar({"é" * 80: _TEXT}),
    a_tar_with(tarfile.SYMTYPE, "link"),
    pax((b"path", b"long"), (b"size", b"5")) + member() + END,
    pax((b"comment", b"0123"), kind=b"g")
    + member(b"././@LongLink", b"n" * 120 + b"\0", b"L")
    + END,
    header(b"d/", kind=b"5") + header(b"h", kind=b"1", link=b"a") + END,
    gzip.compress(a_tar(_FILES)),
)


def _zipped(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in _FILES.items():
            archive.writestr(name, data)
    return out.getvalue()


_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_WIDE = extra(1, (5).to_bytes(8, "little") * 2)


def seeds_of(target: str) -> tuple[bytes, ...]:
    if target == "tar":
        return _TARS
    if target == "zip":
        by_hand = a_zip(Part(name=b"a", extra=_WIDE), is_zip64=True)
        return (
            *map(_zipped, _METHODS),
            by_hand,
            a_zip(Part(name=b"../a"), Part(name=b"d/", data=b"")),
        )
    if target == "zip member":
        deflate = zlib.compressobj(wbits=-15)
        return (
            b"\0" + _TEXT,
            b"\1" + deflate.compress(_TEXT) + deflate.flush(),
            b"\2" + bz2.compress(_TEXT),
        )
    compress = _COMPRESSORS[target]
    parts = (b"", _TEXT, bytes(3000), a_tar(_FILES))
    return (*map(compress, parts), compress(_TEXT) + compress(b"x") + bytes(20))
