"""The settings of the bucket that clients read repositories in, from wherever they were told."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicBucket:
    """Where clients read repositories by themselves; None: as the core's store."""

    name: str | None
    endpoint: str | None
    region: str | None
    access_key: SecretStr | None
    secret_key: SecretStr | None
    base_path: str
    sends_acl: bool


def ensure_somewhere(bucket: PublicBucket | None, of_blobs: str | None, *, redirects: bool) -> None:
    """Raises ``ValueError``. *redirects*: readers of packages are sent to that of blobs."""
    if redirects and of_blobs is None:
        raise ValueError(
            "REPOSITORIES_REDIRECT is set, and packages lie in no bucket: name one by"
            " FILEMANAGER_S3_BUCKET"
        )
    if bucket is not None and bucket.name is None and of_blobs is None:
        raise ValueError(
            "REPOSITORIES_BUCKET is set, and there is none: name it by S3_BUCKET or"
            " FILEMANAGER_S3_BUCKET"
        )
