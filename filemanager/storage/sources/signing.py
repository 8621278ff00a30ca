"""Signed URLs of a source's objects; nothing is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from filemanager.domain.sources.objects import PinnedObject, SignedMethod, SignedWish
from filemanager.domain.sources.source import BucketPlace, Credentials
from filemanager.storage.sources.asking import frozen, url_of


@dataclass(frozen=True, slots=True)
class SourceUrls:
    """URLs at *endpoint*, which a signature binds. *credentials* None: plain ones."""

    place: BucketPlace
    endpoint: str
    credentials: Credentials | None

    def url(
        self, pinned: PinnedObject, method: SignedMethod, wish: SignedWish, lifetime: timedelta
    ) -> str:
        query = version_of(pinned)
        if self.credentials is None:
            # Stores refuse what strangers wish of an answer.
            return self._plain(pinned, query)
        wished = {
            "response-content-disposition": wish.disposition,
            "response-content-type": wish.media_type,
        }
        request = AWSRequest(method.value, self._plain(pinned, {**query, **wished}))
        seconds = max(1, int(lifetime.total_seconds()))
        region = self.place.region
        S3SigV4QueryAuth(frozen(self.credentials), "s3", region, expires=seconds).add_auth(request)
        return str(request.url)

    def _plain(self, pinned: PinnedObject, query: Mapping[str, str]) -> str:
        return url_of(self.endpoint, self.place.bucket, self.place.prefix + pinned.key, query)


def version_of(pinned: PinnedObject) -> Mapping[str, str]:
    """The parameter of a request for that very version."""
    return {} if pinned.version is None else {"versionId": pinned.version}
