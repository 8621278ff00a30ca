"""Pushing: the files of a directory into a workspace, in one revision, without known bytes."""

import uuid
from collections.abc import Collection, Container, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from filemanager.client.bundles import parcels_of
from filemanager.client.crowd import each
from filemanager.client.errors import ClientError, Refused
from filemanager.client.folders.local_files import Folder, LocalFile, Parcel
from filemanager.client.memory import Memory, Settled, memory_of
from filemanager.client.sending import Sender
from filemanager.client.uploads import Upload, Uploads
from filemanager.client.values import Change, Finding, Workspace
from filemanager.client.watching import Watcher
from filemanager.client.workspaces import Workspaces

_WITH_THE_SERVICE = ("receiving", "received")
_INCOMPLETE = "upload_incomplete"
_OVER = ("refused", "abandoned")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushWish:
    """``unpack``: archives are unpacked in the workspace and not kept as they are."""

    folder: Folder
    workspace: int
    cache: Path
    unpack: bool = False
    threads: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What came of a push, and what the checks say of the workspace behind it.

    ``sent_bytes`` are those of contents that left this machine in this run, ``known_files`` were
    there already. ``changes`` are what checks did to the files that were sent last.
    """

    workspace: int
    revision: int
    readiness: str
    sent_files: int
    sent_bytes: int
    known_files: int
    left_out: Sequence[str]
    findings: Sequence[Finding]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a push would send."""

    workspace: int | None
    would_send: Sequence[str]
    would_send_bytes: int
    known_files: int
    left_out: Sequence[str]


def foresee(folder: Folder, workspace: int | None, known: Collection[str] = ()) -> Foreseen:
    """``workspace`` None: one that is not made yet."""
    wanted = [file for file in folder.files if file.path not in known]
    return Foreseen(
        workspace=workspace,
        would_send=[file.path for file in wanted],
        would_send_bytes=sum(file.size_bytes for file in wanted),
        known_files=len(folder.files) - len(wanted),
        left_out=folder.left_out,
    )


class Push:
    def __init__(
        self, workspaces: Workspaces, uploads: Uploads, wish: PushWish, watcher: Watcher
    ) -> None:
        self._workspaces = workspaces
        self._uploads = uploads
        self._wish = wish
        self._watcher = watcher
        self._sent_bytes = 0
        self._counting = Lock()

    def run(self, url: str) -> Pushed:
        """All files or none. Raises ``ClientError``; what was uploaded by then is gone on with."""
        wish, files = self._wish, self._wish.folder.files
        with self._memory(url) as memory:
            self._end_what_was_received(memory)
            found = self._workspaces.get(wish.workspace)
            revision = found.revision
            known = self._known(memory, found)
            wanted = [file for file in files if file.path not in known]
            if wanted:
                revision = self._send(wanted, memory, known)
            else:
                self._leave_all(memory)
        return Pushed(
            workspace=wish.workspace,
            revision=revision,
            readiness=self._workspaces.get(wish.workspace).readiness,
            sent_files=len(wanted),
            sent_bytes=self._sent_bytes,
            known_files=len(known),
            left_out=wish.folder.left_out,
            findings=self._workspaces.findings(wish.workspace),
            changes=self._workspaces.changes(wish.workspace),
        )

    def foresee(self, url: str) -> Foreseen:
        """Nothing is sent, and nothing changed."""
        wish = self._wish
        with self._memory(url) as memory:
            known = self._known(memory, self._workspaces.get(wish.workspace))
        return foresee(wish.folder, wish.workspace, known)

    def _memory(self, url: str) -> AbstractContextManager[Memory]:
        wish = self._wish
        return memory_of(wish.cache, url, wish.workspace, wish.folder.directory)

    def _end_what_was_received(self, memory: Memory) -> None:
        """A push that was stopped after its last byte is waited for first."""
        if memory.batch is None:
            return
        states = {upload.state for upload in self._uploads.of_batch(memory.batch)}
        if states & {*_WITH_THE_SERVICE}:
            self._settle(memory, memory.settled)
        elif not states or states & {*_OVER}:
            memory.end(memory.revision, memory.settled)

    def _known(self, memory: Memory, found: Workspace) -> set[str]:
        """The paths of files that the workspace has, also as what checks made of them.

        What they left nothing of is known while nothing else has happened to the workspace.
        """
        there = self._there(found)

        def is_known(file: LocalFile) -> bool:
            if there.get(file.path) == file.sha256:
                return True
            settled = memory.settled.get(file.path)
            if settled is None or settled.sha256 != file.sha256:
                return False
            if settled.became is None:
                return memory.revision == found.revision
            return there.get(settled.became) == settled.became_sha256

        return {file.path for file in self._wish.folder.files if is_known(file)}

    def _there(self, found: Workspace) -> Mapping[str, str]:
        """The digest of every path."""
        if not found.file_count:
            return {}
        files = self._workspaces.files(found.id, found.revision)
        return {file.path: file.sha256 for file in files}

    def _send(self, wanted: Sequence[LocalFile], memory: Memory, known: Container[str]) -> int:
        """Send and have received, and return the revision that came of it."""
        try:
            return self._sent(wanted, memory, known)
        except Refused as refused:
            if refused.code != _INCOMPLETE:
                raise
            # Bytes that were known are not any more: this time they are sent.
            self._leave_all(memory)
            return self._sent(wanted, memory, known)

    def _sent(self, wanted: Sequence[LocalFile], memory: Memory, known: Container[str]) -> int:
        is_new = memory.batch is None
        if is_new:
            there = self._uploads.known({file.sha256 for file in wanted})
            memory.begin(uuid.uuid4().hex, there)
        parcels = parcels_of(wanted, memory.known)
        if not is_new:
            self._leave(memory, parcels)
        sender = Sender(self._uploads, memory, self._metadata(str(memory.batch)), self._count)
        content = sum(parcel.content_bytes(0, parcel.size_bytes) for parcel in parcels)
        self._watcher.begin("sending", content)
        each(sender.send, parcels, self._wish.threads)
        return self._settle(memory, {p: one for p, one in memory.settled.items() if p in known})

    def _settle(self, memory: Memory, before: Mapping[str, Settled]) -> int:
        """Have the batch received, remember what it became, and return the new revision."""
        batch = str(memory.batch)
        self._receive(batch)
        uploads = self._uploads.of_batch(batch)
        settled = {
            one.sent: Settled(one.sent_sha256, one.path, one.sha256)
            for upload in uploads
            for one in upload.changed
            if one.sent_sha256 is not None
        }
        revision = max(upload.revision or 0 for upload in uploads)
        memory.end(revision, {**before, **settled})
        return revision

    def _leave(self, memory: Memory, parcels: Sequence[Parcel]) -> None:
        """Give up the uploads of an earlier run whose files changed, went, or are known by now."""
        digests = {parcel.path: parcel.sha256 for parcel in parcels}
        for upload in self._uploads.of_batch(str(memory.batch)):
            sending = memory.sending.get(upload.path)
            is_wanted = sending is not None and sending.sha256 == digests.get(upload.path)
            if not (is_wanted and sending is not None and sending.url == upload.url):
                self._uploads.give_up(upload.url)
                memory.sending.pop(upload.path, None)

    def _leave_all(self, memory: Memory) -> None:
        if memory.batch is not None:
            self._leave(memory, ())
            memory.end(memory.revision, memory.settled)

    def _metadata(self, batch: str) -> Mapping[str, str]:
        target = {"workspace": str(self._wish.workspace), "batch": batch}
        # Where archives are to be unpacked their names tell which files are some.
        return target if self._wish.unpack else {**target, "unpack": "false"}

    def _receive(self, batch: str) -> None:
        self._watcher.begin("receiving", 100)
        done = 0

        def watch(progress: int) -> None:
            nonlocal done
            self._watcher.advance(progress - done)
            done = progress

        try:
            self._uploads.receive(batch, watch)
        except Refused as refused:
            why = _refusals(self._uploads.of_batch(batch))
            if why and refused.code != _INCOMPLETE:
                raise ClientError(why) from refused
            raise

    def _count(self, sent: int, gone_on: int) -> None:
        """*sent* bytes left now; *gone_on* had come in an earlier run."""
        with self._counting:
            self._sent_bytes += sent
        self._watcher.advance(sent + gone_on)


def _refusals(uploads: Sequence[Upload]) -> str:
    """All are refused together, with words that name the file that is wrong."""
    return "\n".join(sorted({one.error for one in uploads if one.error}))
