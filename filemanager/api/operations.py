"""What a route says of itself: its guard, what it takes and what it answers."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import MethodNotAllowed

from filemanager.api.guards import Guard
from filemanager.domain.errors import Malformed

Returned = TypeVar("Returned")
ATTRIBUTE = "__operation__"


class MalformedRequest(Malformed):
    """The query or the body does not fit its model; ``fields`` say where and why."""

    code = "malformed_request"

    def __init__(self, error: ValidationError) -> None:
        super().__init__("The request is malformed; see the errors for each field.")
        # Without the input: it may hold what must not come back in an answer or a log.
        self.fields = error.errors(include_url=False, include_context=False, include_input=False)


@dataclass(frozen=True)
class Answer:
    """One response: its body (none, a model, or bytes of a media type) and its headers."""

    model: type[BaseModel] | None = None
    media: str = "application/json"
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    """A request body that the view itself reads; the schema is JSON Schema, for readers only."""

    media: str
    schema: Mapping[str, Any] = field(default_factory=dict)


BYTES = Body("application/octet-stream")
UPLOAD_FORM = Body(
    "multipart/form-data",
    {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
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


def operation(  # noqa: PLR0913  # the words of a description, all by keyword
    *,
    guard: Guard,
    answers: Mapping[int, Answer],
    errors: tuple[int, ...] = (),
    sends: Body | None = None,
    accepts: tuple[str, ...] = (),
    is_safe: bool = True,
) -> Callable[[Callable[..., Returned]], Callable[..., Returned]]:
    """Guard and describe a view, and hand it its ``query`` and ``body`` as models if it names them.

    The guard runs first. Nothing else is touched: the request's stream is the view's, and its
    answer passes as it is. ``is_safe`` False: the GET changes state, so that HEAD is refused.
    """

    def describe(view: Callable[..., Returned]) -> Callable[..., Returned]:
        # Not get_type_hints: it fails on the forward references inside flask.typing.
        hints = inspect.get_annotations(view, eval_str=True)
        query, body = hints.get("query"), hints.get("body")

        @wraps(view)
        def guarded(**arguments: object) -> Returned:
            if request.method == "HEAD" and not is_safe:
                raise MethodNotAllowed(valid_methods=["GET", "POST"])
            guard.admit(arguments)
            # Only what was sent may be malformed: an invalid model of ours further in is a 500.
            try:
                if query is not None:
                    arguments["query"] = query.model_validate(request.args.to_dict())
                if body is not None:
                    arguments["body"] = body.model_validate_json(request.get_data() or b"{}")
            except ValidationError as error:
                raise MalformedRequest(error) from error
            return view(**arguments)

        described = Operation(guard, answers, errors, sends, accepts, query, body)
        setattr(guarded, ATTRIBUTE, described)
        return guarded

    return describe
