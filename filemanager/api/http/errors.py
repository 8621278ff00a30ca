"""Errors to answers: one table from kinds to statuses, one shape for each dialect."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import ClientDisconnected, HTTPException
from werkzeug.wrappers import Response as BaseResponse

from filemanager.api.http.context import REFUSED
from filemanager.api.http.dialects import Refusal, dialect_of, status_code
from filemanager.api.http.operations import MalformedRequest
from filemanager.domain import errors
from filemanager.domain.workspaces.log import escaped

STATUS: Mapping[type[errors.FilemanagerError], HTTPStatus] = {
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Malformed: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Rejected: HTTPStatus.BAD_REQUEST,
    errors.Unsupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    errors.Misdirected: HTTPStatus.MISDIRECTED_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Gone: HTTPStatus.GONE,
    errors.StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.FilemanagerError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_INTERNAL = "Something went wrong inside the service. It has been logged under this request's id."


def status_of(error: errors.FilemanagerError) -> HTTPStatus:
    """The status of the nearest kind the error descends from."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[errors.FilemanagerError]) -> HTTPStatus:
    return next(STATUS[one] for one in kind.__mro__ if one in STATUS)


def install(app: Flask) -> None:
    app.register_error_handler(errors.FilemanagerError, refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)

    @app.before_request
    def refuse() -> None:
        """What the server could not read is answered as any other refusal is."""
        if REFUSED in request.environ:
            raise request.environ[REFUSED]


def refused(error: errors.FilemanagerError) -> Response:
    """The answer to an error of ours, worded as its door does."""
    fields = error.fields if isinstance(error, MalformedRequest) else ()
    response = _worded(
        Refusal(status=status_of(error), code=error.code, message=error.message, fields=fields)
    )
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, errors.Unavailable):
        structlog.get_logger().warning("unavailable", code=error.code)
    if isinstance(error, errors.Unauthenticated):
        # A door may have worded a challenge of its own.
        response.headers.setdefault("WWW-Authenticate", _challenge(error))
    if isinstance(error, errors.InsufficientScope):
        challenge = f'Bearer error="insufficient_scope", scope="{error.scope}"'
        response.headers["WWW-Authenticate"] = challenge
    return response


def _challenge(error: errors.Unauthenticated) -> str:
    """RFC 6750, 3; who sent no token is told of no error."""
    challenge = 'Bearer realm="filemanager"'
    if not isinstance(error, errors.InvalidToken):
        return challenge
    return f'{challenge}, error="invalid_token", error_description="{error.why}"'


def _http_error(error: HTTPException) -> BaseResponse:
    """Werkzeug's own: routing, methods, bodies it would not read."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    why = _why_it_broke_off(error)
    if isinstance(why, errors.FilemanagerError):
        return refused(why)
    status = HTTPStatus(why.code or error.code)
    message = why.description or status.description
    response = _worded(Refusal(status=status, code=status_code(status), message=message))
    for name in ("Allow", "Content-Range"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    return response


def _why_it_broke_off(error: HTTPException) -> HTTPException | errors.FilemanagerError:
    """The server's reason, where a body ended because of it, and not the client's connection."""
    if isinstance(error, ClientDisconnected):
        why: HTTPException | errors.FilemanagerError = request.environ.get(REFUSED, error)
        return why
    return error


def _unexpected(error: Exception) -> Response:
    structlog.get_logger().error("unexpected", exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _worded(Refusal(status=status, code="internal", message=_INTERNAL))


def _worded(refusal: Refusal) -> Response:
    dialect = dialect_of(current_app, request.path, request.endpoint)
    return dialect.word(replace(refusal, message=escaped(refusal.message)))
