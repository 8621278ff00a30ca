"""What a package says of itself, as a stanza of ``Packages`` or ``Sources``."""

import re
from collections.abc import Callable, Iterable, Iterator

from filemanager.domain.repositories.package import Control, Deb, DebSource, ListedFile, Placed

_Field = tuple[str, str]

_OF_THE_FILE = {"filename", "size", "md5sum", "sha1", "sha256", "sha512", "checksum-filesize"}
"""What a stanza says of the file; apt believes the strongest digest, whoever wrote it."""

_OF_A_MACHINE = {"status"}
"""dpkg's list of what is installed has it: apt would take the package for installed."""

_PRIVATE = {"filetime"}
"""Other software keeps it in its indexes for itself."""

_OF_THE_SOURCE = {"source", "package", "directory", "files"}

_DIRECTORY = re.compile(rb"^(Directory: ).*$", re.MULTILINE)
_FILENAME = re.compile(rb"^(Filename: )(?:.*/)?", re.MULTILINE)

_SUMS: tuple[tuple[str, Callable[[ListedFile], str | None]], ...] = (
    ("Files", lambda file: file.md5),
    ("Checksums-Sha1", lambda file: file.sha1),
    ("Checksums-Sha256", lambda file: file.sha256),
)


def binary(deb: Deb, placed: Placed) -> bytes:
    """The control fields in their order, then what is known of the file.

    The package has no say in the latter: fields of its own by these names are left out.
    """
    sums = placed.checksums
    return _stanza(
        [
            *_without(deb.control, _OF_THE_FILE | _OF_A_MACHINE | _PRIVATE),
            ("Filename", placed.path),
            ("Size", str(placed.size_bytes)),
            ("MD5sum", sums.md5),
            ("SHA1", sums.sha1),
            ("SHA256", sums.sha256),
        ]
    )


def source(dsc: DebSource, dsc_file: Placed, directory: str) -> bytes:
    """The fields of the ``.dsc``, which is listed before the files that it lists itself.

    Digests of other kinds than those of a stanza are left out: nobody has compared them.
    """
    own = ListedFile(
        name=dsc_file.path.rpartition("/")[2],
        size_bytes=dsc_file.size_bytes,
        md5=dsc_file.checksums.md5,
        sha1=dsc_file.checksums.sha1,
        sha256=dsc_file.checksums.sha256,
    )
    kept = [
        field
        for field in _without(dsc.control, _OF_THE_SOURCE | _OF_THE_FILE | _OF_A_MACHINE | _PRIVATE)
        if not field[0].lower().startswith("checksums-")
    ]
    lists = [(name, _listed((own, *dsc.files), sum_of)) for name, sum_of in _SUMS]
    return _stanza([("Package", dsc.name), *kept, ("Directory", directory), *lists])


def moved(record: bytes, directory: str, *, is_source: bool) -> bytes:
    """What the functions above make of the same package in another *directory*.

    Only the one line that says where it lies is another: no field of the package bears its name.
    """
    if is_source:
        return _DIRECTORY.sub(rf"\g<1>{directory}".encode(), record, count=1)
    return _FILENAME.sub(rf"\g<1>{directory}/".encode(), record, count=1)


def _without(control: Control, names: set[str]) -> Iterator[_Field]:
    return (field for field in control if field[0].lower() not in names)


def _listed(files: Iterable[ListedFile], sum_of: Callable[[ListedFile], str | None]) -> str:
    sums = ((file, sum_of(file)) for file in files)
    return "".join(f"\n {digest} {file.size_bytes} {file.name}" for file, digest in sums if digest)


def _stanza(fields: Iterable[_Field]) -> bytes:
    return "".join([*(_line(*field) for field in fields), "\n"]).encode()


def _line(name: str, value: str) -> str:
    """No blank stands at the end of a line, where nothing or other lines follow."""
    blank = "" if value.startswith("\n") or not value else " "
    return f"{name}:{blank}{value}\n"
