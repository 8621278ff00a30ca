"""Repositories: which there are, how far they are published, and by which rules."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, text_of
from filemanager.api.http.preconditions import ON_CHANGE, preconditions
from filemanager.api.http.reads import read
from filemanager.api.http.wishes import PageQuery
from filemanager.api.repositories.door import door
from filemanager.api.repositories.guard import Keeps, seen, seen_beyond
from filemanager.api.repositories.keeping import views, wishes
from filemanager.api.repositories.keeping.answers import (
    READS,
    REPOSITORY,
    UNCHANGED,
    shown,
    tag_of,
)
from filemanager.api.repositories.paths import API
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.repositories.repository import Repository
from filemanager.services.repositories.keeping.rules import Rules

repositories = Blueprint("repositories", __name__, url_prefix=API)


@repositories.get("")
@operation(
    guard=READS,
    errors=(429,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.RepositoryList, headers=("ETag", "Link")), 304: UNCHANGED},
)
def list_repositories(query: PageQuery) -> ResponseReturnValue:
    """List the repositories that are configured, whether anything was pushed to them or not."""
    after = text_of(query.cursor)

    def look(asking: Caller | None) -> list[Repository]:
        # One more than asked for tells whether there is another page.
        return [*door().keeping.browser.repositories(asking, after, query.limit + 1)]

    found = seen_beyond(seen(look), look)
    page = found[: query.limit]
    listed = views.RepositoryList(repositories=[views.repository_view(one) for one in page])
    last = page[-1].path if len(found) > query.limit else None
    return read(listed, headers=next_link(last))


@repositories.get("/<repository:repository>")
@operation(
    guard=READS,
    errors=(404, 429),
    accepts=("If-None-Match",),
    answers={200: REPOSITORY, 304: UNCHANGED},
)
def get_repository(repository: str) -> ResponseReturnValue:
    """Show how far a repository is published, and its rules."""
    found = seen(lambda asking: door().keeping.browser.repository(asking, repository))
    return read(views.repository_view(found), tag=tag_of(found.state))


@repositories.patch("/<repository:repository>")
@operation(
    guard=Keeps(Scope.REPOSITORY_ADMIN),
    errors=(400, 404, 412, 429),
    accepts=ON_CHANGE,
    answers={200: REPOSITORY},
)
def change_repository(repository: str, body: wishes.RuleWish) -> ResponseReturnValue:
    """Change the rules: for who reads, and for what comes, from now on.

    What caches have of a repository that becomes private stays there.
    """
    rules = Rules(visibility=body.visibility, rpm_keys=body.rpm_keys, keep_latest=body.keep_latest)
    return shown(door().keeping.rules.change(caller(), repository, rules, preconditions()))
