"""How the service talks to an S3-compatible store."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError

from filemanager.domain.errors import StoreUnavailable
from filemanager.storage.blobs.s3 import DirectClient, S3Client
from filemanager.storage.s3.cors import CorsClient
from filemanager.storage.s3.creating import MakingClient

_CONNECT_SECONDS = 3
_READ_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Access:
    """``endpoint_url`` None is AWS itself, ``access_key`` None the machine's own credentials."""

    endpoint_url: str | None
    region: str = "us-east-1"
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    connections: int = 32
    attempts: int = 3


class StoreClient(S3Client, DirectClient, CorsClient, MakingClient, Protocol):
    """For our own objects, and for those that clients put themselves, from browsers too."""


def s3_client(access: S3Access) -> StoreClient:
    client: StoreClient = new_client(access)
    return client


def credentials_of(access: S3Access) -> Callable[[], ReadOnlyCredentials]:
    """The keys to sign with, anew each time: those of a machine are replaced every few hours.

    Raises ``StoreUnavailable`` where there are none.
    """
    keys = {"aws_access_key_id": access.access_key, "aws_secret_access_key": access.secret_key}
    found = _new_session(**keys).get_credentials()

    def credentials() -> ReadOnlyCredentials:
        if found is None:
            raise StoreUnavailable from NoCredentialsError()
        return found.get_frozen_credentials()

    return credentials


def endpoint_of(access: S3Access) -> str:
    return access.endpoint_url or str(new_client(access).meta.endpoint_url)


def new_client(access: S3Access, **more: Any) -> Any:
    """A client that all threads may share; *more* goes into botocore's configuration.

    A store that does not answer is given up after three attempts, each with three seconds to
    connect and twenty for every read: callers are told 503 while they still listen.
    """
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": access.attempts, "mode": "standard"},
        max_pool_connections=access.connections,
        # Not every compatible store knows the newer checksum trailers.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        **more,
    )
    return _new_session().client(
        "s3",
        endpoint_url=access.endpoint_url,
        region_name=access.region,
        aws_access_key_id=access.access_key,
        aws_secret_access_key=access.secret_key,
        config=config,
    )


def _new_session(**keys: str | None) -> Any:
    """The module's default session must not be used by several threads at once."""
    # Imported where there is such a store: it is a twentieth of the start of a server.
    import boto3  # noqa: PLC0415

    return boto3.session.Session(**keys)
