"""The variables that settings are read from: those of the process, and of a file beneath them."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

PREFIX = "FILEMANAGER_"
ENV_FILE = f"{PREFIX}ENV_FILE"

_SERVICE_LINK = re.compile(
    rf"{PREFIX}(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_.*)?)"
)

_given: ContextVar[tuple[Mapping[str, str], list[str]] | None] = ContextVar("_given", default=None)


def is_service_link(variable: str, value: str) -> bool:
    """Whether Kubernetes has set it, for a Service that is called as our variables begin."""
    if variable == f"{PREFIX}PORT":
        return value.startswith(("tcp://", "udp://", "sctp://"))
    return _SERVICE_LINK.fullmatch(variable) is not None


@contextmanager
def reading_all(problems: list[str]) -> Iterator[Mapping[str, str]]:
    """Within it the file of ``FILEMANAGER_ENV_FILE`` counts too, where the process sets nothing,
    and a file that cannot be read is a line of *problems*, and not the end.
    """
    given = {**_of_file(problems), **os.environ}
    token = _given.set((given, problems))
    try:
        yield given
    finally:
        _given.reset(token)


def variables() -> Mapping[str, str]:
    given = _given.get()
    return os.environ if given is None else given[0]


def value_of(names: Sequence[str]) -> str | None:
    """Of the first that is set, else of the first whose file is named, as secrets are mounted."""
    given = variables()
    for name in names:
        value = given.get(name)
        if value is not None and not is_service_link(name, value):
            return value
    for name in names:
        path = given.get(f"{name}_FILE")
        if path is not None:
            return _read_file(f"{name}_FILE", path)
    return None


def _read_file(variable: str, path: str) -> str | None:
    """Without blanks around. None: it could not be read, which was told; else ``OSError``."""
    given = _given.get()
    return _text(path) if given is None else _read(variable, path, given[1])


def _read(variable: str, path: str, problems: list[str]) -> str | None:
    try:
        return _text(path)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        problems.append(f"{variable}: '{path}' cannot be read: {why}")
        return None


def _text(path: str) -> str:
    """Without the mark that editors put before the first name, or into a secret."""
    return Path(path).read_text("utf-8-sig").strip()


def _of_file(problems: list[str]) -> Mapping[str, str]:
    path = os.environ.get(ENV_FILE)
    if path is None:
        return {}
    found = {}
    for line in parse_stream(StringIO(_read(ENV_FILE, path, problems) or "")):
        if line.error or (line.key is not None and line.value is None):
            problems.append(f"{ENV_FILE}: line {line.original.line} is no NAME=VALUE")
        elif line.key is not None:
            found[line.key] = line.value or ""
    return found
