"""Snapshots of repositories: publications that are named and kept."""

from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.preconditions import ON_CHANGE, preconditions
from filemanager.api.http.reads import read
from filemanager.api.http.responses import quoted, represent
from filemanager.api.repositories.door import door
from filemanager.api.repositories.guard import Keeps, seen
from filemanager.api.repositories.keeping import views, wishes
from filemanager.api.repositories.keeping.answers import READS, UNCHANGED, tag_of
from filemanager.api.repositories.paths import ONE
from filemanager.domain.caller import Scope
from filemanager.domain.repositories.snapshots import snapshot_state
from filemanager.domain.trees.history import Pin

snapshots = Blueprint("snapshots", __name__, url_prefix=f"{ONE}/snapshots")

_SNAPSHOT = Answer(views.SnapshotView, headers=("ETag",))


def _made(repository: str, pin: Pin) -> Response:
    place = relative(f"{door().prefix}/api/{repository}/snapshots/{pin.name}")
    headers = {"ETag": quoted(tag_of(snapshot_state(pin))), "Location": place}
    return represent(views.snapshot_view(pin), HTTPStatus.CREATED, headers)


def _made_again(kept: str, repository: str, **_: object) -> Response:
    return _made(repository, door().keeping.snapshots.get(caller(), repository, kept))


@snapshots.get("")
@operation(
    guard=READS,
    errors=(404, 429),
    accepts=("If-None-Match",),
    answers={200: Answer(views.SnapshotList, headers=("ETag",)), 304: UNCHANGED},
)
def list_snapshots(repository: str) -> ResponseReturnValue:
    """List the snapshots of a repository, oldest first."""
    found = seen(lambda asking: door().keeping.snapshots.of(asking, repository))
    return read(views.SnapshotList(snapshots=[views.snapshot_view(one) for one in found]))


@snapshots.post("")
@operation(
    guard=Keeps(Scope.REPOSITORY_PUBLISH),
    errors=(400, 404, 409, 410, 429),
    answers={201: Answer(views.SnapshotView, headers=("ETag", "Location"))},
    again=_made_again,
)
def create_snapshot(repository: str, body: wishes.SnapshotWish) -> ResponseReturnValue:
    """Name a publication. It is kept, and read at `@` and the name, until that is deleted."""
    made = door().keeping.snapshots.create(caller(), repository, body.name, body.edition)
    return _made(repository, made)


@snapshots.get("/<name>")
@operation(
    guard=READS,
    errors=(404, 429),
    accepts=("If-None-Match",),
    answers={200: _SNAPSHOT, 304: UNCHANGED},
)
def get_snapshot(repository: str, name: str) -> ResponseReturnValue:
    """Show which publication a snapshot is."""
    found = seen(lambda asking: door().keeping.snapshots.get(asking, repository, name))
    return read(views.snapshot_view(found), tag=tag_of(snapshot_state(found)))


@snapshots.delete("/<name>")
@operation(
    guard=Keeps(Scope.REPOSITORY_ADMIN),
    errors=(404, 412, 429),
    accepts=ON_CHANGE,
    answers={204: Answer()},
)
def delete_snapshot(repository: str, name: str) -> ResponseReturnValue:
    """Delete a name; take another the next time, since caches know what lay behind this one."""
    door().keeping.snapshots.delete(caller(), repository, name, preconditions())
    return Response(status=HTTPStatus.NO_CONTENT)
