"""Refusals as pages."""

from http import HTTPStatus

from filemanager.api.pages.texts import _


def title_of(status: HTTPStatus) -> str:
    """For people, in their language; in English where the catalogue has it not."""
    titles = {
        HTTPStatus.BAD_REQUEST: _("Bad Request"),
        HTTPStatus.UNAUTHORIZED: _("Unauthorized"),
        HTTPStatus.FORBIDDEN: _("Forbidden"),
        HTTPStatus.NOT_FOUND: _("Not Found"),
        HTTPStatus.METHOD_NOT_ALLOWED: _("Method Not Allowed"),
        HTTPStatus.CONFLICT: _("Conflict"),
        HTTPStatus.GONE: _("Gone"),
        HTTPStatus.PRECONDITION_FAILED: _("Changed in between"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Too large"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("Not understood"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too Many Requests"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("Internal Server Error"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Service Unavailable"),
        HTTPStatus.INSUFFICIENT_STORAGE: _("Insufficient Storage"),
    }
    return titles.get(status, status.phrase)
