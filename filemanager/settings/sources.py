"""Where settings come from: an environment variable, or the file that one names."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
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


_SERVICE_LINK = re.compile(
    rf"{PREFIX}(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_.*)?)"
)


def is_service_link(variable: str, value: str) -> bool:
    """Whether Kubernetes has set it, for a Service that is called as our variables begin."""
    if variable == f"{PREFIX}PORT":
        return value.startswith(("tcp://", "udp://", "sctp://"))
    return _SERVICE_LINK.fullmatch(variable) is not None


def variables_of(name: str, field: FieldInfo) -> list[str]:
    """The environment variables of a setting, ours first."""
    if isinstance(field.validation_alias, AliasChoices):
        return [str(choice) for choice in field.validation_alias.choices]
    return [f"{PREFIX}{name.upper()}"]


_unreadable: ContextVar[list[str] | None] = ContextVar("_unreadable", default=None)


@contextmanager
def gathering_unreadable(problems: list[str]) -> Iterator[None]:
    """Within it a file that cannot be read is a line of *problems*, and not the end."""
    token = _unreadable.set(problems)
    try:
        yield
    finally:
        _unreadable.reset(token)


def variable_set(name: str, field: FieldInfo) -> str | None:
    """Which variable a setting's value comes from: itself or the one that names a file."""
    candidates = variables_of(name, field)
    for one in (*candidates, *(f"{candidate}_FILE" for candidate in candidates)):
        if one in os.environ and not is_service_link(one, os.environ[one]):
            return one
    return None


class EnvironmentOrFile(EnvSettingsSource):
    """``NAME_FILE`` where ``NAME`` is unset, as container secrets are mounted."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        _, key, is_complex = super().get_field_value(field, field_name)
        return _value(variables_of(field_name, field)), key, is_complex


def _value(variables: Sequence[str]) -> str | None:
    for name in variables:
        value = os.environ.get(name)
        if value is not None and not is_service_link(name, value):
            return value
    for name in variables:
        path = os.environ.get(f"{name}_FILE")
        if path is not None:
            return _read(f"{name}_FILE", path)
    return None


def _read(variable: str, path: str) -> str | None:
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        problems = _unreadable.get()
        if problems is None:
            raise
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        problems.append(f"{variable}: '{path}' cannot be read: {why}")
        return None


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
