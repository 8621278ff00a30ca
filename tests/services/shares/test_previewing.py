"""How long an item of a share is shown to whoever has its address, and what ends that."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from builders.preview_tokens import with_part
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.ports import Transaction
from filemanager.domain.requests.previews import PreviewNotFound
from filemanager.domain.shares.capability import CapabilityId
from filemanager.domain.shares.share import Share
from filemanager.domain.sources.errors import SourceUnavailable
from worlds.packages import CURATOR, SOURCE
from worlds.shares import HOME, SHARER, Fair

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40
HOUR = timedelta(hours=1)
PATHS = ("README.md", "rings.png")
"""A text of ours, and a picture in a directory of others."""


@dataclass
class Shown:
    """A share, and what a page of it showed."""

    fair: Fair
    share: Share
    tokens: dict[str, str]
    key: CapabilityId | None = None

    def shows(self) -> dict[str, bool]:
        return {path: self._shows(token) for path, token in self.tokens.items()}

    def _shows(self, token: str) -> bool:
        try:
            self.fair.previewing.open(token)
        except PreviewNotFound:
            return False
        return True

    def edit(self, **changes: object) -> None:
        self.fair.edit(self.share, **changes)

    def change_source(self, **changes: object) -> None:
        def work(tx: Transaction) -> None:
            source = tx.sources.lock(SOURCE)
            tx.sources.save(replace(source, **changes))  # type: ignore[arg-type]  # of its fields

        self.fair.study.world.database.write(work)


@pytest.fixture
def package(fair: Fair) -> DataPackageId:
    """A text and a picture that comes through us, frozen twice."""
    study = fair.study
    study.connect()
    study.bucket.signs = False
    study.object("rings.png", PNG)
    package_id = study.create().id
    study.text(package_id, "README.md", b"# Rings")
    study.point(package_id, "rings.png")
    study.work()
    study.frozen(package_id)
    study.text(package_id, "more.txt")
    study.frozen(package_id)
    return package_id


def shown(fair: Fair, share: Share, *, by_key: bool = False) -> Shown:
    opened, key = fair.opened(share), None
    if by_key:
        made, secret = fair.keys.create(SHARER, fair.address(share), "nightly", None)
        opened, key = fair.opening.by_secret(secret.text, HOME), made.id
    found = [fair.items.find(opened, path) for path in PATHS]
    tokens = {one.item.path: fair.previewing.token(opened, one) for one in found}
    return Shown(fair, share, {str(path): token for path, token in tokens.items()}, key)


def test_it_shows_what_the_bytes_are(fair: Fair, package: DataPackageId) -> None:
    tokens = shown(fair, fair.share(package)).tokens

    found = {path: fair.previewing.open(token) for path, token in tokens.items()}

    assert {path: media for path, (_download, media) in found.items()} == {
        "README.md": "text/plain",
        "rings.png": "image/png",
    }
    download, _media = found["rings.png"]
    assert b"".join(download.stream(0, download.size_bytes)) == PNG
    assert download.name == "rings.png"


def test_it_counts_no_visit(fair: Fair, package: DataPackageId) -> None:
    share = fair.share(package, max_visits=1)

    for token in shown(fair, share).tokens.values():
        fair.previewing.open(token)

    assert fair.now(share).visits == 0
    assert fair.owned.accesses(SHARER, fair.address(share), None, 100) == []


@pytest.mark.parametrize("ends", [None, timedelta(minutes=2)])
def test_it_lasts_five_minutes_and_no_longer_than_its_share(
    fair: Fair, package: DataPackageId, ends: timedelta | None
) -> None:
    at = fair.study.world.clock
    one = shown(fair, fair.share(package, expires_at=ends and at() + ends))

    at.turn((ends or timedelta(minutes=5)) - timedelta(milliseconds=1))
    before = one.shows()
    at.turn(timedelta(milliseconds=1))

    assert before == dict.fromkeys(PATHS, True)
    assert one.shows() == dict.fromkeys(PATHS, False)


def _revoke(one: Shown) -> None:
    one.fair.owned.revoke(SHARER, one.fair.address(one.share))


def _shorten(one: Shown) -> None:
    one.edit(expires_at=one.fair.study.world.clock() + timedelta(seconds=1))
    one.fair.study.world.clock.turn(timedelta(seconds=1))


def _set_password(one: Shown) -> None:
    one.edit(password="hash of another")  # a fake's


def _set_audience(one: Shown) -> None:
    one.edit(audience=frozenset({"test:2"}))


def _show_another_version(one: Shown) -> None:
    one.edit(number=2)


def _rename(one: Shown) -> None:
    one.edit(slug="another-name")


def _delete_package(one: Shown) -> None:
    one.fair.study.keeper.delete(CURATOR, one.share.package_id)


def _block_owner(one: Shown) -> None:
    world = one.fair.study.world
    world.database.write(lambda tx: tx.blocked_owners.block(CURATOR.owner, world.clock()))


def _withdraw_source(one: Shown) -> None:
    one.change_source(readers=frozenset({"test:2"}))


def _remove_source(one: Shown) -> None:
    one.change_source(removed_at=one.fair.study.world.clock())


WAYS = [
    _revoke, _shorten, _set_password, _set_audience, _show_another_version, _rename,
    _delete_package, _block_owner, _withdraw_source, _remove_source,
]  # fmt: skip


@pytest.mark.parametrize("by_key", [False, True], ids=["by-name", "by-key"])
@pytest.mark.parametrize("happens", WAYS)
def test_it_ends_with_its_share(
    fair: Fair, package: DataPackageId, happens: Callable[[Shown], None], by_key: bool
) -> None:
    one = shown(fair, fair.share(package), by_key=by_key)
    before = one.shows()

    happens(one)

    assert before == dict.fromkeys(PATHS, True)
    assert one.shows() == dict.fromkeys(PATHS, False)


def test_it_ends_with_the_access_key_that_it_came_by(fair: Fair, package: DataPackageId) -> None:
    share = fair.share(package)
    by_name, by_key = shown(fair, share), shown(fair, share, by_key=True)
    assert by_key.key is not None

    fair.keys.revoke(SHARER, fair.address(share), by_key.key)

    assert by_key.shows() == dict.fromkeys(PATHS, False)
    assert by_name.shows() == dict.fromkeys(PATHS, True)


def test_of_the_latest_it_ends_with_the_bytes(fair: Fair, package: DataPackageId) -> None:
    one = shown(fair, fair.share(package, number=None))

    fair.study.text(package, "README.md", b"# Other rings")

    assert one.shows() == {"README.md": False, "rings.png": True}


def test_what_changed_where_it_lies_is_not_shown(fair: Fair, package: DataPackageId) -> None:
    one = shown(fair, fair.share(package))
    fair.study.bucket.is_versioned = False

    fair.study.object("rings.png", b"<svg onload=alert(1)>")
    fair.study.world.clock.turn(timedelta(seconds=61))

    assert one.shows() == {"README.md": True, "rings.png": False}


def test_a_source_that_is_away_says_so(fair: Fair, package: DataPackageId) -> None:
    one = shown(fair, fair.share(package))
    fair.study.bucket.fault = SourceUnavailable(SOURCE)

    with pytest.raises(SourceUnavailable):
        fair.previewing.open(one.tokens["rings.png"])


def test_what_a_guest_is_sent_elsewhere_for_is_not_shown(
    fair: Fair, package: DataPackageId
) -> None:
    one = shown(fair, fair.share(package))

    fair.study.bucket.signs = True

    assert one.shows() == {"README.md": True, "rings.png": False}


@pytest.mark.parametrize(
    "change",
    [
        with_part(0, "2"),
        with_part(0, "999"),
        with_part(1, "1"),
        with_part(2, "99999999999"),
        with_part(3, urlsafe_b64encode(b"more.txt").decode().rstrip("=")),
        with_part(3, urlsafe_b64encode(b"a\0b").decode().rstrip("=")),
        with_part(3, urlsafe_b64encode(b"../README.md").decode().rstrip("=")),
        with_part(4, "0" * 64),
        lambda _token: "",
    ],
    ids=["share", "no-share", "key", "end", "path", "nul", "dots", "signature", "nothing"],
)
def test_nobody_changes_what_was_signed(
    fair: Fair, package: DataPackageId, change: Callable[[str], str]
) -> None:
    one = shown(fair, fair.share(package, number=2))
    fair.share(package, number=2)

    one.tokens = {path: change(token) for path, token in one.tokens.items()}

    assert one.shows() == dict.fromkeys(PATHS, False)
