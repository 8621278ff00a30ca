"""JSON that routes of several doors answer with."""

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """What we answer."""

    # Two hundred of them are made when they are first used: a server would wait for all.
    model_config = ConfigDict(frozen=True, defer_build=True)


# The drop-in answers; they are rendered by hand (``drop_in.py``) and described here.


class Reason(View):
    reason: str


# For every door.


class FieldError(View):
    """One thing wrong with a request: a place in its body (RFC 6901) or a query parameter."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class Problem(View):
    """RFC 9457, with a stable ``code``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] = []
