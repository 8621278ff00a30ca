"""Visits: what is counted, limited and written down."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.shares.errors import ShareUnknown, ShareUsedUp
from filemanager.domain.shares.share import Share
from filemanager.domain.shares.visit import ShareAccess
from filemanager.services.shares.opening import Guest, Opened
from filemanager.services.shares.visiting import Fetch
from worlds.shares import ELSEWHERE, HOME, SHARER, Fair

ITEM = Fetch(item="f/README.md", size_bytes=7)
RESUMED = Fetch(item="f/README.md", size_bytes=3, is_continued=True)
DAY = timedelta(days=1)


def _log(fair: Fair, share: Share) -> Sequence[ShareAccess]:
    return fair.owned.accesses(SHARER, fair.address(share), None, 100)


def _unlocked(fair: Fair, share: Share) -> Opened:
    place = fair.unlocking.unlock(share.slug, "right", None, HOME).place
    return fair.opening.by_secret(place.split("/")[2], HOME)


def test_all_that_an_address_fetches_in_a_day_is_one_visit(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id)

    for _ in range(3):
        fair.visits.fetch(fair.opened(share), ITEM)
        fair.study.world.clock.turn(DAY / 3)
    fair.visits.fetch(fair.opened(share), ITEM)
    fair.visits.fetch(fair.opened(share, ELSEWHERE), ITEM)

    assert fair.now(share).visits == 3


def test_agents_at_one_address_are_one_visitor(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id, max_visits=1)

    for agent in ("git/2.39", "git-annex/10"):
        fair.visits.fetch(fair.opened(share, Guest(HOME.address, agent)), ITEM)

    assert fair.now(share).visits == 1


def test_a_second_visitor_of_a_share_for_one_is_refused(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id, max_visits=1)
    fair.visits.fetch(fair.opened(share), ITEM)

    for fetch in (ITEM, RESUMED):
        with pytest.raises(ShareUsedUp):
            fair.visits.fetch(fair.opened(share, ELSEWHERE), fetch)
    fair.visits.fetch(fair.opened(share), RESUMED)

    assert fair.now(share).visits == 1


def test_what_goes_on_begins_no_visit_where_nobody_limits_them(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id)

    fair.visits.fetch(fair.opened(share), RESUMED)

    assert fair.now(share).visits == 0


def test_a_capability_is_a_visitor_wherever_it_is_used(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id, password="right", max_visits=2)
    first, second = _unlocked(fair, share), _unlocked(fair, share)

    for opened in (first, second, first):
        fair.visits.fetch(opened, ITEM)

    assert fair.now(share).visits == 2
    with pytest.raises(ShareUsedUp):
        fair.visits.fetch(_unlocked(fair, share), ITEM)


def test_a_visit_has_one_place_that_opens_the_share_for_its_visitor(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id, password="right", max_visits=1)
    opened = fair.opened(share, password="right")
    places = {fair.visits.place(opened, fair.visits.begin(opened)) for _ in range(2)}

    (place,) = places
    token = place.split("/")[2]
    again = fair.opening.by_secret(token, HOME)

    assert again.place == place
    assert fair.visits.fetch(again, ITEM) == again.visit
    with pytest.raises(ShareUnknown):
        fair.opening.by_secret(token, ELSEWHERE)
    fair.study.world.clock.turn(DAY)
    with pytest.raises(ShareUnknown):
        fair.opening.by_secret(token, HOME)


def test_another_password_ends_visits_and_what_was_unlocked(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id, password="right")
    unlocked = _unlocked(fair, share)
    visiting = fair.visits.place(
        fair.opened(share, password="right"),
        fair.visits.begin(fair.opened(share, password="right")),
    )
    _, key = fair.keys.create(SHARER, fair.address(share), "nightly", None)

    fair.edit(share, password=fair.hashes.hashed("new"))

    for place in (unlocked.place, visiting):
        with pytest.raises(ShareUnknown):
            fair.opening.by_secret(place.split("/")[2], HOME)
    assert fair.opening.by_secret(key.text, HOME).share.slug == share.slug


def test_the_log_tells_what_was_fetched_without_whole_addresses(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id)
    visit = fair.visits.fetch(fair.opened(share), ITEM)

    fair.visits.fetch(fair.opened(share), RESUMED)

    newest, oldest = _log(fair, share)
    assert visit is not None
    assert (oldest.item, oldest.size_bytes, oldest.visit_id) == ("f/README.md", 7, visit.id)
    assert (oldest.agent, oldest.network) == ("wget", "192.0.2.0/24")
    assert (newest.size_bytes, newest.visit_id) == (3, visit.id)


def test_the_log_is_kept_for_thirty_days(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id)
    fair.visits.fetch(fair.opened(share), ITEM)

    fair.study.world.clock.turn(timedelta(days=30))
    kept = len(_log(fair, share)), fair.pruning.prune()
    fair.study.world.clock.turn(timedelta(seconds=1))
    fair.pruning.prune()

    assert kept == (1, 1)
    assert _log(fair, share) == []
