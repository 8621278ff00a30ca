"""Good archives, from which a fuzzer makes bad ones."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping

import zstandard

from builders.debian import (
    COMPRESSORS,
    CONTROL,
    a_changes,
    a_deb,
    a_dsc,
    a_paragraph,
    clearsigned,
)
from builders.debian import a_tar as a_tarball
from builders.rpms import (
    REQUIRES,
    a_header,
    a_new_rpm,
    an_old_rpm,
    an_rpm,
    log,
    stated,
    tags_of,
)
from filemanager.exports.git.upload_pack.lines import FLUSH, line
from unit.archives.streams.lzw_encoder import Encoder
from unit.archives.tar.tar_bytes import END, header, member, padded, pax, sparse, with_checksum
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
    member() + header(b"h", kind=b"1", link=b"a.txt") + member(b"/abs") + END,
    *(
        sparse(form, [(9, 2), (700, 3)], 703, b"hello", name=form.encode()) + member() + END
        for form in ("old", "0.0", "0.1", "1.0")
    ),
    sparse("old", [(at, 1) for at in range(0, 60, 2)], 59, b"x" * 30) + END,
    *(
        header(size=5, prefix=b"p", magic=b"ustar\0" + version) + padded(b"hello") + END
        for version in (b"\0\0", b" \0", b"  ")
    ),
    with_checksum(header(b"star", 5)[:475] + b"\0" + b"15302265132\0" * 2 + bytes(8) + b"tar\0")
    + padded(b"hello")
    + END,
    header(b"@LongLink", 151, b"L", prefix=b".")
    + padded(b"d/" + b"n" * 148 + b"\0")
    + header(b"n" * 100, 5, prefix=b"d")
    + padded(b"hello")
    + END,
    gzip.compress(member()) + b"text behind it",
)


def _zipped(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in _FILES.items():
            archive.writestr(name, data)
    return out.getvalue()


_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_WIDE = extra(1, (5).to_bytes(8, "little") * 2)


_UNICODE = extra(0x7075, struct.pack("<BL", 1, zlib.crc32(b"__.png")) + "图.png".encode())
_WIDE_DESCRIPTOR = b"PK\x07\x08" + struct.pack("<L2Q", zlib.crc32(b"hello"), 5, 5)
_ZIP_DIALECTS = (
    a_zip(Part(b"d\\a", host=0), Part(b"d\\e\\", b"", host=0)),
    a_zip(Part(b"/d/a"), Part(b"/", b"")),
    a_zip(Part(b"d/", b""), Part(b"d/a"), Part(b"d/", b""), Part(b"d/a")),
    a_zip(Part(b"__.png", extra=_UNICODE)),
    a_zip(Part(b"a", extra=extra(0, b"") * 2 + b"\0\0\0")) + b"\n\0",
    a_zip(
        Part(
            b"a",
            after=_WIDE_DESCRIPTOR,
            local={"flags": 8, "crc": 0, "size": 0, "packed": 0},
        )
    ),
)


_CLONE = line(b"want %s side-band-64k agent=git\n" % (b"a" * 40)) + FLUSH + line(b"done\n")
_FETCH = line(b"want " + b"a" * 40) + FLUSH + line(b"have " + b"b" * 40) + FLUSH

_CONTROL_TEXT = a_paragraph(CONTROL)
_RPM_CELLS = {
    **tags_of(),
    **stated(REQUIRES, ("a", 8, "1:2-3"), ("libc.so.6(GLIBC_2.4)", 1 << 9, "")),
    **log((2, "Ann", "- x"), (2, "Bob", "- y")),
}
_READY: Mapping[str, tuple[bytes, ...]] = {
    "deb": tuple(a_deb(ending=ending) for ending in COMPRESSORS),
    "control archive": (a_tarball(("./", b""), ("./control", _CONTROL_TEXT)),),
    "dsc": (a_dsc(), a_changes(), clearsigned(a_dsc())),
    "rpm": (an_rpm(_RPM_CELLS), an_old_rpm(), a_new_rpm()),
    "rpm header": (a_header(_RPM_CELLS), a_header(_RPM_CELLS, region=None)),
    "git request": (_CLONE, _FETCH, _CLONE.replace(b"0000", b"000ddeepen 1\n0000", 1)),
}


def seeds_of(target: str) -> tuple[bytes, ...]:
    if target in _READY:
        return _READY[target]
    if target == "tar":
        return _TARS
    if target == "zip":
        by_hand = a_zip(Part(name=b"a", extra=_WIDE), is_zip64=True)
        return (
            *map(_zipped, _METHODS),
            by_hand,
            a_zip(Part(name=b"../a"), Part(name=b"d/", data=b"")),
            *_ZIP_DIALECTS,
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
    behind = compress(_TEXT) + compress(b"x") + bytes(20)
    skippable = b"\x50\x2a\x4d\x18\4\0\0\0" + b"1234" if target == "zstd" else b""
    return (*map(compress, parts), behind, skippable + behind, behind + b"text")
