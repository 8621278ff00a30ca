"""How doors word their refusals: a door may bring a dialect, all else answers problems."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from flask import Flask, Response, request
from pydantic import BaseModel

from filemanager.api.http.context import base_url
from filemanager.api.http.surround import REQUEST_ID
from filemanager.api.http.views import Problem

PROBLEM_MEDIA = "application/problem+json"

_EXTENSION = "filemanager-dialects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """``fields`` name what is wrong with a query or a body, where that was not read."""

    status: HTTPStatus
    code: str
    message: str
    fields: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """``covers`` gets a path and the endpoint it leads to, None where it leads nowhere.

    ``model`` is what most of its refusals look like, for readers of the description.
    """

    covers: Callable[[str, str | None], bool]
    word: Callable[[Refusal], Response]
    model: type[BaseModel]
    media: str = "application/json"


def below(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def status_code(status: HTTPStatus) -> str:
    """The code of a refusal that no error of ours stands behind."""
    return status.phrase.lower().replace(" ", "_").replace("-", "_")


def answer_json(body: Mapping[str, object], status: HTTPStatus | int | str) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def answer_reason(refusal: Refusal) -> Response:
    """``{"reason": …}`` alone, as the clients of two of the originals expect."""
    return answer_json({"reason": refusal.message}, refusal.status)


def problem(status: int, title: str, refusal: Refusal) -> Response:
    """RFC 9457; *status* and *title* need not be of HTTP's registry."""
    told: dict[str, object] = {
        "type": f"{base_url()}/docs/problems/{refusal.code}",
        "title": title,
        "status": status,
        "detail": refusal.message,
        "code": refusal.code,
        "request_id": request.environ[REQUEST_ID],
    }
    if refusal.fields:
        told["errors"] = refusal.fields
    return Response(json.dumps(told), f"{status} {title}", mimetype=PROBLEM_MEDIA)


def _worded(refusal: Refusal) -> Response:
    return problem(refusal.status, refusal.status.phrase, refusal)


PROBLEM = Dialect(covers=lambda *_: True, word=_worded, model=Problem, media=PROBLEM_MEDIA)


def install(app: Flask, dialects: Sequence[Dialect]) -> None:
    app.extensions[_EXTENSION] = (*dialects, PROBLEM)


def dialect_of(app: Flask, path: str, endpoint: str | None) -> Dialect:
    """The first that covers the path; ``PROBLEM`` covers the rest."""
    known = cast("Sequence[Dialect]", app.extensions[_EXTENSION])  # put there above
    return next(one for one in known if one.covers(path, endpoint))
