"""What publications changed, and what differs between two."""

import pytest

from builders.debian import a_deb
from filemanager.domain.caller import Caller
from filemanager.domain.ids import Revision
from filemanager.domain.repositories.errors import RepositoryUnknown, SnapshotUnknown
from filemanager.domain.repositories.history import ChangeCount
from filemanager.domain.trees.errors import RevisionPruned
from filemanager.services.repositories.keeping.history import ChangePage, PublicationDifference
from worlds.keeping import READER, STRANGER, Keeper
from worlds.repositories import ADMIN, CATALOGUE, FOCAL, Depot
from worlds.stored import LONG

PAGE = ChangePage()


def a_named(name: str) -> dict[str, bytes]:
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}


def told(difference: PublicationDifference) -> list[str]:
    return [f"{one.kind} {one.package.name}" for one in difference.changes]


@pytest.fixture
def changing(keeper: Keeper, depot: Depot) -> Keeper:
    """Three publications: two packages, one of them replaced by a third, and nothing more."""
    keeper.publish({**a_named("kept"), **a_named("old")})
    depot.push(a_named("new"))
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("old").id)
    depot.publish()
    depot.pushing.rebuild(ADMIN, CATALOGUE.targets(FOCAL))
    depot.publish()
    return keeper


def test_publications_tell_how_much_came_and_went(changing: Keeper) -> None:
    found = changing.history.publications(None, FOCAL, None, 10)

    assert [(one.publication.revision, one.changed) for one in found] == [
        (3, ChangeCount()),
        (2, ChangeCount(came=1, went=1)),
        (1, ChangeCount(came=2)),
    ]


def test_publications_are_listed_a_page_at_a_time(changing: Keeper) -> None:
    first = changing.history.publications(None, FOCAL, None, 2)
    rest = changing.history.publications(None, FOCAL, first[-1].publication.revision, 2)

    assert [one.publication.revision for one in (*first, *rest)] == [3, 2, 1]


def test_a_publication_tells_what_came_and_what_went(changing: Keeper) -> None:
    assert told(changing.history.changes(None, FOCAL, "1", PAGE)) == ["came kept", "came old"]
    assert told(changing.history.changes(None, FOCAL, "2", PAGE)) == ["went old", "came new"]
    assert told(changing.history.changes(None, FOCAL, "3", PAGE)) == []


def test_two_publications_are_compared_in_either_direction(changing: Keeper) -> None:
    there = changing.history.difference(None, FOCAL, ("1", "3"), PAGE)
    back = changing.history.difference(None, FOCAL, ("3", "1"), PAGE)

    assert (there.old, there.new, told(there)) == (1, 3, ["went old", "came new"])
    assert (back.old, back.new, told(back)) == (3, 1, ["came old", "went new"])
    assert told(changing.history.difference(None, FOCAL, ("2", "2"), PAGE)) == []


def test_differences_are_told_a_page_at_a_time(changing: Keeper) -> None:
    first = changing.history.difference(None, FOCAL, ("1", "3"), ChangePage(limit=1))
    page = ChangePage(after=first.changes[-1].package.id, limit=1)

    rest = changing.history.difference(None, FOCAL, ("1", "3"), page)

    assert told(first) + told(rest) == ["went old", "came new"]


@pytest.mark.parametrize("edition", ["0", "4", "", "-1", "stable", "9" * 30, "\u0661"])
def test_what_was_never_published_is_told(changing: Keeper, edition: str) -> None:
    with pytest.raises(SnapshotUnknown):
        changing.history.publication(None, FOCAL, edition)
    with pytest.raises(SnapshotUnknown):
        changing.history.difference(None, FOCAL, ("1", edition), PAGE)


def test_a_repository_that_nobody_asked_for_has_no_history(keeper: Keeper) -> None:
    assert keeper.history.publications(None, FOCAL, None, 10) == ()


def test_what_is_not_kept_any_more_is_not_guessed(changing: Keeper) -> None:
    world = changing.depot.world
    world.clock.turn(LONG)
    changing.publish(a_named("later"))
    world.clock.turn(LONG)

    world.sweeper.sweep()

    found = changing.history.publications(None, FOCAL, None, 10)
    assert [one.publication.revision for one in found if one.changed is None] == [4, 3, 2, 1]
    for edition in ("1", "2", "3"):
        with pytest.raises(RevisionPruned):
            changing.history.changes(None, FOCAL, edition, PAGE)
    with pytest.raises(RevisionPruned):
        changing.history.difference(None, FOCAL, ("1", "4"), PAGE)
    assert changing.history.publication(None, FOCAL, "4").publication.revision == Revision(4)


@pytest.mark.parametrize("caller", [None, STRANGER])
def test_the_history_of_a_private_repository_is_its_readers(
    changing: Keeper, caller: Caller | None
) -> None:
    changing.hide()

    for look in (
        lambda: changing.history.publications(caller, FOCAL, None, 10),
        lambda: changing.history.publication(caller, FOCAL, "1"),
        lambda: changing.history.changes(caller, FOCAL, "1", PAGE),
        lambda: changing.history.difference(caller, FOCAL, ("1", "2"), PAGE),
    ):
        with pytest.raises(RepositoryUnknown):
            look()
    assert told(changing.history.changes(READER, FOCAL, "2", PAGE)) == ["went old", "came new"]
