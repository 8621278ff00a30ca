"""The configuration file of RWS: which repositories there are, and defaults of settings."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from filemanager.domain.repositories.catalogue import Catalogue, Distribution
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import Visibility
from filemanager.settings.credentials import Credentials
from filemanager.settings.names import Beginning, FirstName, Fragment, Name, Version


class _Section(BaseModel):
    """What is not known here is passed over, as by the original."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class CommonSection(_Section):
    credentials: Credentials | None = None
    sync_on_start: bool = False


class DistributionSection(_Section):
    base: Base
    versions: tuple[Version, ...]


class SupportedSection(_Section):
    repo_kind: tuple[FirstName, ...] = ()
    tarantool_series: tuple[Name, ...] = ()
    enabled: tuple[Name, ...] = ()
    distrs: Mapping[Name, DistributionSection] = Field(default_factory=dict)
    visibility: Mapping[Beginning, Visibility] = Field(default_factory=dict)
    """Ours, and no key of the original's: the longest beginning of a path decides."""


class ModelSection(_Section):
    force_sync: bool = False
    gpg_sign_key: str | None = None
    gpg_modules_sign_key: str | None = None
    endpoint_url: str | None = None
    region: str | None = None
    bucket_name: str | None = None
    access_key_id: SecretStr | None = None
    secret_access_key: SecretStr | None = None
    base_path: str | None = None
    public_read: bool = False
    supported_repos: SupportedSection = SupportedSection()


class RwsFile(_Section):
    common: CommonSection = CommonSection()
    model: ModelSection = ModelSection()
    anchors: Mapping[FirstName, tuple[Fragment, ...]] = Field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        repos = self.model.supported_repos
        return Catalogue(
            kinds=repos.repo_kind,
            series=repos.tarantool_series,
            distributions={
                name: Distribution(one.base, one.versions) for name, one in repos.distrs.items()
            },
            enabled=repos.enabled,
            anchors=self.anchors,
            visibility=repos.visibility,
        )

    @model_validator(mode="after")
    def _visibility_of_what_there_is(self) -> Self:
        """What is mistyped would be open to everybody."""
        paths = [f"{one.path}/" for one in self.catalogue.addresses()]
        for beginning in self.model.supported_repos.visibility:
            if not any(path.startswith(beginning) for path in paths):
                raise ValueError(f"visibility: no repository begins with '{beginning}'")
        return self


def parsed_json(given: object) -> object:
    """What a text says in JSON, anything else as it is. Raises ``ValueError``."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON") from error


def read_json(given: object) -> object:
    """What the file of that path says; what is no path is taken as it is. Raises ``ValueError``."""
    if not isinstance(given, str | Path):
        return given
    try:
        return parsed_json(Path(given).read_text())
    except FileNotFoundError as error:
        raise ValueError(
            "Configuration file does not exist. Name it by its whole path, or as it is seen from"
            " where the service is started."
        ) from error
    except OSError as error:
        raise ValueError(f"the configuration file cannot be read: {error.strerror}") from error
