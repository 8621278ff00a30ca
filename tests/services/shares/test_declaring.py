"""Shares that the settings name."""

import pytest

from filemanager.domain.packages.data_package import DataPackageId
from filemanager.services.shares.declaring import DeclaredShare, DeclaredShares
from worlds.shares import BASE, SHARER, Fair


def _declared(fair: Fair, **shares: DeclaredShare) -> DeclaredShares:
    world = fair.study.world
    return DeclaredShares(world.database, fair.owned, shares, BASE, world.clock)


def _of(package_id: DataPackageId, number: int | None = 1) -> DeclaredShare:
    return DeclaredShare(package_id=package_id, number=number, description="from settings")


def test_they_are_made_once_and_stay_as_they_are(fair: Fair, package_id: DataPackageId) -> None:
    declared = _declared(fair, iris=_of(package_id))

    declared.apply()
    declared.apply()
    (share,) = fair.owned.page(SHARER, package_id, 0, 10)
    fair.owned.revoke(SHARER, fair.address(share))
    declared.apply()

    assert (share.slug, share.number, share.description) == ("iris", 1, "from settings")
    assert fair.owned.page(SHARER, package_id, 0, 10) == []


def test_one_that_cannot_be_made_keeps_no_other_from_it(
    fair: Fair, package_id: DataPackageId, capsys: pytest.CaptureFixture[str]
) -> None:
    nobodys = DataPackageId("0" * 32)

    _declared(fair, a_b=_of(nobodys), iris=_of(package_id, 9), rose=_of(package_id)).apply()

    (share,) = fair.owned.page(SHARER, package_id, 0, 10)
    assert share.slug == "rose"
    assert "data_package_not_found" in capsys.readouterr().out
