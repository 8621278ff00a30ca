"""Settings of sources: where they may lie, the keys of their credentials, and a file of them."""

import base64
import binascii
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.sources.addresses import ListedHosts
from filemanager.domain.sources.places import bucket_place_from, directory_place_from
from filemanager.domain.sources.source import (
    BucketPlace,
    Credentials,
    DirectoryPlace,
    NewSource,
    readers_from,
    source_name_from,
)
from filemanager.settings.rws_file import read_json
from filemanager.settings.sources import FromEnvironment
from filemanager.storage.sources.sealing import SealingKey

_KEY_NAME = re.compile(r"[A-Za-z0-9._-]{1,32}", re.ASCII)
_KEY_BYTES = 32


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class CredentialsSection(_Section):
    access_key: SecretStr
    secret_key: SecretStr
    session_token: SecretStr | None = None

    @property
    def credentials(self) -> Credentials:
        token = self.session_token
        return Credentials(
            access_key=self.access_key.get_secret_value(),
            secret_key=self.secret_key.get_secret_value(),
            session_token=None if token is None else token.get_secret_value(),
        )


class BucketSection(_Section):
    """As the API takes a source."""

    kind: Literal["s3"]
    name: str
    bucket: str
    prefix: str = ""
    endpoint: str
    public_endpoint: str | None = None
    region: str = "us-east-1"
    credentials: CredentialsSection | None = None
    readers: tuple[str, ...] = ()

    @property
    def told(self) -> BucketPlace:
        return BucketPlace(
            bucket=self.bucket,
            prefix=self.prefix,
            endpoint=self.endpoint,
            public_endpoint=self.public_endpoint or "",
            region=self.region,
        )


class DirectorySection(_Section):
    kind: Literal["directory"]
    name: str
    path: str
    readers: tuple[str, ...] = ()
    credentials: None = None


Section = Annotated[BucketSection | DirectorySection, Field(discriminator="kind")]


class ConnectedSourcesSettings(FromEnvironment):
    source_hosts: str = Field(
        "",
        description="Hosts, `host` or `host:port`, separated by commas, that sources may lie at."
        " Those alone the API takes; and of them alone http, and private addresses.",
    )
    source_directories: str = Field(
        "",
        description="Absolute paths, separated by commas, below which sources may be directories.",
    )
    source_keys: SecretStr | None = Field(
        None,
        description="Keys that credentials of sources are kept under: `id:` and base64 of 32 bytes,"
        " separated by commas. The first encrypts, all decrypt.",
    )
    sources_file: Annotated[tuple[Section, ...] | None, NoDecode, BeforeValidator(read_json)] = (
        Field(
            None,
            description="Path of a JSON file: a list of sources as the API takes them, and with"
            " `kind` and `path` of directories. At each start sources become what it says.",
        )
    )

    @field_validator("source_hosts")
    @classmethod
    def _known_hosts(cls, given: str) -> str:
        ListedHosts.parse(given)
        return given

    @field_validator("source_directories")
    @classmethod
    def _absolute(cls, given: str) -> str:
        for one in _paths(given):
            if not one.is_absolute() or ".." in one.parts:
                raise ValueError(f"'{one}' is no absolute path")
        return given

    @field_validator("source_keys")
    @classmethod
    def _usable(cls, given: SecretStr | None) -> SecretStr | None:
        names = [one.name for one in _keys(given)]
        if len(names) > len(set(names)):
            raise ValueError("two keys have one id")
        return given

    @model_validator(mode="after")
    def _declared_is_possible(self) -> Self:
        try:
            declared = self.declared
        except FilemanagerError as error:
            raise ValueError(f"FILEMANAGER_SOURCES_FILE: {error.message}") from error
        names = [one.name for one in declared]
        if len(names) > len(set(names)):
            raise ValueError("FILEMANAGER_SOURCES_FILE: two sources have one name")
        if any(one.credentials for one in declared) and not self.keys:
            raise ValueError(
                "FILEMANAGER_SOURCES_FILE has credentials, and there is no FILEMANAGER_SOURCE_KEYS;"
                ' make one by: echo "first:$(openssl rand -base64 32)"'
            )
        return self

    @property
    def listed_hosts(self) -> ListedHosts:
        return ListedHosts.parse(self.source_hosts)

    @property
    def directories(self) -> Sequence[PurePosixPath]:
        return _paths(self.source_directories)

    @property
    def keys(self) -> Sequence[SealingKey]:
        return _keys(self.source_keys)

    @property
    def declared(self) -> Sequence[NewSource]:
        """What the file says. Raises ``Malformed`` and ``EndpointRefused``."""
        return [self._declared(one) for one in self.sources_file or ()]

    def _declared(self, section: BucketSection | DirectorySection) -> NewSource:
        place: BucketPlace | DirectoryPlace
        if isinstance(section, BucketSection):
            place = bucket_place_from(section.told, self.listed_hosts)
        else:
            place = directory_place_from(section.path, self.directories)
        told = section.credentials
        return NewSource(
            name=source_name_from(section.name),
            place=place,
            readers=readers_from(section.readers),
            credentials=None if told is None else told.credentials,
        )


def _paths(text: str) -> Sequence[PurePosixPath]:
    return [PurePosixPath(one.strip()) for one in text.split(",") if one.strip()]


def _keys(given: SecretStr | None) -> Sequence[SealingKey]:
    """Raises ``ValueError``."""
    text = given.get_secret_value() if given else ""
    return [_key(one.strip()) for one in text.split(",") if one.strip()]


def _key(text: str) -> SealingKey:
    name, _, encoded = text.partition(":")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        secret = b""
    if not _KEY_NAME.fullmatch(name) or len(secret) != _KEY_BYTES:
        raise ValueError(
            "a key is an id of letters, digits, '.', '_' and '-', a colon, and base64 of 32 bytes;"
            ' make one by: echo "first:$(openssl rand -base64 32)"'
        )
    return SealingKey(name, secret)
