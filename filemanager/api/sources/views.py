"""The JSON of sources."""

from collections.abc import Collection
from datetime import datetime

from filemanager.api.http.views import View
from filemanager.domain.sources.objects import ObjectPage, SourceObject
from filemanager.domain.sources.source import BucketPlace, Source, SourceKind


class ProbeView(View):
    """What it was found to do; null: it could not be told."""

    versioning: bool | None
    conditional_get: bool | None
    signed_head: bool | None
    cors: bool | None


class SourceView(View):
    """Of a directory, all that is of a bucket alone is null. ``readers`` are told to those who look
    after sources; others learn what lets them in.
    """

    name: str
    kind: SourceKind
    bucket: str | None
    prefix: str | None
    endpoint: str | None
    public_endpoint: str | None
    region: str | None
    readers: list[str]
    probe: ProbeView
    has_credentials: bool


class SourceList(View):
    sources: list[SourceView]


class SourceObjectView(View):
    """``version`` null: the source keeps none."""

    key: str
    size: int
    etag: str
    version: str | None
    modified: datetime


class SourceObjectList(View):
    objects: list[SourceObjectView]
    prefixes: list[str]


def source_view(source: Source, readers: Collection[str]) -> SourceView:
    place = source.place if isinstance(source.place, BucketPlace) else None
    return SourceView(
        name=source.name,
        kind=source.kind,
        bucket=place and place.bucket,
        prefix=place and place.prefix,
        endpoint=place and place.endpoint,
        public_endpoint=place and place.public_endpoint,
        region=place and place.region,
        readers=sorted(readers),
        probe=ProbeView(
            versioning=source.probe.versioning,
            conditional_get=source.probe.conditional_get,
            signed_head=source.probe.signed_head,
            cors=source.probe.cors,
        ),
        has_credentials=source.has_credentials,
    )


def objects_view(page: ObjectPage) -> SourceObjectList:
    return SourceObjectList(
        objects=[_object_view(one) for one in page.objects], prefixes=list(page.prefixes)
    )


def _object_view(found: SourceObject) -> SourceObjectView:
    return SourceObjectView(
        key=found.key,
        size=found.size_bytes,
        etag=found.etag,
        version=found.version,
        modified=found.modified_at,
    )
