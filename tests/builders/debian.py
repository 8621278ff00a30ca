"""Debian packages, sources and uploads made in code, right or wrong in one place."""

import gzip
import hashlib
import io
import lzma
import tarfile
from collections.abc import Callable, Mapping

import zstandard

CONTROL = {
    "Package": "tiny",
    "Version": "1.0-1",
    "Architecture": "amd64",
    "Maintainer": "Ann Other <ann@example.org>",
    "Description": "a tiny package\n of two lines",
}

COMPRESSORS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def a_paragraph(fields: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode()


def a_tar(*members: tuple[str, bytes]) -> bytes:
    """A name that ends in a slash is a directory."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, data in members:
            described = tarfile.TarInfo(name)
            described.size = len(data)
            described.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            tar.addfile(described, io.BytesIO(data))
    return out.getvalue()


def an_ar(*members: tuple[str, bytes], slash: str = "") -> bytes:
    return b"!<arch>\n" + b"".join(
        b"%-16s%-12d%-6d%-6d%-8s%-10d`\n%s%s"
        % (f"{name}{slash}".encode(), 0, 0, 0, b"100644", len(data), data, b"\n" * (len(data) % 2))
        for name, data in members
    )


VERSION = ("debian-binary", b"2.0\n")
DATA = ("data.tar", a_tar(("./", b""), ("./usr/", b"")))


def control_archive(control: bytes, ending: str = ".gz") -> tuple[str, bytes]:
    """As a member of an ar."""
    tar = a_tar(("./", b""), ("./control", control), ("./md5sums", b""))
    return f"control.tar{ending}", COMPRESSORS[ending](tar)


def a_deb(fields: Mapping[str, str] | None = None, ending: str = ".gz") -> bytes:
    """Of ``CONTROL`` with other *fields*; *ending* is that of the control archive."""
    control = a_paragraph({**CONTROL, **(fields or {})})
    return an_ar(VERSION, control_archive(control, ending), DATA)


def a_large_deb(size_bytes: int) -> bytes:
    """Of exactly so many bytes."""
    control = control_archive(a_paragraph(CONTROL))
    missing = size_bytes - len(an_ar(VERSION, control, DATA))
    return an_ar(VERSION, control, (DATA[0], DATA[1] + bytes(missing)))


FILES = {
    "tiny_1.0.orig.tar.xz": b"what came from upstream",
    "tiny_1.0-1.debian.tar.xz": b"what Debian made of it",
}


def listed(algorithm: str, files: Mapping[str, bytes], between: str = "") -> str:
    """The value of ``Files`` or ``Checksums-…``; *between* stands before each name."""
    return "".join(
        f"\n {hashlib.new(algorithm, data).hexdigest()} {len(data)}{between} {name}"
        for name, data in files.items()
    )


def dsc_fields(files: Mapping[str, bytes]) -> dict[str, str]:
    return {
        "Format": "3.0 (quilt)",
        "Source": "tiny",
        "Binary": "tiny",
        "Architecture": "any",
        "Version": "1.0-1",
        "Checksums-Sha1": listed("sha1", files),
        "Checksums-Sha256": listed("sha256", files),
        "Files": listed("md5", files),
    }


def a_dsc(fields: Mapping[str, str] | None = None, files: Mapping[str, bytes] = FILES) -> bytes:
    return a_paragraph({**dsc_fields(files), **(fields or {})})


def a_changes(fields: Mapping[str, str] | None = None, files: Mapping[str, bytes] = FILES) -> bytes:
    of_build = {
        "Distribution": "bookworm",
        "Files": listed("md5", files, between=" utils optional"),
    }
    return a_paragraph({**dsc_fields(files), **of_build, **(fields or {})})


def clearsigned(text: bytes, *, hashes: bytes = b"Hash: SHA512\n") -> bytes:
    """With a signature that says nothing."""
    lines = (b"- " + line if line.startswith(b"-") else line for line in text.split(b"\n"))
    return b"\n".join(
        (
            b"-----BEGIN PGP SIGNED MESSAGE-----",
            hashes,
            *lines,
            b"-----BEGIN PGP SIGNATURE-----",
            b"",
            b"iHUEARYKAB0WIQ==",
            b"=abcd",
            b"-----END PGP SIGNATURE-----",
            b"",
        )
    )
