"""Binary packages: what the control file in a ``.deb`` says, deb(5) and deb-control(5).

The files that it installs are not looked at.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from filemanager.archives.names import plain
from filemanager.archives.packages.ar import ArMember, control_member
from filemanager.archives.packages.deb822 import only_paragraph
from filemanager.archives.packages.fields import checked_name, single_line, version_of
from filemanager.archives.packages.refusals import Unfit, quoted, refusing
from filemanager.archives.streams.byte_stream import ByteStream, counted
from filemanager.archives.streams.decoders import HEAD_BYTES
from filemanager.archives.streams.decompress import Decompression, compression_of
from filemanager.archives.tar.reader import TarReader
from filemanager.domain.blobs.blob import Content
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.repositories.names import deb_file_names, is_debian_architecture
from filemanager.domain.repositories.package import Control, Deb

_CONTROL_BYTES = 4 << 20
"""Of a control archive, as it is sent and unpacked."""

_CONTROL_ENTRIES = 1000
_CHUNK_BYTES = 1 << 14
"""Little: for each of many small frames in a chunk the rest of it is copied."""

_CONTROL = "control"
_COMPRESSIONS = {"tar": "", "gz": "gzip", "xz": "xz", "zst": "zstd"}


def read_deb(file_name: str, content: Content, budget: Budget, scratch: Scratch) -> Deb:
    """Read a ``.deb`` that is called *file_name*.

    Its control archive has a budget of its own, 4 MiB, with the seconds and the memory for decoders
    of *budget*. Called within ``with budget.turn``. Raises ``PackageRefused`` and ``DecodersBusy``.
    """
    with refusing(file_name):
        deb = _deb(_control(content, budget, scratch))
        expected = deb_file_names(deb.name, deb.version, deb.arch)
        if file_name not in expected:
            raise Unfit(f"the file of the package that it holds is called {quoted(expected[0])}")
        return deb


def _deb(control: Control) -> Deb:
    arch = single_line(control, "Architecture")
    if not is_debian_architecture(arch):
        raise Unfit(f"{quoted(arch)} is no architecture of a binary package")
    name = checked_name(single_line(control, "Package"))
    return Deb(control=control, name=name, version=version_of(control), arch=arch)


def _control(content: Content, budget: Budget, scratch: Scratch) -> Control:
    limits = replace(budget.limits, unpacked_bytes=_CONTROL_BYTES, entries=_CONTROL_ENTRIES)
    own = Budget(limits, content.size_bytes, budget.clock)
    own.turn = budget.turn
    with content.open() as file:
        member = control_member(file, content.size_bytes)
        if member.size_bytes > _CONTROL_BYTES:
            raise _too_much(member)
        try:
            tar = _unpacked(file, member, own, scratch)
        except OverBudget as error:
            raise _too_much(member) from error
    return only_paragraph(_control_file(tar))


def _too_much(member: ArMember) -> Unfit:
    return Unfit(f"its {member.name} holds more than {_CONTROL_BYTES >> 20} MiB, or too many files")


def _unpacked(file: BinaryIO, member: ArMember, budget: Budget, scratch: Scratch) -> TarReader:
    chunks = _chunks(file, member)
    compression = _compression(file, member)
    if not compression:
        tar = TarReader(ByteStream(counted(chunks, budget)), budget, scratch)
        tar.read(lambda: False)
        return tar
    inside = Decompression(compression, chunks, budget)
    tar = TarReader(ByteStream(counted(inside, budget)), budget, scratch)
    tar.read(lambda: inside.has_checksum)
    if inside.trailing_bytes:
        raise Unfit(f"data follows the end of its {member.name}")
    return tar


def _compression(file: BinaryIO, member: ArMember) -> str:
    file.seek(member.offset)
    compression = compression_of(file.read(min(member.size_bytes, HEAD_BYTES)))
    if compression != _COMPRESSIONS[member.name.rpartition(".")[2]]:
        raise Unfit(f"its {member.name} is not compressed as its name says")
    return compression


def _chunks(file: BinaryIO, member: ArMember) -> Iterator[bytes]:
    file.seek(member.offset)
    left = member.size_bytes
    while chunk := file.read(min(left, _CHUNK_BYTES)):
        left -= len(chunk)
        yield chunk


def _control_file(tar: TarReader) -> bytes:
    """The only member that is called so, in whatever way; dpkg would take the last one."""
    found = [member for member in tar.members if member.path == _CONTROL]
    others = [refused for refused in tar.refused if plain(refused.path) == _CONTROL]
    content = found[0].content if len(found) == 1 and not others else None
    if content is None or found[0].changes:
        raise Unfit("its control archive does not hold exactly one control file")
    with content.open() as file:
        return file.read()
