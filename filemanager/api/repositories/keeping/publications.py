"""Publications of repositories: told, compared, and gone back to."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.preconditions import ON_CHANGE, preconditions
from filemanager.api.http.reads import read
from filemanager.api.http.wishes import PageQuery
from filemanager.api.repositories.door import door
from filemanager.api.repositories.guard import Keeps, seen
from filemanager.api.repositories.keeping import views, wishes
from filemanager.api.repositories.keeping.answers import (
    PROMISED,
    READS,
    REPOSITORY,
    UNCHANGED,
    done,
    place_of,
    shown_again,
)
from filemanager.api.repositories.paths import ONE
from filemanager.domain.caller import Scope
from filemanager.domain.ids import Revision
from filemanager.domain.repositories.repository import PackageId
from filemanager.services.repositories.keeping.history import (
    ChangePage,
    PublicationDifference,
)

publications = Blueprint("publications", __name__, url_prefix=ONE)

_DIFFERENCE = Answer(views.PublicationDifferenceView, headers=("ETag", "Link"))


@publications.get("/publications")
@operation(
    guard=READS,
    errors=(404, 429),
    accepts=("If-None-Match",),
    answers={200: Answer(views.PublicationList, headers=("ETag", "Link")), 304: UNCHANGED},
)
def list_publications(repository: str, query: PageQuery) -> ResponseReturnValue:
    """List the publications of a repository, the newest first."""
    before = Revision(number_of(query.cursor)) if query.cursor else None
    history, limit = door().keeping.history, query.limit
    found = seen(lambda asking: history.publications(asking, repository, before, limit + 1))
    page = found[:limit]
    last = page[-1].publication.revision if len(found) > limit else None
    listed = views.PublicationList(publications=[views.publication_view(one) for one in page])
    return read(listed, headers=next_link(last))


@publications.get("/publications/<edition>")
@operation(
    guard=READS,
    errors=(404, 410, 429),
    accepts=("If-None-Match",),
    answers={200: Answer(views.PublicationView, headers=("ETag",)), 304: UNCHANGED},
)
def get_publication(repository: str, edition: str) -> ResponseReturnValue:
    """Show a publication, by its number or by the name of a snapshot."""
    history = door().keeping.history
    found = seen(lambda asking: history.publication(asking, repository, edition))
    return read(views.publication_view(found))


@publications.get("/publications/<edition>/changes")
@operation(
    guard=READS,
    errors=(404, 410, 429),
    accepts=("If-None-Match",),
    answers={200: _DIFFERENCE, 304: UNCHANGED},
)
def list_publication_changes(
    repository: str, edition: str, query: PageQuery
) -> ResponseReturnValue:
    """List the packages that came and went with a publication."""
    history, page = door().keeping.history, _page(query)
    return _told(
        repository, page, seen(lambda asking: history.changes(asking, repository, edition, page))
    )


@publications.get("/diff")
@operation(
    guard=READS,
    errors=(404, 410, 429),
    accepts=("If-None-Match",),
    answers={200: _DIFFERENCE, 304: UNCHANGED},
)
def compare_publications(
    repository: str, query: wishes.PublicationDifferenceQuery
) -> ResponseReturnValue:
    """List what came and went from one publication to another; the other may be the older."""
    history, page, editions = door().keeping.history, _page(query), (query.from_, query.to)
    return _told(
        repository,
        page,
        seen(lambda asking: history.difference(asking, repository, editions, page)),
    )


@publications.post("/publications/<edition>:restore")
@operation(
    guard=Keeps(Scope.REPOSITORY_ADMIN),
    errors=(400, 404, 409, 410, 412, 413, 429),
    accepts=ON_CHANGE,
    answers={200: REPOSITORY, 202: PROMISED},
    again=shown_again,
)
def restore_publication(
    repository: str, edition: str, query: wishes.AwaitQuery
) -> ResponseReturnValue:
    """Make the packages of a repository those of a publication, in a new one.

    Nothing is lost: what is there now stays in the history for as long as that is kept.
    """
    pushed = door().keeping.restoring.restore(caller(), repository, edition, preconditions())
    return done(pushed, is_awaited=query.wait)


def _page(query: PageQuery) -> ChangePage:
    """One more than asked for tells whether there is another page."""
    return ChangePage(after=PackageId(number_of(query.cursor)), limit=query.limit + 1)


def _told(repository: str, page: ChangePage, found: PublicationDifference) -> ResponseReturnValue:
    changes, place = found.changes[: page.limit - 1], place_of(repository)
    last = changes[-1].package.id if len(found.changes) == page.limit else None
    listed = views.PublicationDifferenceView(
        from_revision=found.old,
        to_revision=found.new,
        changes=[views.change_view(one, place) for one in changes],
    )
    return read(listed, headers=next_link(last))
