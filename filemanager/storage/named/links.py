"""Links to blobs in a bucket of an S3-compatible store."""

from dataclasses import dataclass
from datetime import timedelta

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.links import Link
from filemanager.storage.named.s3 import S3Place, SigningClient, is_an_object


@dataclass(frozen=True, slots=True)
class S3BlobLinks:
    """*signer* knows the store by the address that clients know: a signature binds the host."""

    signer: SigningClient
    place: S3Place
    lifetime: timedelta

    def link(self, blob: StoredBlob) -> Link | None:
        return self._link(blob) if is_an_object(blob) else None

    def _link(self, blob: StoredBlob) -> Link:
        def signed(media_type: str, disposition: str) -> str:
            return self.signer.generate_presigned_url(
                ClientMethod="get_object",
                Params={
                    **self.place.at(blob.object_key),
                    "ResponseContentType": media_type,
                    "ResponseContentDisposition": disposition,
                },
                ExpiresIn=int(self.lifetime.total_seconds()),
            )

        return signed
