"""Repositories of shares: made once, kept with their share, refused with a reason."""

from dataclasses import replace

import pytest

from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.shares.errors import (
    PackNotReady,
    ShareNamesNoVersion,
    ShareUnlisted,
    TooLargeForRepository,
)
from filemanager.domain.shares.pack import MAX_ITEMS, PackKind
from filemanager.domain.shares.share import Share
from filemanager.exports.git.paths import PathGitRefuses
from worlds.shares import SHARER, Fair


def _pack(fair: Fair, share: Share, kind: PackKind = PackKind.LFS) -> bytes:
    return b"".join(fair.clones.repository(fair.opened(fair.now(share)), kind).pack())


def test_each_kind_is_made_once_for_a_share(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id)
    with pytest.raises(PackNotReady):
        _pack(fair, share)

    tasks = fair.work()

    packs = {kind: _pack(fair, share, kind) for kind in PackKind}
    assert tasks == 1
    assert all(pack.startswith(b"PACK") for pack in packs.values())
    assert len(set(packs.values())) == 3
    assert fair.work() == 0


def test_another_version_and_another_name_have_packs_of_their_own(
    fair: Fair, package_id: DataPackageId
) -> None:
    share = fair.share(package_id)
    fair.work()
    first = _pack(fair, share)
    fair.study.text(package_id, "more.txt")
    fair.study.frozen(package_id)

    fair.edit(share, number=2)
    with pytest.raises(PackNotReady):
        _pack(fair, share)
    fair.work()
    second = _pack(fair, share)
    renamed = fair.owned.rotate(SHARER, fair.address(share), "rose")
    fair.work()

    assert len({first, second, _pack(fair, renamed)}) == 3


def test_the_pack_lives_as_long_as_its_share(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id)
    fair.work()
    fair.study.world.sweep_twice()
    kept = _pack(fair, share)
    before = len(fair.study.world.digests())

    fair.owned.revoke(SHARER, fair.address(share))
    fair.study.world.sweep_twice()

    assert kept.startswith(b"PACK")
    assert before - len(fair.study.world.digests()) == len(PackKind)


def test_what_was_revoked_is_made_no_more(fair: Fair, package_id: DataPackageId) -> None:
    share = fair.share(package_id)
    fair.owned.revoke(SHARER, fair.address(share))

    assert fair.work() == 1
    with fair.study.world.database.read() as tx:
        assert tx.shares.packs.find(share.id, PackKind.LFS) is None


def test_what_git_cannot_hold_is_told_with_its_path(fair: Fair, package_id: DataPackageId) -> None:
    fair.study.text(package_id, "a/.git/config.txt")
    fair.study.frozen(package_id)
    share = fair.share(package_id, number=2)
    fair.work()

    for _ in range(2):
        with pytest.raises(PathGitRefuses) as refused:
            _pack(fair, share)
    assert "a/.git/config.txt" in refused.value.message


def test_what_has_no_repository_says_why(fair: Fair, package_id: DataPackageId) -> None:
    latest = fair.opened(fair.share(package_id, number=None))
    hidden = fair.opened(fair.share(package_id, is_listed=False))
    version = fair.opened(fair.share(package_id))
    large = replace(version, edition=replace(version.edition, items=MAX_ITEMS + 1))

    for opened, refusal in (
        (latest, ShareNamesNoVersion),
        (hidden, ShareUnlisted),
        (large, TooLargeForRepository),
    ):
        with pytest.raises(refusal):
            fair.clones.repository(opened, PackKind.ANNEX)
