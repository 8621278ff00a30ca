"""What clients ask of sources."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from filemanager.api.http.wishes import PageQuery, Wish
from filemanager.domain.sources.objects import MAX_PAGE
from filemanager.domain.sources.source import MAX_READERS, BucketPlace, Credentials

_MAX_KEY_CHARACTERS = 1024

Secret = Annotated[SecretStr, Field(min_length=1, max_length=4096)]
Readers = Annotated[
    tuple[Annotated[str, Field(max_length=500)], ...],
    Field(max_length=MAX_READERS, description="Owners, as issuer:subject, or `*`."),
]
KeyPart = Annotated[str, Field(max_length=_MAX_KEY_CHARACTERS)]


class CredentialsWish(Wish):
    """Never shown again."""

    access_key: Secret
    secret_key: Secret
    session_token: Secret | None = None

    @property
    def credentials(self) -> Credentials:
        token = self.session_token
        return Credentials(
            access_key=self.access_key.get_secret_value(),
            secret_key=self.secret_key.get_secret_value(),
            session_token=None if token is None else token.get_secret_value(),
        )


class SourceWish(Wish):
    name: str = Field(max_length=100)
    kind: Literal["s3"] = Field(description="Directories are sources by settings alone.")
    bucket: str = Field(max_length=255)
    prefix: KeyPart = Field("", description="What every key begins with; it is not shown.")
    endpoint: str = Field(max_length=300, description="Scheme, host and port alone.")
    public_endpoint: str | None = Field(
        None, max_length=300, description="What signed URLs name; the other unless given."
    )
    region: str = Field("us-east-1", max_length=64)
    credentials: CredentialsWish | None = Field(
        None, description="Unless given, the bucket is asked as everybody may."
    )
    readers: Readers = ()

    @property
    def told(self) -> BucketPlace:
        return BucketPlace(
            bucket=self.bucket,
            prefix=self.prefix,
            endpoint=self.endpoint,
            public_endpoint=self.public_endpoint or "",
            region=self.region,
        )


class SourceChangeWish(Wish):
    """What is not named stays as it is."""

    readers: Readers | None = None
    credentials: CredentialsWish | None = None


class ObjectListQuery(PageQuery):
    limit: int = Field(MAX_PAGE, ge=1, le=MAX_PAGE, description="How many at most.")
    cursor: str | None = Field(
        None, max_length=16_000, description="From the `Link` of the page before."
    )
    prefix: KeyPart = ""
    delimiter: str = Field(
        "/", max_length=16, description="What goes on behind it is told as a prefix; empty: none."
    )
    q: KeyPart = Field("", description="Part of the key behind the prefix.")
