"""What a route says of itself: its guard, what it takes and what it answers."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import MethodNotAllowed, UnsupportedMediaType

from filemanager.api.http.bodies import NoJson, parsed_json, sent_bytes
from filemanager.api.http.context import OWNER
from filemanager.api.http.guards import Guard
from filemanager.api.http.idempotency import HEADER, once
from filemanager.api.http.wishes import MAX_BODY_BYTES
from filemanager.domain.errors import Malformed

Model = TypeVar("Model", bound=BaseModel)
View = Callable[..., ResponseReturnValue]
ATTRIBUTE = "__operation__"


class MalformedRequest(Malformed):
    """The query or the body does not fit its model; ``fields`` say where and why."""

    code = "malformed_request"

    def __init__(self, fields: list[dict[str, str]]) -> None:
        super().__init__("The request is malformed; see the errors for each field.")
        self.fields = fields


@dataclass(frozen=True)
class Answer:
    """One response: its body (none, a model, or bytes of a media type) and its headers.

    ``or_media`` are other types that ``Accept`` or the thing itself may choose.
    """

    model: type[BaseModel] | None = None
    media: str = "application/json"
    headers: tuple[str, ...] = ()
    or_media: tuple[str, ...] = ()


ELSEWHERE = Answer(headers=("Location", "Cache-Control"))
"""A redirect to an address that nobody keeps."""


@dataclass(frozen=True)
class Body:
    """A request body that the view itself reads; the schema is JSON Schema, for readers only.

    ``or_model`` is JSON of another type that may come instead.
    """

    media: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    or_model: tuple[str, type[BaseModel]] | None = None


OCTETS: Mapping[str, Any] = {"type": "string", "format": "binary"}
"""Of bytes. JSON Schema has no word for them; generated clients know this one."""

BYTES = Body("application/octet-stream")
UPLOAD_FORM = Body(
    "multipart/form-data",
    {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": OCTETS,
            "ancillary": {"type": "string", "enum": ["True", "False"]},
        },
    },
)


@dataclass(frozen=True)
class Operation:
    guard: Guard
    answers: Mapping[int, Answer]
    errors: tuple[int, ...]
    sends: Body | None
    accepts: tuple[str, ...]
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    is_safe: bool


def operation(  # noqa: PLR0913  # the words of a description, all by keyword
    *,
    guard: Guard,
    answers: Mapping[int, Answer],
    errors: tuple[int, ...] = (),
    sends: Body | None = None,
    accepts: tuple[str, ...] = (),
    is_safe: bool = True,
    again: View | None = None,
    most_bytes: int = MAX_BODY_BYTES,
) -> Callable[[View], View]:
    """Guard and describe a view, and hand it its ``query`` and ``body`` as models if it names them.

    The guard runs first. Nothing else is touched: the request's stream is the view's, and its
    answer passes as it is. ``is_safe`` False: the GET changes state, so that HEAD is refused.
    With ``again`` the route takes an ``Idempotency-Key``: it shows a result once more, called with
    the id that was kept of it and the view's arguments. ``most_bytes`` bounds the ``body``.
    """

    def describe(view: View) -> View:
        # Not get_type_hints: it fails on the forward references inside flask.typing.
        hints = inspect.get_annotations(view, eval_str=True)
        query, body = hints.get("query"), hints.get("body")

        @wraps(view)
        def guarded(**arguments: object) -> ResponseReturnValue:
            if not is_safe and request.method == "HEAD":
                raise MethodNotAllowed(valid_methods=["GET", "POST"])
            _admit(guard, arguments)
            arguments |= _parsed(query, body, most_bytes)
            run = partial(view, **arguments)
            shown = again and partial(again, **arguments)
            return once(run, shown, sent_bytes(most_bytes)) if shown else run()

        headers = accepts if again is None else (*accepts, HEADER)
        described = Operation(guard, answers, errors, sends, headers, query, body, is_safe)
        setattr(guarded, ATTRIBUTE, described)
        return guarded

    return describe


def _admit(guard: Guard, arguments: dict[str, object]) -> None:
    """Ask the guard, and tell the server who it is whose body or answer may be slow."""
    guard.admit(arguments)
    asking = g.get("caller") or g.get("depositor")
    request.environ[OWNER] = asking and asking.owner


# Only what was sent may be malformed: an invalid model of ours further in is a 500. Answers repeat
# nothing of what was sent: it may hold what must not come back, or go into a log.


def _parsed(
    query: type[BaseModel] | None, body: type[BaseModel] | None, most_bytes: int
) -> dict[str, object]:
    """Those of the two that the view names."""
    parsed: dict[str, object] = {}
    if query is not None:
        parsed["query"] = _parsed_query(query)
    if body is not None:
        parsed["body"] = parsed_body(body, most_bytes)
    return parsed


def _parsed_query(model: type[BaseModel]) -> BaseModel:
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise MalformedRequest(
            [
                {"parameter": ".".join(map(str, one["loc"])), "detail": one["msg"]}
                for one in error.errors(include_url=False, include_input=False)
            ]
        ) from error


def parsed_body(model: type[Model], most_bytes: int) -> Model:
    """The request's JSON as a model. An empty body is an empty object. Raises
    ``MalformedRequest``.
    """
    sent = _json(most_bytes)
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise MalformedRequest(
            [
                {"pointer": _pointer(one["loc"]), "detail": one["msg"]}
                for one in error.errors(include_url=False, include_input=False)
            ]
        ) from error


def _json(most_bytes: int) -> object:
    data = sent_bytes(most_bytes)
    if not data:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        return parsed_json(data)
    except NoJson as error:
        raise MalformedRequest(
            [{"pointer": "", "detail": "The body is not JSON, or is nested too deeply."}]
        ) from error


def _pointer(place: tuple[int | str, ...]) -> str:
    """RFC 6901."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in place)
