"""The bucket door."""

from datetime import timedelta
from pathlib import Path

from filemanager.api.bucket.dialect import dialect
from filemanager.api.bucket.door import BucketDoor
from filemanager.api.bucket.routes import bucket
from filemanager.domain.intake.budget import Limits
from filemanager.domain.uploads.targets import DropTarget
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.hosts import hosts_of
from filemanager.factory.parts import Parts, clock
from filemanager.jobs.schedule import Periodic
from filemanager.services.bucket.export import BucketExport
from filemanager.services.bucket.keeping import CHECKSUMS, EXPORT, BucketService
from filemanager.services.bucket.reading import BucketReader
from filemanager.services.bucket.receiver import DropReceiver
from filemanager.services.bucket.terms import Terms
from filemanager.services.bucket.upkeep import BucketUpkeep
from filemanager.settings.service import Settings
from filemanager.storage.trees.links import DirectoryLinkTree


def bucket_door(core: Core) -> Door:
    settings, terms = core.settings.bucket, terms_of(core.settings, core.parts.limits)
    service = BucketService(
        database=core.database,
        committer=core.committer,
        unpacker=core.unpacker,
        terms=terms,
        clock=clock,
    )
    directory = settings.archive_dir
    upkeep = BucketUpkeep(core.database, core.blobs, terms, clock)
    return Door(
        stands_on=BucketDoor(
            service=service,
            reader=BucketReader(core.database, core.blobs, core.facts.media_type, terms, clock),
            prefix=settings.bucket_prefix,
            access=settings.bucket_anonymous,
            max_bytes=settings.max_content_length,
            directory=None if directory is None else str(directory),
            uri=settings.archive_uri or "",
            hosts=hosts_of(core.settings),
        ),
        blueprints=(bucket,),
        prefix=settings.bucket_prefix or None,
        dialect=dialect(settings.bucket_prefix),
        receivers={DropTarget: DropReceiver(service)},
        handlers={
            EXPORT: bucket_export(core.parts).run,
            CHECKSUMS: upkeep.work_out_checksums,
        },
        periodic=(Periodic("expire_drops", timedelta(hours=1), upkeep.expire),),
    )


def bucket_export(parts: Parts, directory: Path | None = None) -> BucketExport:
    """Into *directory*, or the one of the settings, which is ``.`` where there is none."""
    tree = DirectoryLinkTree(directory or parts.settings.bucket.archive_dir or Path())
    algorithm = parts.settings.bucket.checksum_type
    return BucketExport(parts.database, parts.blobs, tree, algorithm, clock)


def terms_of(settings: Settings, limits: Limits) -> Terms:
    door = settings.bucket
    return Terms(
        algorithm=door.checksum_type,
        limits=limits,
        also=door.algorithms_also,
        patterns=door.patterns,
        is_exported=door.archive_dir is not None,
        owner_bytes=settings.max_owner_bytes,
        uploads_per_minute=door.bucket_anonymous_uploads_per_minute,
        anonymous_bytes=door.bucket_anonymous_bytes,
        anonymous_drops=door.bucket_anonymous_drops,
        form_drops=door.bucket_max_form_drops,
        keep_anonymous=timedelta(days=door.bucket_anonymous_days),
    )
