"""What a bucket of somebody else's is found to do."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from filemanager.domain.sources.objects import (
    ObjectQuery,
    PinnedObject,
    SignedMethod,
    SignedWish,
)
from filemanager.domain.sources.source import BucketPlace, Probe
from filemanager.storage.sources import listing
from filemanager.storage.sources.asking import BucketClient, BucketQuestion, is_fine
from filemanager.storage.sources.signing import SourceUrls

_NO_ETAG = '"00000000000000000000000000000000"'
_ONE = ObjectQuery(delimiter="", limit=1)
_WISH = SignedWish(disposition="inline", media_type="application/octet-stream")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class BucketProbing:
    """*urls* are those at the address that we ask ourselves."""

    place: BucketPlace
    client: BucketClient
    urls: SourceUrls

    def probe(self) -> Probe:
        """Raises ``SourceUnavailable`` where nothing can be listed."""
        key = self._some_key()
        return Probe(
            versioning=self.keeps_versions(),
            conditional_get=None if key is None else self._minds_conditions(key),
            signed_head=None if key is None else self._takes_signed_head(key),
            cors=self._lets_pages_read(),
        )

    def keeps_versions(self) -> bool | None:
        """Also whether they may be listed: else nobody could tell which one is the latest."""
        answer = self.client.ask(BucketQuestion(query={"versioning": ""}))
        if not is_fine(answer.status):
            return None
        with self.client.readable():
            if not listing.is_versioning_enabled(answer.body):
                return False
        asked = listing.asked_for(_ONE, None, self.place.prefix, is_versioned=True)
        return is_fine(self.client.ask(BucketQuestion(query=asked)).status)

    def _some_key(self) -> str | None:
        asked = listing.asked_for(_ONE, None, self.place.prefix, is_versioned=False)
        answer = self.client.ask(BucketQuestion(query=asked))
        self.client.ensure_fine(answer)
        with self.client.readable():
            found = listing.read_objects(answer.body).objects
        return found[0].key if found else None

    def _minds_conditions(self, key: str) -> bool:
        headers = {"If-Match": _NO_ETAG, "Range": "bytes=0-0"}
        with self.client.open(BucketQuestion(key=key, headers=headers)) as response:
            return response.status == HTTPStatus.PRECONDITION_FAILED

    def _takes_signed_head(self, key: str) -> bool:
        pinned = PinnedObject(key=key.removeprefix(self.place.prefix))
        url = self.urls.url(pinned, SignedMethod.HEAD, _WISH, _MINUTE)
        return is_fine(self.client.status_of(SignedMethod.HEAD, url))

    def _lets_pages_read(self) -> bool | None:
        answer = self.client.ask(BucketQuestion(query={"cors": ""}))
        if is_fine(answer.status):
            with self.client.readable():
                return listing.lets_pages_read(answer.body)
        is_none_set = listing.code_in(answer.body) == "NoSuchCORSConfiguration"
        return False if is_none_set else None
