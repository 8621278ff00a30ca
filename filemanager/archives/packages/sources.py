"""Source packages and uploads: ``.dsc``, dsc(5), and ``.changes``, deb-changes(5)."""

import re

from filemanager.archives.packages.clearsigned import signed_text
from filemanager.archives.packages.deb822 import MAX_BYTES, only_paragraph
from filemanager.archives.packages.fields import checked_name, single_line, version_of
from filemanager.archives.packages.listed import listed_files
from filemanager.archives.packages.refusals import Unfit, quoted, refusing
from filemanager.domain.blobs.blob import Content
from filemanager.domain.repositories.names import dsc_file_name, is_source_file
from filemanager.domain.repositories.package import Control, DebChanges, DebSource

_SOURCE_AND_VERSION = re.compile(r"([^ ]+)(?: \([^ ()]+\))?")
"""The version of the source stands behind it where that of the binaries is another."""

_SECTION_AND_PRIORITY = 2


def read_dsc(file_name: str, content: Content) -> DebSource:
    """Read a ``.dsc`` that is called *file_name*; a signature of it is not looked at.

    Each of its files has a SHA-256. Raises ``PackageRefused``.
    """
    with refusing(file_name):
        control = _control(content)
        source = DebSource(
            control=control,
            name=checked_name(single_line(control, "Source")),
            version=version_of(control),
            files=listed_files(control),
        )
        _check_source(file_name, source)
        return source


def read_changes(file_name: str, content: Content) -> DebChanges:
    """Read a ``.changes`` that is called *file_name*; a signature of it is not looked at.

    Raises ``PackageRefused``.
    """
    with refusing(file_name):
        control = _control(content)
        written = _SOURCE_AND_VERSION.fullmatch(single_line(control, "Source"))
        return DebChanges(
            control=control,
            source=checked_name(written[1] if written else ""),
            version=version_of(control),
            files=listed_files(control, more_columns=_SECTION_AND_PRIORITY),
        )


def _control(content: Content) -> Control:
    if content.size_bytes > MAX_BYTES:
        raise Unfit(f"it has more than {MAX_BYTES >> 20} MiB")
    return only_paragraph(signed_text(content.head(MAX_BYTES)))


def _check_source(file_name: str, source: DebSource) -> None:
    for file in source.files:
        if file.sha256 is None:
            raise Unfit("it has no field 'Checksums-Sha256'")
        if not is_source_file(file.name):
            raise Unfit(
                f"it lists {quoted(file.name)}, which is no tarball, signature of one or diff"
            )
    if file_name != (expected := dsc_file_name(source.name, source.version)):
        raise Unfit(
            f"the .dsc of the source package that it describes is called {quoted(expected)}"
        )
