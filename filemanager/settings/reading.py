"""Reading the environment: all problems told at once, and every variable described."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from filemanager.settings.service import Settings
from filemanager.settings.sources import FromEnvironment, variables_of

Read = TypeVar("Read", bound=FromEnvironment)


class BadSettings(Exception):
    """Every problem on a line of its own; never a rejected value, which may be a secret."""


def load() -> Settings:
    """Read the environment. Raises ``BadSettings``."""
    problems: list[str] = []
    doors: dict[str, Any] = {}
    for name, kind in _doors().items():
        # Every problem is told, so the rest is read even where a door's settings are wrong.
        doors[name] = _read(kind, problems) or kind.model_construct()
    settings = _read(lambda: Settings(**doors), problems)
    if settings is None or problems:
        raise BadSettings("\n".join(problems))
    return settings


def _doors() -> Mapping[str, type[FromEnvironment]]:
    """The fields that hold the settings of a door."""
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, FromEnvironment)
    }


def _read(make: Callable[[], Read], problems: list[str]) -> Read | None:
    try:
        return make()
    except OSError as error:
        problems.append(f"{error.filename}: {error.strerror}")
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        problems += [f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in found]
    return None


def described() -> list[tuple[str, str, str]]:
    """Each variable, its default and its meaning."""
    kinds: list[type[FromEnvironment]] = [Settings, *_doors().values()]
    fields = {name: field for kind in kinds for name, field in kind.model_fields.items()}
    for door in _doors():
        del fields[door]
    return [
        (" or ".join(variables_of(name, field)), _shown(field.default), field.description or "")
        for name, field in fields.items()
    ]


def _shown(default: object) -> str:
    return "" if default is None else str(default)
