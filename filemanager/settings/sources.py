"""Where settings come from: an environment variable, or the file that one names."""

from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from filemanager.settings.environment import PREFIX, is_service_link, value_of, variables


def named(name: str, *others: str) -> AliasChoices:
    """The variables of a setting that has more than its own."""
    return AliasChoices(f"{PREFIX}{name.upper()}", *others)


def variables_of(name: str, field: FieldInfo) -> list[str]:
    """The environment variables of a setting, ours first."""
    if isinstance(field.validation_alias, AliasChoices):
        return [str(choice) for choice in field.validation_alias.choices]
    return [f"{PREFIX}{name.upper()}"]


def variable_set(name: str, field: FieldInfo) -> str | None:
    """Which variable a setting's value comes from: itself or the one that names a file."""
    given, candidates = variables(), variables_of(name, field)
    for one in (*candidates, *(f"{candidate}_FILE" for candidate in candidates)):
        if one in given and not is_service_link(one, given[one]):
            return one
    return None


class EnvironmentOrFile(EnvSettingsSource):
    """``NAME_FILE`` where ``NAME`` is unset, as container secrets are mounted."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        _, key, is_complex = super().get_field_value(field, field_name)
        return value_of(variables_of(field_name, field)), key, is_complex


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
