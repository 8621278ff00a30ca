"""Settings of the rawstore door; most of their names are those of BitStore."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import Field, SecretStr, field_validator

from filemanager.domain.rawstore.path_pattern import PathPattern
from filemanager.settings.first_segments import FIRST_SEGMENTS
from filemanager.settings.sources import FromEnvironment, named
from filemanager.settings.values import BucketName, Issuer, Origins, Segment, Url


class RawstoreSettings(FromEnvironment):
    """Without a bucket of its own, the door keeps its files where blobs are kept, apart from
    them.
    """

    service_name: Segment = Field(
        "rawstore",
        validation_alias=named("service_name", "SERVICE_NAME", "DATAHUB_SERVICE_NAME"),
        description="First segment of the rawstore door's paths; its tokens are made for it.",
    )
    auth_server: Url | None = Field(
        None,
        validation_alias=named("auth_server", "AUTH_SERVER"),
        description="URL of the auth server of the rawstore door, which tells its public key.",
    )
    datahub_public_key: SecretStr | None = Field(
        None,
        validation_alias=named("datahub_public_key", "DATAHUB_PUBLIC_KEY"),
        description="PEM public key of that server's RS256 tokens; then it is not asked.",
    )
    rawstore_issuer: Issuer = Field(
        "datahub",
        description="Whose users those tokens name; the same as the issuer above: the same people.",
    )
    rawstore_default_mb: int = Field(
        1000,
        ge=0,
        validation_alias=named("rawstore_default_mb", "RAWSTORE_DEFAULT_MB"),
        description="Megabytes of a user whose token may upload packages and names no limit.",
    )
    storage_bucket_name: BucketName | None = Field(
        None,
        validation_alias=named("storage_bucket_name", "STORAGE_BUCKET_NAME"),
        description="The rawstore door's own S3 bucket, without a prefix.",
    )
    storage_access_key_id: SecretStr | None = Field(
        None,
        validation_alias=named("storage_access_key_id", "STORAGE_ACCESS_KEY_ID"),
        description="Access key of that bucket.",
    )
    storage_secret_access_key: SecretStr | None = Field(
        None,
        validation_alias=named("storage_secret_access_key", "STORAGE_SECRET_ACCESS_KEY"),
        description="Secret key of that bucket.",
    )
    storage_hostname: str | None = Field(
        None,
        validation_alias=named("storage_hostname", "S3_ENDPOINT_URL", "STORAGE_HOSTNAME"),
        description="URL, or host under https, of that bucket's store; AWS when unset.",
    )
    storage_public_url: Url | None = Field(
        None,
        description="URL by which clients know the store, where it is another: signatures bind it.",
    )
    storage_path_pattern: str = Field(
        "{owner}/{dataset}/{path}",
        validation_alias=named("storage_path_pattern", "STORAGE_PATH_PATTERN"),
        description="Key of a raw file, of `owner`, `dataset`, `path`, `basename`, `dirname`,"
        " `extension`, `name`, `md5` and `md5_hex` in braces.",
    )
    storage_acl: bool = Field(
        default=True, description="Whether that bucket takes ACLs; without, links are signed."
    )
    rawstore_active_types: bool = Field(
        default=False, description="Whether anybody may read raw HTML, XHTML and SVG files."
    )
    rawstore_secret: SecretStr | None = Field(
        None,
        description="Signs the forms of raw files in the data directory; made there when unset.",
    )
    cors_origins: Origins = Field(
        "",
        validation_alias=named("cors_origins", "CORS_ORIGINS"),
        description="Origins whose pages may use the rawstore door, uploads, jobs and v2, separated"
        " by commas.",
    )

    @field_validator("service_name")
    @classmethod
    def _free_name(cls, given: str) -> str:
        if given in FIRST_SEGMENTS:
            raise ValueError("another door has this name")
        return given

    @field_validator("datahub_public_key")
    @classmethod
    def _public_key(cls, given: SecretStr | None) -> SecretStr | None:
        if given is None:
            return None
        pem = given.get_secret_value().replace("\\n", "\n")
        try:
            is_rsa = isinstance(load_pem_public_key(pem.encode()), RSAPublicKey)
        except (ValueError, UnsupportedAlgorithm):
            is_rsa = False
        if not is_rsa:
            raise ValueError("it is no public key of RSA in PEM")
        return SecretStr(pem)

    @field_validator("storage_path_pattern")
    @classmethod
    def _fillable_pattern(cls, given: str) -> str:
        PathPattern(given)
        return given

    @property
    def has_key(self) -> bool:
        """Whether tokens of the auth server could be verified."""
        return bool(self.datahub_public_key or self.auth_server)

    @property
    def endpoint(self) -> str | None:
        name = self.storage_hostname
        return name if name is None or "://" in name else f"https://{name}"

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(self.cors_origins.split(",")) if self.cors_origins else ()
