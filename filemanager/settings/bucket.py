"""Settings of the bucket door; most of their names are those of http-bucket."""

import hashlib
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from filemanager.domain.bucket.access import Access
from filemanager.domain.bucket.replication import ReplicaPattern
from filemanager.settings.sources import FromEnvironment, named
from filemanager.settings.values import PathPrefix, Size

_REPLICATES = tuple(f"replicate_{number}" for number in range(10))


def _algorithm(given: str) -> str:
    name = given.strip().lower()
    if name not in hashlib.algorithms_available or not hashlib.new(name).digest_size:
        raise ValueError(f"hashlib has no digest '{name[:40]}' of a fixed length")
    return name


def _replicate(number: int) -> Any:
    return Field(
        None,
        validation_alias=named(f"replicate_{number}", f"REPLICATE_{number}"),
        description="Where replicas go: `/` between segments, each letters and digits or"
        " `${Header-Name}`, one of them a header.",
    )


class BucketSettings(FromEnvironment):
    """Sizes in bytes once they are read."""

    bucket_prefix: PathPrefix = Field(
        "/bucket",
        validation_alias=named("bucket_prefix", "BUCKET_PREFIX"),
        description="Path of the bucket door; may be empty.",
    )
    bucket_anonymous: Access = Field(
        Access.NONE,
        validation_alias=named("bucket_anonymous", "BUCKET_ANONYMOUS"),
        description="What the bucket door is for those without a token: `none`, `read` or `write`.",
    )
    bucket_anonymous_bytes: Size = Field(
        1 << 30,
        ge=1,
        validation_alias=named("bucket_anonymous_bytes", "BUCKET_ANONYMOUS_BYTES"),
        description="Bytes that all uploads without a token may hold together.",
    )
    bucket_anonymous_drops: int = Field(
        100_000,
        ge=1,
        validation_alias=named("bucket_anonymous_drops", "BUCKET_ANONYMOUS_DROPS"),
        description="Files that all uploads without a token may be together.",
    )
    bucket_max_form_drops: int = Field(
        20_000,
        ge=1,
        validation_alias=named("bucket_max_form_drops", "BUCKET_MAX_FORM_DROPS"),
        description="Files that may come in one form; without a token 1000 at most.",
    )
    bucket_anonymous_days: int = Field(
        7,
        ge=1,
        le=36500,
        validation_alias=named("bucket_anonymous_days", "BUCKET_ANONYMOUS_DAYS"),
        description="How long uploads without a token are kept.",
    )
    bucket_anonymous_uploads_per_minute: int = Field(
        60,
        ge=1,
        validation_alias=named(
            "bucket_anonymous_uploads_per_minute", "BUCKET_ANONYMOUS_UPLOADS_PER_MINUTE"
        ),
        description="Uploads without a token that one address may make in a minute.",
    )
    archive_dir: Path | None = Field(
        None,
        validation_alias=named("archive_dir", "ARCHIVE_DIR"),
        description="Directory in which a job keeps the bucket as plain files and links.",
    )
    archive_uri: str | None = Field(
        None,
        validation_alias=named("archive_uri", "ARCHIVE_URI"),
        description="Where that directory is served or mounted; in front of the paths in answers.",
    )
    checksum_type: str = Field(
        "md5",
        validation_alias=named("checksum_type", "CHECKSUM_TYPE"),
        description="Digest of hashlib that files in the bucket are known by, beside SHA-256.",
    )
    checksum_also: str = Field(
        "",
        validation_alias=named("checksum_also", "CHECKSUM_ALSO"),
        description="More of them, separated by commas, that a job works out.",
    )
    max_content_length: Size = Field(
        32 << 20,
        ge=1,
        validation_alias=named("max_content_length", "MAX_CONTENT_LENGTH"),
        description="Largest upload to the bucket door in bytes; may end in kb, mb or gb.",
    )
    replicate_uppercase: bool = Field(
        default=False,
        validation_alias=named("replicate_uppercase", "REPLICATE_UPPERCASE"),
        description="Write fixed segments of replicas in capitals, as http-bucket did.",
    )
    replicate_0: str | None = _replicate(0)
    replicate_1: str | None = _replicate(1)
    replicate_2: str | None = _replicate(2)
    replicate_3: str | None = _replicate(3)
    replicate_4: str | None = _replicate(4)
    replicate_5: str | None = _replicate(5)
    replicate_6: str | None = _replicate(6)
    replicate_7: str | None = _replicate(7)
    replicate_8: str | None = _replicate(8)
    replicate_9: str | None = _replicate(9)

    @field_validator("checksum_type")
    @classmethod
    def _known_type(cls, given: str) -> str:
        return _algorithm(given)

    @field_validator("checksum_also")
    @classmethod
    def _known_types(cls, given: str) -> str:
        return ",".join(_algorithm(one) for one in given.split(",") if one.strip())

    @field_validator(*_REPLICATES)
    @classmethod
    def _readable_pattern(cls, given: str | None) -> str | None:
        if given is not None:
            ReplicaPattern.parse(given, is_upper=False)
        return given

    @property
    def algorithms_also(self) -> tuple[str, ...]:
        """Those that are not there anyway."""
        wanted = self.checksum_also.split(",") if self.checksum_also else ()
        return tuple(one for one in wanted if one not in ("sha256", self.checksum_type))

    @property
    def patterns(self) -> tuple[ReplicaPattern, ...]:
        texts = (getattr(self, name) for name in _REPLICATES)
        is_upper = self.replicate_uppercase
        return tuple(ReplicaPattern.parse(one, is_upper=is_upper) for one in texts if one)
