"""Requests that the server refuses before a route has them, answered as any other refusal is."""

from flask import Flask, request
from werkzeug.exceptions import ClientDisconnected, HTTPException

from filemanager.domain.errors import FilemanagerError

REFUSED = "filemanager.refused"
"""In a request's environment: the error with which the server refuses it, or ended its body."""

OWNER = "filemanager.owner"
"""In a request's environment: who asks, once that is known."""


def install(app: Flask) -> None:
    @app.before_request
    def refuse() -> None:
        if REFUSED in request.environ:
            raise request.environ[REFUSED]


def why_it_broke_off(error: HTTPException) -> HTTPException | FilemanagerError:
    """The server's reason, where a body ended because of it, and not the client's connection."""
    if isinstance(error, ClientDisconnected):
        why: HTTPException | FilemanagerError = request.environ.get(REFUSED, error)
        return why
    return error
