"""What a file sent to the bucket is made of: decided by its bytes alone, before any transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from filemanager.archives.compressed import decompress
from filemanager.archives.streams.decompress import compression_of
from filemanager.domain.blobs.blob import Content, hashed
from filemanager.domain.ids import Digest
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import ArchiveRefused, Member, Unpacked, Unpacker
from filemanager.domain.ports import Clock
from filemanager.domain.quotas import charge
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.log import escaped

SHA256 = "sha256"
MD5 = "md5"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of the form; ``checksum`` is of the algorithm that the door uses."""

    path: TreePath
    content: Content
    checksum: str


@dataclass(slots=True)
class Stages:
    """A file and what came out of it.

    ``checksums`` are of every content here; ``members`` are the files of ``archive``, each path
    once. ``log`` is for the sender: lines of time, stage, level and text.
    """

    sent: SentFile
    checksums: dict[Digest, str]
    decompressed: Content | None = None
    archive: Content | None = None
    members: dict[TreePath, Content] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def contents(self) -> Iterator[Content]:
        yield self.sent.content
        if self.decompressed is not None:
            yield self.decompressed
        yield from self.members.values()

    @property
    def kept_bytes(self) -> int:
        return sum(charge(content.size_bytes) for content in self.contents())


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTools:
    """What one upload is taken apart with."""

    unpacker: Unpacker
    scratch: Scratch
    budget: Budget
    algorithm: str
    clock: Clock


def stages_of(sent: SentFile, tools: StageTools) -> Stages:
    """Decompress one layer and take apart what is inside.

    What is refused stays closed, and the log says why. Raises ``OverBudget``.
    """
    content = sent.content
    stages = Stages(sent, {content.digest: sent.checksum})
    at = tools.clock()
    size = content.size_bytes
    stages.log.append(
        info_line(at, "Blob", f"Stored '{escaped(sent.path)}' ({size} bytes) as {sent.checksum}")
    )
    try:
        stages.decompressed = decompress(content, tools.budget, tools.scratch)
    except ArchiveRefused as refused:
        stages.log.append(warning_line(at, "Decompressed", f"Kept as it is: {refused.detail}"))
        return stages
    if stages.decompressed is not None:
        value = _remember(stages, stages.decompressed, tools.algorithm)
        size = stages.decompressed.size_bytes
        stages.log.append(info_line(at, "Decompressed", f"Decompressed to {value} ({size} bytes)"))
    _explode(stages, stages.decompressed or content, tools)
    return stages


def info_line(at: datetime, stage: str, text: str) -> str:
    """A line in the columns of the original, whose clients cut at them."""
    return _line(at, stage, "INFO", text)


def warning_line(at: datetime, stage: str, text: str) -> str:
    return _line(at, stage, "WARNING", text)


def _line(at: datetime, stage: str, level: str, text: str) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03}   {stage:<24} {level:<8} {text}"


def _explode(stages: Stages, archive: Content, tools: StageTools) -> None:
    """A compressed file inside a compressed file stays closed, as archives in archives do."""
    if compression_of(archive.head(8)):
        return
    at = tools.clock()
    try:
        found = tools.unpacker.unpack(archive, tools.budget, tools.scratch)
    except ArchiveRefused as refused:
        stages.log.append(warning_line(at, "Archive", f"Kept and not exploded: {refused.detail}"))
        return
    if found is None:
        return
    _place_members(stages, found, tools)
    if not stages.members:
        stages.log.append(warning_line(at, "Archive", "Not exploded: no file is in it"))
        return
    stages.archive = archive
    stages.log.append(info_line(at, "Archive", f"Exploded {len(stages.members)} files"))


def _place_members(stages: Stages, found: Unpacked, tools: StageTools) -> None:
    at = tools.clock()
    for refused in found.refused:
        text = f"Left out '{escaped(refused.path)}': {refused.refusal.value}"
        stages.log.append(warning_line(at, "Archive", f"{text} {refused.detail}".rstrip()))
    directories: set[str] = set()
    for member in found.members:
        before = len(stages.members)
        if (why := _place(stages, directories, member)) is not None:
            text = f"Left out '{escaped(member.path)}': {why}"
            stages.log.append(warning_line(at, "Archive", text))
        elif member.changes:
            text = f"'{escaped(member.sent_as)}' is '{escaped(member.path)}'"
            why = " and ".join(change.value for change in member.changes)
            stages.log.append(warning_line(at, "Archive", f"{text}: {why}"))
        elif member.content is not None and len(stages.members) == before:
            text = f"'{escaped(member.path)}' is in it twice: the later one is shown"
            stages.log.append(warning_line(at, "Archive", text))
    for content in stages.members.values():
        _remember(stages, content, tools.algorithm)


def _place(stages: Stages, directories: set[str], member: Member) -> str | None:
    """Put a file at its path; of two at one path the later stays. Otherwise say why not."""
    if member.content is None:
        return None
    try:
        path = TreePath.parse(member.path)
    except PathRefused as refused:
        return refused.why
    above = path.directories()
    if path in directories or any(TreePath(one) in stages.members for one in above):
        return "another file or directory is at its path"
    directories.update(above)
    stages.members[path] = member.content
    return None


def _remember(stages: Stages, content: Content, algorithm: str) -> str:
    """The checksum of a content, read once more where it is not the SHA-256."""
    known = stages.checksums.get(content.digest)
    if known is None:
        known = stages.checksums[content.digest] = checksum_of(content, algorithm)
    return known


def checksum_of(content: Content, algorithm: str) -> str:
    return hashed(content, algorithm).hex()
