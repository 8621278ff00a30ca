"""What checks work with, in memory: contents, a scratch, an unpacker, a desk to upload at."""

import bz2
import gzip
import io
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, field

from builders.in_memory import Bytes, MemoryScratch
from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import (
    ArchiveForm,
    ArchiveRefused,
    Member,
    MemberRefusal,
    RefusedMember,
    Unpacked,
    Unpacker,
)
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.check import File, Profile
from filemanager.sanitize.draft.overlay import Overlay
from filemanager.sanitize.inspection import Inspection, Sent, Tools
from filemanager.sanitize.outcome import Outcome
from filemanager.sanitize.registry import ARXIV
from filemanager.sanitize.workshop import Workshop
from unit.sanitize.tree import AT, FakeTree, an_entry


class StandardUnpacker:
    """Honest archives by the standard library; ``calls`` counts how often it was asked."""

    def __init__(self) -> None:
        self.calls = 0

    def unpack(self, archive: Content, budget: Budget, scratch: Scratch) -> Unpacked | None:
        self.calls += 1
        with archive.open() as file:
            data = file.read()
        if data.startswith(b"PK"):
            return _unzipped(data, budget, scratch)
        compression, plain = _decompressed(data)
        if len(plain) > 262 and plain[257:262] == b"ustar":
            return _untarred(plain, compression, budget, scratch)
        if not compression:
            return None
        budget.take_entry()
        member = Member("", scratch.write(plain))
        return Unpacked(form=ArchiveForm.SINGLE, compression=compression, members=(member,))


@dataclass(frozen=True)
class HandMadeUnpacker:
    """Finds the same in everything that begins as a zip."""

    found: Unpacked

    def unpack(self, archive: Content, budget: Budget, scratch: Scratch) -> Unpacked | None:
        del budget, scratch
        return self.found if archive.head(2) == b"PK" else None


A_ZIP = b"PK\3\4"
"""Of which a ``HandMadeUnpacker`` finds its members."""


def _decompressed(data: bytes) -> tuple[str, bytes]:
    try:
        if data.startswith(b"\x1f\x8b"):
            return "gzip", gzip.decompress(data)
        if data.startswith(b"BZh"):
            return "bzip2", bz2.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveRefused("truncated", "the compressed data is damaged") from error
    return "", data


def _unzipped(data: bytes, budget: Budget, scratch: Scratch) -> Unpacked:
    members = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for one in archive.infolist():
                budget.take_entry()
                content = None if one.is_dir() else scratch.write(archive.read(one))
                members.append(Member(one.filename.removesuffix("/"), content))
    except zipfile.BadZipFile as error:
        raise ArchiveRefused("broken", str(error)) from error
    return Unpacked(form=ArchiveForm.ZIP, compression="", members=tuple(members))


_REFUSALS = {
    tarfile.SYMTYPE: MemberRefusal.SYMBOLIC_LINK,
    tarfile.LNKTYPE: MemberRefusal.HARD_LINK,
    tarfile.CHRTYPE: MemberRefusal.CHARACTER_DEVICE,
    tarfile.BLKTYPE: MemberRefusal.BLOCK_DEVICE,
    tarfile.FIFOTYPE: MemberRefusal.FIFO,
}


def _untarred(data: bytes, compression: str, budget: Budget, scratch: Scratch) -> Unpacked:
    members, refused = [], []
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for one in archive:
            budget.take_entry()
            if ".." in one.name.split("/") or one.name.startswith("/"):
                refused.append(RefusedMember(one.name, MemberRefusal.LEAVES_THE_ARCHIVE))
            elif one.type in _REFUSALS:
                refused.append(RefusedMember(one.name, _REFUSALS[one.type]))
            else:
                members.append(_member(archive, one, scratch))
    return Unpacked(
        form=ArchiveForm.TAR,
        compression=compression,
        members=tuple(member for member in members if member.path != "."),
        refused=tuple(refused),
    )


def _member(archive: tarfile.TarFile, one: tarfile.TarInfo, scratch: Scratch) -> Member:
    file = archive.extractfile(one)
    return Member(one.name.removeprefix("./"), scratch.write(file.read()) if file else None)


@dataclass
class Desk:
    """One tree and the tools to upload into it."""

    profile: Profile = ARXIV
    tree: FakeTree = field(default_factory=FakeTree)
    unpacker: Unpacker = field(default_factory=StandardUnpacker)
    scratch: MemoryScratch = field(default_factory=MemoryScratch)
    contents: dict[Digest, Content] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    last: Outcome | None = None

    def inspection(self, *sent: Sent) -> Inspection:
        size = sum(one.content.size_bytes for one in sent)
        budget = Budget(self.limits, size, lambda: 0.0)
        tools = Tools(unpacker=self.unpacker, scratch=self.scratch, budget=budget, at=AT)
        return Inspection(sent, self.profile, tools)

    def upload(self, name: str, data: bytes, *, ancillary: bool = False) -> FakeTree:
        return self.send(sent(name, data, ancillary=ancillary))

    def send(self, *files: Sent) -> FakeTree:
        outcome = self.inspection(*files).against(self.tree)
        self.contents.update(outcome.contents)
        self.tree.apply(outcome)
        self.last = outcome
        return self.tree

    def data(self, path: str, area: Area = Area.SOURCE) -> bytes:
        with self.contents[self.tree.entries[area, path].digest].open() as file:
            return file.read()

    @property
    def log(self) -> list[str]:
        return [text for _, text in self.last.log] if self.last else []


def sent(name: str, data: bytes, *, ancillary: bool = False, unpack: bool | None = None) -> Sent:
    area = Area.ANCILLARY if ancillary else Area.SOURCE
    return Sent(area, TreePath.parse(name), Bytes(data), unpack)


def uploaded(name: str, data: bytes) -> FakeTree:
    """One file into an empty tree."""
    return Desk().upload(name, data)


def a_file(
    name: str, data: bytes = b"x\n", kind: FileKind = FileKind.UNKNOWN, *, ancillary: bool = False
) -> File:
    """A file as a check sees it."""
    area = Area.ANCILLARY if ancillary else Area.SOURCE
    budget = Budget(Limits(), 1 << 30, lambda: 0.0)
    workshop = Workshop(StandardUnpacker(), MemoryScratch(), budget)
    return File(area, TreePath(name), kind, Bytes(data), workshop)


def a_tree(*paths: str) -> Overlay:
    """A tree that holds files at *paths*."""
    tree = FakeTree()
    tree.entries = {(Area.SOURCE, path): an_entry(path) for path in paths}
    return Overlay(tree)
