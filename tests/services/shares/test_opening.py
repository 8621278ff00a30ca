"""Who sees a share: its rows as they are now, and nothing else, decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.ports import Transaction
from filemanager.domain.shares.errors import (
    SharedPackageGone,
    SharedSourceClosed,
    ShareExpired,
    ShareOwnerBlocked,
    SharePasswordNeeded,
    ShareRevoked,
    ShareTokenNeeded,
    ShareUnknown,
)
from filemanager.domain.shares.share import Share
from worlds.packages import CURATOR, SOURCE
from worlds.shares import ELSEWHERE, HOME, SHARER, Fair


def test_a_share_of_a_version_shows_it(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id)

    opened = fair.opened(share)

    assert (opened.edition.number, opened.edition.items) == (1, 2)
    assert opened.place == f"/s/{share.slug}/"


def test_a_share_of_the_latest_follows_the_package(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id, number=None)
    fair.study.text(package_id, "more.txt")

    opened = fair.opened(share)

    assert (opened.edition.number, opened.edition.items) == (None, 3)


def test_a_name_that_nobody_gave_opens_nothing(fair: Fair) -> None:
    with pytest.raises(ShareUnknown):
        fair.opening.by_name("nobodys", None, HOME)


def _expire(fair: Fair, _share: Share) -> None:
    fair.study.world.clock.turn(timedelta(hours=2))


def _revoke(fair: Fair, share: Share) -> None:
    fair.owned.revoke(SHARER, fair.address(share))


def _delete_package(fair: Fair, share: Share) -> None:
    fair.study.keeper.delete(CURATOR, share.package_id)


def _block_owner(fair: Fair, _share: Share) -> None:
    world = fair.study.world
    world.database.write(lambda tx: tx.blocked_owners.block(CURATOR.owner, world.clock()))


def _change_source(fair: Fair, **changes: object) -> None:
    def work(tx: Transaction) -> None:
        source = tx.sources.lock(SOURCE)
        tx.sources.save(replace(source, **changes))  # type: ignore[arg-type]  # of its fields

    fair.study.world.database.write(work)


def _withdraw_source(fair: Fair, _share: Share) -> None:
    _change_source(fair, readers=frozenset({"test:2"}))


def _remove_source(fair: Fair, _share: Share) -> None:
    _change_source(fair, removed_at=fair.study.world.clock())


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        (_expire, ShareExpired),
        (_revoke, ShareRevoked),
        (_delete_package, SharedPackageGone),
        (_block_owner, ShareOwnerBlocked),
        (_withdraw_source, SharedSourceClosed),
        (_remove_source, SharedSourceClosed),
    ],
)
def test_what_happens_later_closes_a_share_for_everybody(
    fair: Fair,
    package_id: DataPackageId,
    happens: Callable[[Fair, Share], None],
    refusal: type[FilemanagerError],
) -> None:
    expires_at = fair.study.world.clock() + timedelta(hours=1)
    share = fair.share(package_id, expires_at=expires_at)
    _, key = fair.keys.create(SHARER, fair.address(share), "nightly", None)
    fair.opened(share)

    happens(fair, share)

    with pytest.raises(refusal):
        fair.opened(share)
    with pytest.raises(refusal):
        fair.opening.by_secret(key.text, ELSEWHERE)


def test_an_owner_let_in_again_is_seen_again(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id)
    _block_owner(fair, share)
    fair.study.world.database.write(lambda tx: tx.blocked_owners.unblock(CURATOR.owner))

    assert fair.opened(share).share == share


def test_a_password_is_asked_for(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id, password="open sesame")

    with pytest.raises(SharePasswordNeeded):
        fair.opened(share)
    assert fair.opened(share, password="open sesame").share == share


def test_no_password_opens_what_is_for_certain_people(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id, password="right", audience=frozenset({"test:2"}))

    with pytest.raises(ShareTokenNeeded):
        fair.opened(share, password="right")


@pytest.mark.parametrize(
    "secret", ["", "x", "v1.00", "v1." + "0" * 64, "v0.x", "\u00e4", "a" * 999]
)
def test_a_made_up_secret_opens_nothing(fair: Fair, package_id: DataPackageId, secret: str) -> None:
    share = fair.share(package_id)
    fair.visits.begin(fair.opened(share))

    with pytest.raises(ShareUnknown):
        fair.opening.by_secret(secret, HOME)
