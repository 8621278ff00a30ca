"""The bucket's parts, put together for the composition root."""

from datetime import timedelta
from pathlib import Path

from filemanager.api.bucket.door import BucketDoor
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.intake.budget import Limits
from filemanager.domain.intake.unpacking import Unpacker
from filemanager.domain.ports import Clock, Database
from filemanager.services.bucket.export import BucketExport
from filemanager.services.bucket.keeping import BucketService, Terms
from filemanager.services.bucket.reading import BucketReader
from filemanager.services.bucket.upkeep import BucketUpkeep
from filemanager.services.committing import Committer
from filemanager.services.facts import FactService
from filemanager.settings.bucket import BucketSettings
from filemanager.storage.media_types import guess
from filemanager.storage.trees.links import DirectoryLinkTree


def terms_of(settings: BucketSettings, limits: Limits, owner_bytes: int | None) -> Terms:
    return Terms(
        algorithm=settings.checksum_type,
        limits=limits,
        also=settings.algorithms_also,
        patterns=settings.patterns,
        is_exported=settings.archive_dir is not None,
        owner_bytes=owner_bytes,
        uploads_per_minute=settings.bucket_anonymous_uploads_per_minute,
        anonymous_bytes=settings.bucket_anonymous_bytes,
        keep_anonymous=timedelta(days=settings.bucket_anonymous_days),
    )


class BucketParts:
    """Makes the door, its upkeep and its export from *settings*, over one database and store."""

    def __init__(
        self,
        settings: BucketSettings,
        terms: Terms,
        database: Database,
        blobs: BlobStore,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._terms = terms
        self._database = database
        self._blobs = blobs
        self._clock = clock

    def door(self, committer: Committer, unpacker: Unpacker) -> BucketDoor:
        settings = self._settings
        facts = FactService(self._database, self._blobs, guess)
        service = BucketService(
            database=self._database,
            committer=committer,
            unpacker=unpacker,
            terms=self._terms,
            clock=self._clock,
        )
        reader = BucketReader(
            self._database, self._blobs, facts.media_type, self._terms, self._clock
        )
        directory = settings.archive_dir
        return BucketDoor(
            service=service,
            reader=reader,
            prefix=settings.bucket_prefix,
            access=settings.bucket_anonymous,
            max_bytes=settings.max_content_length,
            directory=None if directory is None else str(directory),
            uri=settings.archive_uri or "",
        )

    def upkeep(self) -> BucketUpkeep:
        return BucketUpkeep(self._database, self._blobs, self._terms, self._clock)

    def export(self, directory: Path | None = None) -> BucketExport:
        """Into *directory*, or the one of the settings, which is ``.`` where there is none."""
        tree = DirectoryLinkTree(directory or self._settings.archive_dir or Path())
        return BucketExport(self._database, self._blobs, tree, self._terms.algorithm, self._clock)
