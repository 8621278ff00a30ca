"""The port of shares: their rows, what opens them, who came, and their packs."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.shares.capability import CapabilityId, ShareCapability
from filemanager.domain.shares.pack import PackKind, SharePack
from filemanager.domain.shares.share import Share, ShareId
from filemanager.domain.shares.visit import ShareAccess, ShareVisit, VisitId, Visitor
from filemanager.domain.sources.source import SourceId


class ShareCapabilities(Protocol):
    def add(self, capability: ShareCapability, digest: Digest) -> ShareCapability:
        """The id given in it is ignored. *digest* is all that is kept of the secret."""

    def find(self, digest: Digest) -> ShareCapability | None: ...

    def numbered(self, share_id: ShareId, capability_id: CapabilityId) -> ShareCapability | None:
        """To look at what was signed for it: a number is nobody's secret."""

    def named(self, share_id: ShareId, after: int, limit: int) -> Sequence[ShareCapability]:
        """Access keys by id, those behind *after*."""

    def count_named(self, share_id: ShareId, at: datetime) -> int:
        """Access keys that are alive then."""

    def revoke(self, share_id: ShareId, capability_id: CapabilityId) -> bool:
        """Delete an access key; False: the share has none of that id."""

    def revoke_unlocked(self, share_id: ShareId) -> None:
        """Delete all but access keys."""

    def prune(self, expired_before: datetime, limit: int) -> int:
        """Returns how many."""


class ShareVisits(Protocol):
    def find(self, share_id: ShareId, visitor: Visitor, at: datetime) -> ShareVisit | None:
        """The one that lasts then."""

    def get(self, visit_id: VisitId, at: datetime) -> ShareVisit | None:
        """If it lasts then."""

    def begin(
        self, share_id: ShareId, visitor: Visitor, at: datetime, until: datetime
    ) -> ShareVisit:
        """The visit that lasts, or a new one, which is counted exactly once however many begin it
        at once. Raises ``ShareUsedUp``, and counts nothing, beyond the share's limit.
        """

    def was_right(self, share_id: ShareId, visitor: Visitor, since: datetime) -> bool:
        """Whether a password of that address was right since then."""

    def note_right(self, share_id: ShareId, visitor: Visitor, at: datetime) -> None: ...

    def prune(self, ended_before: datetime, right_before: datetime, limit: int) -> int:
        """Forget visits and addresses; returns how many."""


class ShareAccesses(Protocol):
    def add(self, access: ShareAccess) -> None: ...

    def page(self, share_id: ShareId, before: int | None, limit: int) -> Sequence[ShareAccess]:
        """Newest first, those with ids below *before*."""

    def prune(self, before: datetime, limit: int) -> int:
        """Returns how many."""


class SharePacks(Protocol):
    def find(self, share_id: ShareId, kind: PackKind) -> SharePack | None: ...

    def save(self, pack: SharePack) -> None:
        """In place of what the share had of that kind; its blob is held by it."""

    def forget(self, share_id: ShareId) -> None: ...


class Shares(Protocol):
    @property
    def capabilities(self) -> ShareCapabilities: ...
    @property
    def visits(self) -> ShareVisits: ...
    @property
    def accesses(self) -> ShareAccesses: ...
    @property
    def packs(self) -> SharePacks: ...

    def add(self, share: Share) -> Share:
        """The id given in it is ignored. Raises ``SlugTaken``, also by one that was revoked."""

    def find(self, slug: str) -> Share | None:
        """A revoked one too."""

    def get(self, share_id: ShareId) -> Share:
        """Raises ``ShareUnknown``. A revoked one is found."""

    def page(self, package_id: DataPackageId, after: int, limit: int) -> Sequence[Share]:
        """Living ones by id, those behind *after*."""

    def page_of(self, owner: Owner, after: int, limit: int) -> Sequence[Share]:
        """Living ones of all packages of *owner* that are not deleted, by id."""

    def count(self, package_id: DataPackageId) -> int:
        """Living ones."""

    def save(self, share: Share) -> None:
        """Write everything but id, package, count of visits and time of making. Raises
        ``SlugTaken``.
        """

    def sources(self, tree_id: TreeId, revision: Revision) -> Collection[SourceId]:
        """Every source that an item of that revision of a package lies in, each once."""

    def paths_of_md5(self, tree_id: TreeId, revision: Revision, md5: str) -> Collection[str]:
        """Of items that have, or point to what has, that MD5 in hex: also where it was worked out
        after a version was frozen.
        """

    def paths_of_sha256s(
        self, tree_id: TreeId, revision: Revision, digests: Collection[Digest]
    ) -> Collection[str]:
        """The same by SHA-256."""
