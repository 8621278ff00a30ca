"""Forms for a bucket of an S3-compatible store: policies that are signed, and not asked for."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from botocore.auth import S3SigV4PostAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from filemanager.domain.blobs.named_objects import PostForm, PostTerms
from filemanager.domain.ports import Clock
from filemanager.storage.named.s3 import S3Place
from filemanager.storage.s3.client import S3Access, credentials_of, endpoint_of


@dataclass(frozen=True, slots=True, kw_only=True)
class S3PostForms:
    """*endpoint_url* is where clients know the store; the bucket is named in the path.

    Signed by botocore's signer alone: the client around it takes five times as long, to work out
    an address that is the same for all.
    """

    endpoint_url: str
    region: str
    credentials: Callable[[], ReadOnlyCredentials]
    place: S3Place
    clock: Clock

    def form(self, terms: PostTerms, lifetime: timedelta) -> PostForm:
        named = self.place.at(terms.key)
        fields = {
            "Content-MD5": base64.b64encode(bytes.fromhex(terms.md5)).decode(),
            "Content-Type": terms.media_type,
        }
        if self.place.sends_acl:
            fields["acl"] = "public-read" if terms.is_public else "private"
        fields["key"] = named["Key"]
        exactly = ["content-length-range", terms.size_bytes, terms.size_bytes]
        policy = {
            "expiration": f"{self.clock() + lifetime:%Y-%m-%dT%H:%M:%SZ}",
            "conditions": [
                *({name: value} for name, value in fields.items()),
                {"bucket": named["Bucket"]},
                exactly,
            ],
        }
        url = f"{self.endpoint_url.rstrip('/')}/{self.place.bucket}"
        request = AWSRequest("POST", url)
        request.context["s3-presign-post-fields"] = fields
        request.context["s3-presign-post-policy"] = policy
        S3SigV4PostAuth(self.credentials(), "s3", self.region).add_auth(request)
        return PostForm(url, fields)


def s3_post_forms(access: S3Access, place: S3Place, clock: Clock) -> S3PostForms:
    """*access* is by the address that clients know. Nothing is connected."""
    return S3PostForms(
        endpoint_url=endpoint_of(access),
        region=access.region,
        credentials=credentials_of(access),
        place=place,
        clock=clock,
    )
