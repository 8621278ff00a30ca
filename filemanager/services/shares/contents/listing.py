"""What a share holds: level by level for readers, and whole as lists and formats."""

import hashlib
from collections.abc import Iterator

from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import (
    BlobBehind,
    Item,
    Level,
    PackageEdition,
)
from filemanager.domain.packages.pointer import Pointer, UrlPlace
from filemanager.domain.ports import Database
from filemanager.domain.shares.errors import ShareUnlisted
from filemanager.exports.listing import Edition, Items, ListedItem
from filemanager.services.shares.opening import Opened

PAGE = 1000
"""Items, or what lies in a directory, that are read at once."""


_HELD = 10_000
"""Items that are read once for all that one request makes of them: some megabytes."""


class ListingService:
    def __init__(self, database: Database) -> None:
        self._database = database

    def level(self, opened: Opened, directory: str, after: str | None) -> Level:
        """Raises ``ShareUnlisted`` and ``ItemNotFound``; an empty package has an empty top."""
        ensure_listed(opened)
        if not opened.edition.items and not directory:
            return Level()
        with self._database.read() as tx:
            return tx.packages.level(opened.edition, directory, after, PAGE)

    def levels(self, opened: Opened, directory: str) -> Iterator[Level]:
        """Every page of a directory. The first is read at once: raises as ``level``."""
        first = self.level(opened, directory, None)
        return self._following(opened, directory, first)

    def items(self, opened: Opened) -> Items:
        """All of them, a page at a time, as often as they are asked for. Raises
        ``ShareUnlisted``.
        """
        ensure_listed(opened)
        return self.every(opened.edition)

    def every(self, edition: PackageEdition) -> Items:
        if edition.items > _HELD:
            return lambda: self._listed(edition)
        held: list[ListedItem] = []

        def items() -> Iterator[ListedItem]:
            if not held:
                held.extend(self._listed(edition))
            return iter(held)

        return items

    def _following(self, opened: Opened, directory: str, level: Level) -> Iterator[Level]:
        yield level
        while level.next is not None:
            level = self.level(opened, directory, level.next)
            yield level

    def _listed(self, edition: PackageEdition) -> Iterator[ListedItem]:
        after: str | None = None
        while True:
            with self._database.read() as tx:
                found = tx.packages.items(edition, after, PAGE)
            yield from map(listed, found)
            if len(found) < PAGE:
                return
            after = found[-1].path


def ensure_listed(opened: Opened) -> None:
    """Raises ``ShareUnlisted``."""
    if not opened.share.is_listed:
        raise ShareUnlisted


def edition_under(opened: Opened, base: str) -> Edition:
    """What exports are made of; *base* is the absolute URL that is asked under."""
    return exported(opened.edition, base)


def exported(edition: PackageEdition, base: str) -> Edition:
    return Edition(
        package_id=edition.package_id,
        described=edition.described,
        number=edition.number,
        items=edition.items,
        size_bytes=edition.size_bytes,
        digest=edition.digest,
        is_anonymous=edition.is_anonymous,
        frozen_at=edition.frozen_at,
        base=base,
    )


def listed(item: Item) -> ListedItem:
    behind = item.behind
    etag = None
    if isinstance(behind, Pointer) and not isinstance(behind.place, UrlPlace):
        etag = behind.place.pinned.etag
    return ListedItem(
        path=item.path,
        size_bytes=item.size_bytes,
        sha256=item.sha256,
        md5=item.md5,
        media_type=item.media_type,
        etag=etag,
        is_text=isinstance(behind, BlobBehind) and behind.is_text,
        is_ours=isinstance(behind, BlobBehind),
    )


def known_digest(item: ListedItem) -> Digest:
    """Of what we keep, which is never pending."""
    if item.sha256 is None:
        raise AssertionError(item.path)
    return item.sha256


def version_tag(opened: Opened, base: str, name: str) -> str | None:
    """What a list of a version is told apart by, for good; None: of what the package holds now
    digests become known without another revision, so that only the list itself tells.
    """
    edition = opened.edition
    if edition.number is None:
        return None
    return short_tag(edition.package_id, str(edition.number), base, name)


def short_tag(*told: str) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
