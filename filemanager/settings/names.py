"""What repositories, and the parts of their addresses, can be called."""

from typing import Annotated

from pydantic import AfterValidator

from filemanager.domain.repositories.address import SEGMENT

NOT_FIRST = frozenset({"api", "mirrorlist", "incoming", "static", "index", "KEY.asc"})
"""First segments of the door's own."""

_NO_VERSIONS = frozenset({"dists", "pool"})
"""What stands in the place of a version in the addresses of apt."""


def _name(given: str) -> str:
    if SEGMENT.fullmatch(given) is None:
        raise ValueError(
            "a name is 1 to 64 of A-Z, a-z, 0-9, '.', '+', '~', '_', '-', no sign first"
        )
    return given


def _first(given: str) -> str:
    if given in NOT_FIRST:
        raise ValueError(f"'{given}' is an address of the door itself; choose another name")
    return given


def _version(given: str) -> str:
    if given in _NO_VERSIONS:
        raise ValueError(f"no version can be called '{given}', which is a directory of apt's")
    return given


def _fragment(given: str) -> str:
    for segment in filter(None, given.split("/")):
        _name(segment)
    return given


def _beginning(given: str) -> str:
    bare = given.strip("/")
    return f"{bare}/" if bare else ""


Name = Annotated[str, AfterValidator(_name)]
FirstName = Annotated[Name, AfterValidator(_first)]
"""Of a kind or an anchor."""

Version = Annotated[Name, AfterValidator(_version)]
Fragment = Annotated[str, AfterValidator(_fragment)]
"""A part of a path, of any number of segments; slashes around it do not matter."""

Beginning = Annotated[Fragment, AfterValidator(_beginning)]
"""Of paths of repositories; it ends in a slash, but for that of all."""
