"""Sources in memory: what lies in them, what is asked of them, and what they refuse."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from urllib.parse import quote, urlencode

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.sources.errors import SourceObjectChanged, SourceObjectGone
from filemanager.domain.sources.objects import (
    ObjectPage,
    ObjectQuery,
    PinnedObject,
    SignedMethod,
    SignedWish,
    SourceObject,
    SourceObjects,
)
from filemanager.domain.sources.source import (
    BucketPlace,
    Credentials,
    DirectoryPlace,
    Probe,
    Source,
)

_CHUNK_BYTES = 1 << 20
_ENDPOINT = "https://objects.test"
_START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True)
class _Version:
    """``data`` None: a mark that the key was deleted."""

    object: SourceObject
    data: bytes | None


@dataclass
class MemoryBucket:
    """The objects of one source, by whole key, the latest version last.

    ``asked`` has a line for each request, ``fault`` is raised by each, ``faults_at`` by those that
    ask for that key.
    """

    is_versioned: bool = True
    signs: bool = True
    asked: list[str] = field(default_factory=list)
    fault: FilemanagerError | None = None
    faults_at: dict[str, FilemanagerError] = field(default_factory=dict)
    _kept: dict[str, list[_Version]] = field(default_factory=dict)
    _written: int = 0

    def put(self, key: str, data: bytes = b"text") -> SourceObject:
        """As somebody else would; a second later each time."""
        etag = md5(data, usedforsecurity=False).hexdigest()
        return self._add(key, data, etag)

    def delete(self, key: str) -> None:
        """Where there are versions, the older ones stay."""
        self._add(key, None, "")

    def destroy(self, key: str) -> None:
        """With every version."""
        del self._kept[key]

    def ask(self, what: str, key: str) -> None:
        self.asked.append(f"{what} {key}")
        fault = self.fault or self.faults_at.get(key)
        if fault is not None:
            raise fault

    def latest(self) -> dict[str, SourceObject]:
        return {
            key: versions[-1].object
            for key, versions in self._kept.items()
            if versions[-1].data is not None
        }

    def found(self, pinned: PinnedObject) -> tuple[SourceObject, bytes]:
        versions = [one for one in self._kept.get(pinned.key, ()) if _fits(one, pinned)]
        if not versions or versions[-1].data is None:
            raise SourceObjectGone(pinned.key)
        found = versions[-1]
        if pinned.etag not in (None, found.object.etag):
            raise SourceObjectChanged(pinned.key)
        return found.object, versions[-1].data

    def _add(self, key: str, data: bytes | None, etag: str) -> SourceObject:
        self._written += 1
        made = SourceObject(
            key=key,
            size_bytes=len(data or b""),
            etag=etag,
            version=f"v{self._written}" if self.is_versioned else None,
            modified_at=_START + timedelta(seconds=self._written),
        )
        older = self._kept.get(key, []) if self.is_versioned else []
        self._kept[key] = [*older, _Version(made, data)]
        return made


class MemorySourceObjects:
    """A bucket as one source shows it: below the source's prefix."""

    def __init__(self, bucket: MemoryBucket, place: BucketPlace | DirectoryPlace) -> None:
        self._bucket = bucket
        self._place = place
        self._prefix = place.prefix if isinstance(place, BucketPlace) else ""

    @property
    def signs(self) -> bool:
        return self._bucket.signs

    def page(self, query: ObjectQuery) -> ObjectPage:
        self._bucket.ask("page", query.prefix)
        shown: dict[str, SourceObject | None] = {}
        for key, one in self._bucket.latest().items():
            if key.startswith(self._prefix + query.prefix):
                bare = key.removeprefix(self._prefix)
                folder = _folder(bare, query)
                shown[folder or bare] = None if folder else replace(one, key=bare)
        names = [
            name
            for name in sorted(shown, key=lambda name: name.encode())
            if query.contains in name.removeprefix(query.prefix)
            and name.encode() > (query.cursor or "").encode()
        ]
        page = names[: query.limit]
        objects = [found for name in page if (found := shown[name]) is not None]
        return ObjectPage(
            objects=objects,
            prefixes=[name for name in page if shown[name] is None],
            next=page[-1] if len(names) > query.limit else None,
        )

    def find(self, key: str) -> SourceObject:
        return self._asked("find", PinnedObject(key=key))[0]

    def ensure_there(self, pinned: PinnedObject) -> SourceObject:
        return self._asked("ensure_there", pinned)[0]

    def read(self, pinned: PinnedObject, start: int, stop: int) -> Iterator[bytes]:
        data = self._asked("read", pinned)[1][:stop]
        for offset in range(start, len(data), _CHUNK_BYTES):
            yield data[offset : offset + _CHUNK_BYTES]

    def sign(
        self, pinned: PinnedObject, method: SignedMethod, wish: SignedWish, lifetime: timedelta
    ) -> str:
        place = self._place
        before = (
            f"{place.public_endpoint}/{place.bucket}"
            if isinstance(place, BucketPlace)
            else _ENDPOINT
        )
        told = {
            "versionId": pinned.version or "",
            "response-content-disposition": wish.disposition,
            "response-content-type": wish.media_type,
            "X-Amz-Expires": str(int(lifetime.total_seconds())),
            "X-Amz-Signature": f"of-{method}",
        }
        return f"{before}/{quote(self._prefix + pinned.key)}?{urlencode(told)}"

    def probe(self) -> Probe:
        self._bucket.ask("probe", "")
        return Probe(
            versioning=self._bucket.is_versioned,
            conditional_get=True,
            signed_head=self.signs,
            cors=False,
        )

    def _asked(self, what: str, pinned: PinnedObject) -> tuple[SourceObject, bytes]:
        whole = replace(pinned, key=self._prefix + pinned.key)
        self._bucket.ask(what, whole.key)
        found, data = self._bucket.found(whole)
        return replace(found, key=pinned.key), data


class MemorySources:
    """Buckets by the names of their sources, made when they are first asked for.

    ``tried`` has the credentials of each trial.
    """

    def __init__(self) -> None:
        self.buckets: dict[str, MemoryBucket] = {}
        self.tried: list[Credentials | None] = []

    def bucket(self, name: str) -> MemoryBucket:
        return self.buckets.setdefault(name, MemoryBucket())

    def objects_of(self, source: Source) -> SourceObjects:
        return MemorySourceObjects(self.bucket(source.name), source.place)

    def trial(
        self, name: str, place: BucketPlace | DirectoryPlace, credentials: Credentials | None
    ) -> SourceObjects:
        self.tried.append(credentials)
        return MemorySourceObjects(self.bucket(name), place)


def _fits(version: _Version, pinned: PinnedObject) -> bool:
    return pinned.version in (None, version.object.version)


def _folder(key: str, query: ObjectQuery) -> str | None:
    """The prefix that is told in place of *key*."""
    if not query.delimiter:
        return None
    head, found, _ = key[len(query.prefix) :].partition(query.delimiter)
    return f"{query.prefix}{head}{found}" if found else None
