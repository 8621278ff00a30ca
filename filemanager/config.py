"""Settings: every one from the environment, all problems told at once."""

import os
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "FILEMANAGER_"
_GIB = 1 << 30


def _named(name: str, *others: str) -> AliasChoices:
    return AliasChoices(f"{PREFIX}{name.upper()}", *others)


class Settings(BaseSettings):
    """Sizes in bytes. ``NAME_FILE`` may be set instead of ``NAME``: the path of a file with it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    data_dir: Path = Field(Path("var"), description="Where files, database and scratch live.")
    database_url: str | None = Field(
        None,
        validation_alias=_named("database_url", "SQLALCHEMY_DATABASE_URI"),
        description="SQLAlchemy URL of SQLite, PostgreSQL or MariaDB; SQLite in the data directory"
        " when unset.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(
        8000, ge=0, le=65535, validation_alias=_named("port", "PORT"), description="Port to serve."
    )
    workers: int = Field(2, ge=1, le=64, description="Server processes.")
    threads: int = Field(8, ge=1, le=256, description="Threads of each process.")
    stall_seconds: int = Field(
        60, ge=1, description="How long a connection may stand still in the middle of a request."
    )
    public_url: str | None = Field(
        None, description="Scheme and host that links are made with; the request's when unset."
    )
    jobs: bool = Field(default=True, description="Run periodic work in the server processes.")

    jwt_secret: SecretStr | None = Field(
        None,
        validation_alias=_named("jwt_secret", "JWT_SECRET"),
        description="Shared secret of HS256 tokens.",
    )
    jwt_public_key: SecretStr | None = Field(
        None,
        validation_alias=_named("jwt_public_key", "JWT_PUBLIC_KEY"),
        description="PEM public key of RS256, ES256 or EdDSA tokens.",
    )
    jwt_jwks: SecretStr | None = Field(
        None,
        validation_alias=_named("jwt_jwks", "JWT_JWKS"),
        description="A JSON Web Key Set with public keys.",
    )
    jwt_issuer: str = Field(
        "arxiv", min_length=1, pattern=r"^[^:]+$", description="Whose tokens the keys above sign."
    )
    allow_endless_tokens: bool = Field(default=False, description="Take tokens that never expire.")

    s3_bucket: str | None = Field(
        None, description="Keep blobs in this S3 bucket; in the data directory when unset."
    )
    s3_endpoint: str | None = Field(None, description="URL of the S3 store; AWS when unset.")
    s3_region: str = Field("us-east-1", description="Region of the bucket.")
    s3_access_key: SecretStr | None = Field(None, description="Access key of the S3 store.")
    s3_secret_key: SecretStr | None = Field(None, description="Secret key of the S3 store.")
    s3_prefix: str = Field("", description="Prefix of every key in the bucket.")

    scratch_dir: Path | None = Field(
        None, description="Where running uploads lie; in the data directory when unset."
    )
    scratch_bytes: int = Field(
        16 * _GIB, ge=1 << 20, description="Scratch space of this node, shared by its processes."
    )
    max_request_bytes: int = Field(512 << 20, ge=1, description="Largest request body.")
    max_unpacked_bytes: int = Field(2 * _GIB, ge=1, description="What one upload may unpack to.")
    max_unpacked_entries: int = Field(20_000, ge=1, description="Files one upload may unpack to.")
    max_workspace_bytes: int = Field(4 * _GIB, ge=1, description="Bytes in one workspace.")
    max_workspace_files: int = Field(50_000, ge=1, description="Files in one workspace.")
    max_checkpoints: int = Field(10, ge=1, description="Checkpoints of one workspace.")

    history_days: int = Field(30, ge=1, description="How long unpinned history is kept.")
    sweep_grace_hours: int = Field(
        24, ge=1, description="How long unreferenced bytes are kept; longer than any request."
    )
    service_log_days: int = Field(90, ge=1, description="How long the service log is kept.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, _EnvironmentOrFile(settings_cls)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'filemanager.db').resolve()}"

    @property
    def scratch(self) -> Path:
        return self.scratch_dir or self.data_dir / "scratch"

    @property
    def has_key(self) -> bool:
        """Whether any token could be verified."""
        return bool(self.jwt_secret or self.jwt_public_key or self.jwt_jwks)


class _EnvironmentOrFile(EnvSettingsSource):
    """``NAME_FILE`` where ``NAME`` is unset, as container secrets are mounted."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        value, key, is_complex = super().get_field_value(field, field_name)
        if value is not None:
            return value, key, is_complex
        for name in variables_of(field_name, field):
            path = os.environ.get(f"{name}_FILE")
            if path is not None:
                return Path(path).read_text().strip(), key, is_complex
        return None, key, is_complex


class BadSettings(Exception):
    """Every problem on a line of its own; never a rejected value, which may be a secret."""


def load() -> Settings:
    """Read the environment. Raises ``BadSettings``."""
    try:
        return Settings()
    except OSError as error:
        raise BadSettings(f"{error.filename}: {error.strerror}") from error
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        lines = [f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems]
        raise BadSettings("\n".join(lines)) from error


def variables_of(name: str, field: FieldInfo) -> list[str]:
    """The environment variables of a setting, ours first."""
    if isinstance(field.validation_alias, AliasChoices):
        return [str(choice) for choice in field.validation_alias.choices]
    return [f"{PREFIX}{name.upper()}"]


def described() -> list[tuple[str, str, str]]:
    """Each variable, its default and its meaning."""
    return [
        (" or ".join(variables_of(name, field)), _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _shown(default: object) -> str:
    return "" if default is None else str(default)
