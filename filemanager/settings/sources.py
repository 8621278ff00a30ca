"""Where settings come from: an environment variable, or the file that one names."""

import os
from pathlib import Path
from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "FILEMANAGER_"


def named(name: str, *others: str) -> AliasChoices:
    """The variables of a setting that has more than its own."""
    return AliasChoices(f"{PREFIX}{name.upper()}", *others)


def variables_of(name: str, field: FieldInfo) -> list[str]:
    """The environment variables of a setting, ours first."""
    if isinstance(field.validation_alias, AliasChoices):
        return [str(choice) for choice in field.validation_alias.choices]
    return [f"{PREFIX}{name.upper()}"]


class EnvironmentOrFile(EnvSettingsSource):
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


class FromEnvironment(BaseSettings):
    """What settings classes have in common; a rejected value is never repeated."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, EnvironmentOrFile(settings_cls)
