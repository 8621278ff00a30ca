"""Errors to answers: one table from kinds to statuses, one shape for each dialect."""

import json
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from filemanager.api.http.dialects import Dialect, dialect_of
from filemanager.api.http.operations import MalformedRequest
from filemanager.domain import errors

STATUS: Mapping[type[errors.FilemanagerError], HTTPStatus] = {
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Malformed: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Rejected: HTTPStatus.BAD_REQUEST,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Gone: HTTPStatus.GONE,
    errors.StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.FilemanagerError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_IN_BARE_WORDS = frozenset({"not_json", "storage_limit_reached"})
"""What BitStore said in plain text; where it said nothing, the answer is JSON."""

_INTERNAL = "Something went wrong inside the service. It has been logged under this request's id."


def status_of(error: errors.FilemanagerError) -> HTTPStatus:
    """The status of the nearest kind the error descends from."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def install(app: Flask) -> None:
    app.register_error_handler(errors.FilemanagerError, refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def refused(error: errors.FilemanagerError) -> Response:
    status = status_of(error)
    response = _answer(status, error.code, error.message)
    if isinstance(error, MalformedRequest) and response.mimetype == "application/problem+json":
        response = _answer(status, error.code, error.message, error.fields)
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, errors.Unavailable):
        structlog.get_logger().warning("unavailable", code=error.code)
    if isinstance(error, errors.Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="filemanager"'
    if isinstance(error, errors.InsufficientScope):
        challenge = f'Bearer error="insufficient_scope", scope="{error.scope}"'
        response.headers["WWW-Authenticate"] = challenge
    return response


def _http_error(error: HTTPException) -> BaseResponse:
    """Werkzeug's own: routing, methods, bodies it would not read."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    code = HTTPStatus(error.code)
    description = error.description or code.description
    response = _answer(code, code.phrase.lower().replace(" ", "_"), description)
    for name in ("Allow", "Content-Range"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    structlog.get_logger().error("unexpected", exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", _INTERNAL)


def _answer(status: HTTPStatus, code: str, message: str, fields: object = None) -> Response:
    dialect = dialect_of(request.path, request.endpoint, current_app.config["BUCKET_PREFIX"])
    if dialect is Dialect.RAWSTORE and code in _IN_BARE_WORDS:
        return Response(message, status, mimetype="text/plain")
    if dialect is Dialect.BUCKET:
        refusal = {"status": status.phrase.lower(), "code": int(status), "error": message}
        return _json(refusal, status, "application/json")
    if dialect is not Dialect.PROBLEM:
        return _json({"reason": message}, status, "application/json")
    problem: dict[str, object] = {
        "type": f"/docs#{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": message,
        "code": code,
        "request_id": g.get("request_id", ""),
    }
    if fields:
        problem["errors"] = fields
    return _json(problem, status, "application/problem+json")


def _json(body: Mapping[str, object], status: HTTPStatus, media: str) -> Response:
    return Response(json.dumps(body), status, mimetype=media)
