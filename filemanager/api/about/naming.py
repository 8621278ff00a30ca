"""What generated clients call operations, and what people read above them."""

import inspect
from collections.abc import Collection, Iterable, Mapping

from flask import Flask

_OF_FIRST_VERSION = "V1"
_BELOW_CAPABILITIES = ("capabilities.", "guest_uploads.")
_BY_CAPABILITY = "ByCapability"


def tag_of(endpoint: str) -> str:
    """The capability: the same for the drop-in routes and ours."""
    return endpoint.split(".")[-2].capitalize()


def tags(app: Flask, endpoints: Iterable[str]) -> Mapping[str, str]:
    """Each tag with what its modules say that they hold."""
    said: dict[str, dict[str, None]] = {}
    for endpoint in endpoints:
        module = inspect.getmodule(inspect.unwrap(app.view_functions[endpoint]))
        line = (inspect.getdoc(module) or "").partition("\n")[0]
        said.setdefault(tag_of(endpoint), {})[line] = None
    return {tag: " ".join(lines) for tag, lines in said.items()}


def operation_names(endpoints: Iterable[str]) -> Mapping[str, str]:
    """A verb for each endpoint, its view's name; elsewhere what v2 has too ends in ``V1``, and
    what lies below a secret as well as below a name says so.
    """
    every = set(endpoints)
    ours = {_view(one) for one in every if one.startswith("v2.")}
    return {one: _camel(_view(one)) + _ending(one, ours) for one in every}


def _ending(endpoint: str, ours: Collection[str]) -> str:
    if endpoint.startswith(_BELOW_CAPABILITIES):
        return _BY_CAPABILITY
    is_older = _view(endpoint) in ours and not endpoint.startswith("v2.")
    return _OF_FIRST_VERSION if is_older else ""


def operation_id(name: str, method: str, *, is_only: bool) -> str:
    """Where a view takes several methods, all but POST say which they are."""
    return name if is_only or method == "POST" else f"{name}By{method.capitalize()}"


def _view(endpoint: str) -> str:
    return endpoint.rpartition(".")[2]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
