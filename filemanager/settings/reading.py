"""Reading the environment: all problems told at once, and every variable described."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python
from pydantic_settings import SettingsError

from filemanager.settings.environment import ENV_FILE, PREFIX, is_service_link, reading_all
from filemanager.settings.service import Settings
from filemanager.settings.sources import FromEnvironment, variable_set, variables_of

Read = TypeVar("Read", bound=FromEnvironment)

_OF_OTHERS = (
    *("FILEMANAGER_URL", "FILEMANAGER_TOKEN"),
    *("FILEMANAGER_SOURCE_SECRET_KEY", "FILEMANAGER_SOURCE_SESSION_TOKEN"),
    "FILEMANAGER_FIXTURES",
)
"""Of the client, of a command that takes secrets, and of the tests."""

MASK = "********"

_PASSWORD = re.compile(r"(://[^:/?#]*:).*(?=@)", re.DOTALL)
"""Of a URL: up to the last ``@``, since one that is not written as ``%40`` is a password's too."""

_SECRET_PARAMETER = re.compile(r"([?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&]*", re.IGNORECASE)
"""Drivers of databases take a password there as well."""


class BadSettings(Exception):
    """Every problem on a line of its own; never a rejected value, which may be a secret."""


def load() -> Settings:
    """Read the environment. Raises ``BadSettings``."""
    problems: list[str] = []
    doors: dict[str, Any] = {}
    with reading_all(problems) as given:
        problems += _unknown(given)
        for name, kind in _doors().items():
            # Every problem is told, so the rest is read even where a door's settings are wrong.
            doors[name] = _read(kind, kind, problems) or kind.model_construct()
        settings = _read(Settings, lambda: Settings(**doors), problems)
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


def service_links() -> list[str]:
    """Variables that Kubernetes has set and that were passed over, by name."""
    return sorted(name for name, value in os.environ.items() if is_service_link(name, value))


def mistyped() -> list[str]:
    """A line for each variable with our prefix that nothing reads, with what was meant."""
    return list(_unknown(os.environ))


def _unknown(given: Mapping[str, str]) -> Iterator[str]:
    known = {ENV_FILE, *_OF_OTHERS}
    for name, field in _fields().items():
        known.update(f"{one}{end}" for one in variables_of(name, field) for end in ("", "_FILE"))
    for name, value in sorted(given.items()):
        if name.startswith(PREFIX) and name not in known and not is_service_link(name, value):
            yield f"{name}: no setting has this name{_meant(name, known)}"


def _meant(name: str, known: set[str]) -> str:
    # By what is behind the prefix, which all have: it would make everything alike.
    ends = [one.removeprefix(PREFIX) for one in sorted(known) if one.startswith(PREFIX)]
    close = get_close_matches(name.removeprefix(PREFIX), ends, n=1)
    return f"; did you mean {PREFIX}{close[0]}?" if close else ""


def _read(
    kind: type[FromEnvironment], make: Callable[[], Read], problems: list[str]
) -> Read | None:
    try:
        return make()
    except OSError as error:
        problems.append(f"{error.filename}: {error.strerror}")
    except SettingsError as error:
        problems.append(
            f"{_named_in(kind, str(error))}: the value is not the JSON that is asked for"
        )
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        problems += [f"{_place(kind, p['loc'])}: {_words_of(p['msg'])}" for p in found]
    return None


def _place(kind: type[FromEnvironment], location: tuple[int | str, ...]) -> str:
    """The variable that was set, and where in its value."""
    first, *rest = map(str, location) if location else ("settings",)
    for name, field in kind.model_fields.items():
        if first in (name, *variables_of(name, field)):
            return ".".join((variable_set(name, field) or variables_of(name, field)[0], *rest))
    return ".".join((first, *rest))


def _words_of(message: str) -> str:
    """What we say is wrong comes with a mark of the library before it."""
    return message.removeprefix("Value error, ")


def _named_in(kind: type[FromEnvironment], message: str) -> str:
    """The library tells which field, in words."""
    (field,) = [name for name in kind.model_fields if f'"{name}"' in message]
    return _place(kind, (field,))


def _fields() -> Mapping[str, FieldInfo]:
    doors = _doors()
    kinds: list[type[FromEnvironment]] = [Settings, *doors.values()]
    fields = {name: field for kind in kinds for name, field in kind.model_fields.items()}
    return {name: field for name, field in fields.items() if name not in doors}


def described() -> list[tuple[str, str, str]]:
    """Each variable, its default and its meaning."""
    return [
        (" or ".join(variables_of(name, field)), _shown(field.default), field.description or "")
        for name, field in _fields().items()
    ]


def effective(settings: Settings) -> list[tuple[str, str]]:
    """Each setting's first variable and its value; secrets are masked, what is unset left out."""
    doors = _doors()
    holders = (settings, *(getattr(settings, name) for name in doors))
    return [
        (variables_of(name, field)[0], _masked(getattr(one, name)))
        for one in holders
        for name, field in type(one).model_fields.items()
        if name not in doors and getattr(one, name) is not None
    ]


def _masked(value: object) -> str:
    if isinstance(value, SecretStr):
        return MASK
    is_whole = isinstance(value, str | int | Path)
    text = str(value) if is_whole else json.dumps(to_jsonable_python(value), ensure_ascii=False)
    return _SECRET_PARAMETER.sub(rf"\1{MASK}", _PASSWORD.sub(rf"\1{MASK}", text))


def _shown(default: object) -> str:
    return "" if default is None else str(default)
