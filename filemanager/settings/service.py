"""Settings: every one from the environment, all problems told at once."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from filemanager.api.http.front.hosts import CONTENT
from filemanager.db.engine.engines import parse_url
from filemanager.domain.workspaces.invitations.guest import ISSUER as GUESTS
from filemanager.services.sessions.local_user import LOCAL_ISSUER
from filemanager.settings.bucket import BucketSettings
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.settings.credentials import PLAIN_PASSWORD
from filemanager.settings.first_segments import FIRST_SEGMENTS, ensure_free, first_segment
from filemanager.settings.front import FrontSettings
from filemanager.settings.invitations import InvitationsSettings
from filemanager.settings.keys import KeySet, PublicKey
from filemanager.settings.packages import PackagesSettings
from filemanager.settings.rawstore import RawstoreSettings
from filemanager.settings.repositories import RepositoriesSettings
from filemanager.settings.shares import SharesSettings
from filemanager.settings.sources import FromEnvironment, named
from filemanager.settings.values import Audiences, Issuer, Size, Url
from filemanager.settings.web import OidcSettings, WebSettings

_GIB = 1 << 30

_LEAST_SECRET_BYTES = 8
_SECRET_BYTES = 32
_MAKE_ONE = "make one by: openssl rand -base64 32"

WEAK_SECRET = f"shorter than {_SECRET_BYTES} bytes, so that it can be guessed; {_MAKE_ONE}"


def _door(kind: type[FromEnvironment], description: str) -> Any:
    return Field(default_factory=kind, description=description)


class Settings(FrontSettings):
    """Sizes in bytes. ``NAME_FILE`` may be set instead of ``NAME``: the path of a file with it."""

    data_dir: Path = Field(Path("var"), description="Where files, database and scratch live.")
    database_url: str | None = Field(
        None,
        validation_alias=named("database_url", "SQLALCHEMY_DATABASE_URI"),
        description="SQLAlchemy URL of SQLite, PostgreSQL or MariaDB; SQLite in the data directory"
        " when unset.",
    )
    migrate: bool = Field(
        default=True,
        description="Bring the tables up to date at the start, else refuse older ones.",
    )
    write_wait_seconds: int = Field(
        10, ge=1, le=300, description="How long a change waits for others before it is refused."
    )
    jobs: bool = Field(
        default=True, description="Run jobs and periodic work in the server processes."
    )
    short_workers: int = Field(
        1, ge=0, le=32, description="Threads of each process for jobs of seconds."
    )
    long_workers: int = Field(
        1, ge=0, le=32, description="Threads of each process for jobs that may take long."
    )
    lease_seconds: int = Field(
        60, ge=1, description="After how long without a sign of life a job is another worker's."
    )

    jwt_secret: SecretStr | None = Field(
        None,
        validation_alias=named("jwt_secret", "JWT_SECRET"),
        description="Shared secret of HS256 tokens.",
    )
    jwt_public_key: PublicKey | None = Field(
        None,
        validation_alias=named("jwt_public_key", "JWT_PUBLIC_KEY"),
        description="PEM public key of RS256, ES256 or EdDSA tokens.",
    )
    jwt_jwks: KeySet | None = Field(
        None,
        validation_alias=named("jwt_jwks", "JWT_JWKS"),
        description="A JSON Web Key Set with public keys.",
    )
    jwt_issuer: Issuer = Field("arxiv", description="Whose tokens the keys above sign.")
    jwt_audience: Audiences = Field(
        "",
        description="Whom tokens with an `aud` must be for, separated by commas; such tokens are"
        " refused when unset.",
    )
    metrics_token: SecretStr | None = Field(
        None, min_length=16, description="Opens `/metrics`, and nothing else, to who sends it."
    )
    otlp_endpoint: Url | None = Field(
        None,
        validation_alias=named("otlp_endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="URL of an OpenTelemetry collector that spans of requests are sent to, with the"
        " extra `telemetry`; none when unset.",
    )
    strict: bool = Field(
        default=False, description="Refuse to start with what is only told otherwise."
    )
    allow_endless_tokens: bool = Field(default=False, description="Take tokens that never expire.")

    s3_bucket: str | None = Field(
        None, description="Keep blobs in this S3 bucket; in the data directory when unset."
    )
    s3_endpoint: Url | None = Field(None, description="URL of the S3 store; AWS when unset.")
    s3_public_endpoint: Url | None = Field(
        None,
        description="URL of the S3 store as clients know it, who put files into it by signed URLs;"
        " the one above when unset.",
    )
    s3_region: str = Field("us-east-1", description="Region of the bucket.")
    s3_access_key: SecretStr | None = Field(None, description="Access key of the S3 store.")
    s3_secret_key: SecretStr | None = Field(None, description="Secret key of the S3 store.")
    s3_prefix: str = Field("", description="Prefix of every key in the bucket.")

    scratch_dir: Path | None = Field(
        None, description="Where running uploads lie; in the data directory when unset."
    )
    scratch_bytes: Size = Field(
        16 * _GIB, ge=1 << 20, description="Scratch space of this node, shared by its processes."
    )
    max_request_bytes: Size = Field(512 << 20, ge=1, description="Largest request body.")
    max_unpacked_bytes: Size = Field(2 * _GIB, ge=1, description="What one upload may unpack to.")
    max_unpacked_entries: int = Field(20_000, ge=1, description="Files one upload may unpack to.")
    decoder_bytes: Size = Field(
        128 << 20,
        ge=1 << 20,
        description="Memory of a decoder, as `128MiB`; above 32 MiB one upload of a process at a"
        " time.",
    )
    max_workspace_bytes: Size = Field(
        4 * _GIB, ge=1, description="Bytes that one workspace keeps, history included."
    )
    max_owner_bytes: Size = Field(
        100 * _GIB, ge=1, description="Bytes that all that is an owner's keeps."
    )
    max_open_workspaces: int = Field(
        10_000, ge=1, description="Workspaces of one owner that are not deleted."
    )
    max_workspace_files: int = Field(50_000, ge=1, description="Files in one workspace.")
    max_checkpoints: int = Field(10, ge=1, description="Checkpoints of one workspace.")

    upload_days: int = Field(
        7, ge=1, le=365, description="How long an upload in pieces may take until it is swept."
    )
    max_upload_bytes: Size = Field(
        8 * _GIB, ge=1, description="Largest file that is uploaded in pieces or to the store."
    )
    max_open_uploads: int = Field(
        10_000, ge=1, description="Uploads that one owner may have on their way."
    )
    max_segments: int = Field(
        4096, ge=1, description="Pieces that an upload may lie in until it is received."
    )

    grant_minutes: int = Field(
        15, ge=1, le=10_080, description="How long a URL serves to put one file to the store."
    )

    history_days: int = Field(30, ge=1, description="How long unpinned history is kept.")
    sweep_grace_hours: int = Field(
        24, ge=1, description="How long unreferenced bytes are kept; longer than any request."
    )
    idempotency_keys_per_day: int = Field(
        10_000, ge=1, description="Requests with an `Idempotency-Key` of one owner in a day (UTC)."
    )
    log_lines_per_day: int = Field(
        1_000_000, ge=1, description="Lines of the logs that one owner may cause in a day (UTC)."
    )
    service_log_days: int = Field(90, ge=1, description="How long the service log is kept.")

    bucket: BucketSettings = _door(BucketSettings, "The bucket door's, by their own names.")
    rawstore: RawstoreSettings = _door(RawstoreSettings, "The rawstore door's.")
    repositories: RepositoriesSettings = _door(RepositoriesSettings, "The repositories door's.")
    connected_sources: ConnectedSourcesSettings = _door(ConnectedSourcesSettings, "Of sources.")
    packages: PackagesSettings = _door(PackagesSettings, "Of data packages.")
    shares: SharesSettings = _door(SharesSettings, "Of shares.")
    pages: WebSettings = _door(WebSettings, "Of the pages for people.")
    oidc: OidcSettings = _door(OidcSettings, "Of signing in by an identity provider.")
    invitations: InvitationsSettings = _door(InvitationsSettings, "Of invitations.")

    @field_validator("jwt_secret")
    @classmethod
    def _hardly_guessed(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and len(given.get_secret_value().encode()) < _LEAST_SECRET_BYTES:
            raise ValueError(f"it is shorter than {_LEAST_SECRET_BYTES} bytes; {_MAKE_ONE}")
        return given

    @field_validator("otlp_endpoint")
    @classmethod
    def _installed(cls, given: str | None) -> str | None:
        if given is not None and find_spec("opentelemetry") is None:
            raise ValueError("spans need the extra: pip install 'filemanager[telemetry]'")
        return given

    @model_validator(mode="after")
    def _strictly(self) -> Self:
        if self.strict and self.has_weak_secret:
            raise ValueError(f"FILEMANAGER_STRICT is set, and JWT_SECRET is {WEAK_SECRET}")
        if self.strict and self.repositories.has_plain_password:
            raise ValueError(f"FILEMANAGER_STRICT is set, and RWS_CREDENTIALS has {PLAIN_PASSWORD}")
        return self

    @model_validator(mode="after")
    def _doors_apart(self) -> Self:
        door = self.repositories
        names = {*door.catalogue.kinds, *door.catalogue.anchors}
        prefix = first_segment(door.repositories_prefix)
        ensure_free({prefix} if prefix else names, self.taken_segments)
        return self

    @model_validator(mode="after")
    def _content_apart(self) -> Self:
        self.pages.ensure_apart(self.public_url)
        if first_segment(self.bucket.bucket_prefix) == first_segment(CONTENT):
            raise ValueError(
                f"FILEMANAGER_BUCKET_PREFIX begins with {CONTENT}, below which the content origin"
                " alone answers"
            )
        return self

    @model_validator(mode="after")
    def _bucket_to_read_in(self) -> Self:
        self.repositories.ensure_bucket(self.s3_bucket)
        return self

    @model_validator(mode="after")
    def _own_people_apart(self) -> Self:
        issuers = {self.jwt_issuer, self.rawstore.rawstore_issuer}
        if GUESTS in issuers:
            raise ValueError(
                f"Tokens are of the issuer `{GUESTS}`, which is that of guests of invitations: who"
                " is called by a guest's number there would be the same person"
            )
        if self.pages.password is not None and LOCAL_ISSUER in issuers:
            raise ValueError(
                f"FILEMANAGER_PASSWORD is set, and tokens are of the issuer `{LOCAL_ISSUER}`, which"
                " is that of the local user: who is called `admin` there would be the same person"
            )
        return self

    @property
    def taken_segments(self) -> frozenset[str]:
        """The first segments of all paths but those of repositories."""
        others = {first_segment(self.bucket.bucket_prefix), self.rawstore.service_name}
        return frozenset((FIRST_SEGMENTS - {"repositories"}) | others - {""})

    @property
    def has_weak_secret(self) -> bool:
        """Whether what signs tokens could be found by trying (RFC 7518, 3.2)."""
        secret = self.jwt_secret
        return secret is not None and len(secret.get_secret_value().encode()) < _SECRET_BYTES

    @property
    def audiences(self) -> tuple[str, ...]:
        return tuple(self.jwt_audience.split(",")) if self.jwt_audience else ()

    @field_validator("database_url")
    @classmethod
    def _readable_database(cls, given: str | None) -> str | None:
        if given is not None:
            parse_url(given)
        return given

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'filemanager.db').resolve()}"

    @property
    def scratch(self) -> Path:
        return self.scratch_dir or self.data_dir / "scratch"

    @property
    def has_key(self) -> bool:
        """Whether anybody could say who it is, by a token or a password."""
        ours = self.jwt_secret or self.jwt_public_key or self.jwt_jwks
        others = self.rawstore.has_key or self.repositories.users or self.pages.password
        return bool(ours or others or self.oidc.oidc_issuer)
