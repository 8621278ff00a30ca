"""What is answered when a repository was asked for or changed."""

from http import HTTPStatus
from urllib.parse import quote

from flask import Response

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import Answer
from filemanager.api.http.responses import quoted, represent
from filemanager.api.repositories.door import door
from filemanager.api.repositories.guard import OpenRepositories
from filemanager.api.repositories.keeping import views
from filemanager.domain.repositories.repository import Repository
from filemanager.domain.requests.preconditions import State
from filemanager.services.repositories.pushing import Pushed

READS = OpenRepositories("public repositories are for everybody; private ones do not exist here")
REPOSITORY = Answer(views.RepositoryView, headers=("ETag",))
PROMISED = Answer(views.RepositoryView, headers=("ETag", "Location"))
UNCHANGED = Answer(headers=("ETag",))


def tag_of(state: State) -> str:
    (tag,) = state.tags
    return tag


def place_of(path: str) -> str:
    """What the paths of a repository's files begin with."""
    return door().catalogue.find(path).place


def address_of_repository(path: str) -> str:
    """As seen from the request."""
    return relative(f"{door().prefix}/api/{quote(path)}")


def shown(repository: Repository, status: HTTPStatus = HTTPStatus.OK) -> Response:
    headers = {"ETag": quoted(tag_of(repository.state))}
    if status is HTTPStatus.ACCEPTED:
        headers["Location"] = address_of_repository(repository.path)
    return represent(views.repository_view(repository), status, headers)


def shown_again(kept: str, repository: str, **_: object) -> Response:
    """The repository as it is by now, where a change of it was sent again."""
    del kept
    return shown(now(repository))


def done(pushed: Pushed, *, is_awaited: bool) -> Response:
    """The repository, and 202 where somebody waited in vain for clients to see the change."""
    return shown(now(pushed.path), status_of(pushed, is_awaited=is_awaited))


def status_of(pushed: Pushed, *, is_awaited: bool) -> HTTPStatus:
    is_over = not is_awaited or door().waiting.is_over([pushed])
    return HTTPStatus.OK if is_over else HTTPStatus.ACCEPTED


def now(path: str) -> Repository:
    """As it is after the caller's change of it."""
    return door().keeping.browser.repository(caller(), path)
