"""The bucket that clients read repositories in by themselves, and what keeps it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from filemanager.domain.blobs.links import BlobLinks
from filemanager.factory.core import Core
from filemanager.factory.parts import clock
from filemanager.factory.stores.blobs import blob_access
from filemanager.jobs.schedule import Periodic
from filemanager.services.jobs import Handler, Running
from filemanager.services.repositories.mirror.copying import ClientBucket
from filemanager.services.repositories.mirror.following import MirrorService
from filemanager.services.repositories.mirror.syncing import SyncService, SyncTerms
from filemanager.services.repositories.pushing import PushService
from filemanager.services.repositories.tasks import (
    MIRROR,
    SYNC,
    SYNC_ALL,
    Announce,
    nothing_follows,
    promise_sync,
)
from filemanager.settings.public_bucket import PublicBucket
from filemanager.settings.service import Settings
from filemanager.storage.named.links import S3BlobLinks
from filemanager.storage.named.s3 import S3NamedObjects, S3Place, signing_client
from filemanager.storage.s3.client import S3Access

_OWN = "repositories/"
"""What keys begin with where the bucket is that of blobs."""

_LINKED_FOR = timedelta(minutes=15)
"""Until a client must have begun to read."""


def _let_be(running: Running) -> None:
    """There is no such bucket any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirroring:
    """What the door does for the bucket, by default for none."""

    announce: Announce = nothing_follows
    handlers: Mapping[str, Handler] = field(
        default_factory=lambda: dict.fromkeys((MIRROR, SYNC, SYNC_ALL), _let_be)
    )
    periodic: Sequence[Periodic] = ()
    at_start: Sequence[Callable[[], object]] = ()


def rebuilt(settings: Settings) -> Announce:
    """Whoever asks to build a repository anew means what was put into the bucket by hand, too."""
    return nothing_follows if settings.repositories.public_bucket is None else promise_sync


def mirroring_of(core: Core, pushes: PushService) -> Mirroring:
    settings = core.settings.repositories
    bucket = settings.public_bucket
    if bucket is None:
        return Mirroring()
    objects = client_objects(core.settings, bucket)
    grace = timedelta(hours=settings.repositories_grace_hours)
    place = ClientBucket(objects=objects, is_public=bucket.sends_acl)
    mirror = MirrorService(core.database, core.blobs, place, grace, clock)
    terms = SyncTerms(
        objects=objects,
        catalogue=settings.catalogue,
        max_bytes=settings.repositories_max_push_bytes,
    )
    sync = SyncService(core.database, pushes, core.parts.space, terms, clock)
    return Mirroring(
        announce=mirror.announce,
        handlers={MIRROR: mirror.mirror, SYNC: sync.sync, SYNC_ALL: sync.sync_all},
        periodic=(Periodic("mirror_repositories", timedelta(hours=1), mirror.catch_up),),
        at_start=(sync.promise_all,) if settings.syncs_on_start else (),
    )


def client_objects(settings: Settings, bucket: PublicBucket) -> S3NamedObjects:
    """Nothing is connected."""
    prefix = f"{bucket.base_path}/" if bucket.base_path else ""
    if bucket.name is None:
        prefix = f"{settings.s3_prefix}{_OWN}{prefix}"
    access = _access(settings, bucket)
    return S3NamedObjects(
        signing_client(access),
        S3Place(bucket=bucket.name or str(settings.s3_bucket), prefix=prefix),
        blobs=_blobs(settings, access),
        staging=str(settings.scratch),
    )


def blob_links(settings: Settings) -> BlobLinks:
    """Into the bucket of blobs, by the address that clients know."""
    access = blob_access(settings)
    known_as = settings.s3_public_endpoint or access.endpoint_url
    place = S3Place(bucket=str(settings.s3_bucket), prefix=settings.s3_prefix)
    return S3BlobLinks(signing_client(replace(access, endpoint_url=known_as)), place, _LINKED_FOR)


def _access(settings: Settings, bucket: PublicBucket) -> S3Access:
    """Its own, or that of the blobs' bucket."""
    core = blob_access(settings)
    key, secret = bucket.access_key, bucket.secret_key
    return S3Access(
        endpoint_url=bucket.endpoint or core.endpoint_url,
        region=bucket.region or core.region,
        access_key=key.get_secret_value() if key else core.access_key,
        secret_key=secret.get_secret_value() if secret else core.secret_key,
    )


def _blobs(settings: Settings, access: S3Access) -> S3Place | None:
    """Where the same account finds blobs in the same store."""
    if settings.s3_bucket is None or access != blob_access(settings):
        return None
    return S3Place(bucket=settings.s3_bucket, prefix=settings.s3_prefix)
