"""What becomes of a share when the world around it changes: a status, a reason, nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import GONE
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from e2e.packages.bucket import Bucket, bucket
from e2e.packages.house import (
    PASSWORD,
    SECOND_VISITOR,
    House,
    house,
    item_url,
    owned,
    status_for,
)
from e2e.packages.recipes.tools import TOOLS
from e2e.packages.recipes.visitor import Address, CommandFailed, Visitor
from filemanager.domain.caller import owner_of
from filemanager.domain.ids import random_id
from filemanager.settings.service import Settings
from servers.nginx import nginx
from servers.radosgw import Gateway
from servers.service import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

KEY = "a.txt"
ISSUER = Settings.model_fields["jwt_issuer"].default
ROUTES = (
    "",
    "f/",
    "f/README.md",
    f"f/{KEY}",
    f"p/{KEY}.pointer",
    "v/README.md",
    "urls.txt",
    "SHA256SUMS",
    "datapackage.json",
    "statement.json",
    "linkset.json",
    "package.zip",
    "annex.git/info/refs?service=git-upload-pack",
    "dvc.git/info/refs?service=git-upload-pack",
    "lfs.git/info/refs?service=git-upload-pack",
    "dvc/files/md5/d4/1d8cd98f00b204e9800998ecf8427e",
)
"""Of a share, one of every kind."""

ASKED = {"oid": "0" * 64, "size": 1}
POSTS = {
    "presign": {"paths": [KEY]},
    "lfs.git/info/lfs/objects/batch": {"operation": "download", "objects": [ASKED]},
    "annex.git/git-upload-pack": {},
}
"""What is posted to a share, by its route."""

Told = tuple[int, str]


@pytest.fixture(scope="module")
def running(s3_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), s3_gateway) as made:
        yield made


@pytest.fixture
def pond(s3_gateway: Gateway) -> Iterator[Bucket]:
    """A bucket that keeps no versions."""
    with bucket(s3_gateway, is_versioned=False) as made:
        made.put(KEY, b"text")
        yield made


@pytest.fixture
def source(running: House, pond: Bucket) -> str:
    name = f"pond-{random_id()}"
    running.add_source(name, pond, pond.gateway.endpoint_url)
    return name


def told(url: str, **headers: str) -> Told:
    """The status, and the code of the problem."""
    answer = requests.get(url, headers=headers, allow_redirects=False, timeout=60)
    is_problem = answer.headers.get("Content-Type", "").startswith("application/problem+json")
    assert is_problem, (url, answer.status_code, answer.text)
    assert len(answer.json()["detail"]) > len("A sentence.")
    return answer.status_code, answer.json()["code"]


def posted_to(base: str) -> set[int]:
    """The statuses of all that is posted."""
    return {
        requests.post(f"{base}{route}", json=sent, timeout=60).status_code
        for route, sent in POSTS.items()
    }


def test_a_changed_object_is_not_sent(running: House, pond: Bucket, source: str) -> None:
    share = running.share(running.package_of(source, KEY))
    pond.put(KEY, b"other")

    assert told(item_url(share, KEY)) == (409, "source_object_changed")


@pytest.mark.parametrize("tool", ["aria2", "git-annex", "git-lfs", "dvc pull", "bdbag"])
def test_what_changed_since_our_last_look_is_refused_by_its_digest(
    running: House, pond: Bucket, source: str, tmp_path: Path, tool: str
) -> None:
    share = running.share(running.package_of(source, KEY))
    # For a minute the service does not look again.
    assert requests.get(item_url(share, KEY), timeout=60).content == b"text"
    pond.put(KEY, b"else")

    with pytest.raises(CommandFailed):
        TOOLS[tool].fetch(Visitor(tmp_path, ""), Address(share))


def test_a_deleted_object_is_gone(running: House, pond: Bucket, source: str) -> None:
    share = running.share(running.package_of(source, KEY))
    pond.delete(KEY)

    assert told(item_url(share, KEY)) == (410, "source_object_gone")


def test_where_versions_are_kept_the_frozen_one_is_sent_whatever_comes_later(
    running: House,
) -> None:
    running.lake.put(KEY, b"first")
    share = running.share(running.package_of("lake", KEY))
    running.lake.put(KEY, b"second")

    assert requests.get(item_url(share, KEY), timeout=60).content == b"first"


def test_a_version_that_was_deleted_for_good_is_gone(running: House) -> None:
    running.lake.put("gone.txt", b"first")
    share = running.share(running.package_of("lake", "gone.txt"))
    running.lake.delete("gone.txt")

    assert told(item_url(share, "gone.txt")) == (410, "source_object_gone")


def test_a_store_that_does_not_answer_is_told_as_such(
    running: House, pond: Bucket, tmp_path: Path
) -> None:
    place = urlsplit(pond.gateway.endpoint_url)
    with nginx(tmp_path / "front", [(str(place.hostname), int(place.port or 0))]) as front:
        name = f"pond-{random_id()}"
        running.add_source(name, pond, front)
        share = running.share(running.package_of(name, KEY))

    assert told(item_url(share, KEY)) == (503, "source_unavailable")
    assert requests.get(item_url(share, "README.md"), timeout=60).status_code == 200


def expire(running: House, share: str, package: str) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    running.told("PATCH", owned(package, share), json={"expires": soon})
    wait_until(lambda: told(share)[0] == GONE, "it has expired")


def revoke(running: House, share: str, package: str) -> None:
    running.told("DELETE", owned(package, share))


def delete_package(running: House, _: str, package: str) -> None:
    running.told("DELETE", f"packages/{package}")


def block_owner(running: House, _: str, __: str) -> None:
    owner = owner_of(ISSUER, running.user)
    running.command("packages", "block", owner)


def take_readers_away(running: House, _: str, package: str) -> None:
    running.told("PATCH", f"sources/{source_in(running, package)}", json={"readers": []})


def remove_source(running: House, _: str, package: str) -> None:
    running.told("DELETE", f"sources/{source_in(running, package)}")


def source_in(running: House, package: str) -> str:
    item = running.told("GET", f"packages/{package}/items/{KEY}")
    return str(item["source"])


CLOSINGS: dict[Callable[[House, str, str], None], Told] = {
    expire: (410, "share_expired"),
    revoke: (410, "share_revoked"),
    delete_package: (410, "shared_package_gone"),
    block_owner: (403, "share_owner_blocked"),
    take_readers_away: (403, "shared_source_closed"),
    remove_source: (403, "shared_source_closed"),
}


@pytest.mark.parametrize(
    ("close", "why"), CLOSINGS.items(), ids=[close.__name__ for close in CLOSINGS]
)
def test_a_closed_share_tells_why_and_opens_nothing(
    running: House, source: str, close: Callable[[House, str, str], None], why: Told
) -> None:
    owner = replace(running, user=random_id())
    package = owner.package_of(source, KEY)
    share = owner.share(package, password=PASSWORD)
    unlocked = owner.unlocked(share).base
    assert requests.get(f"{unlocked}urls.txt", timeout=60).status_code == 200

    close(owner, share, package)

    for base in (share, unlocked):
        assert {told(f"{base}{route}") for route in ROUTES} == {why}
        assert posted_to(base) == {why[0]}


def test_a_protected_share_asks_at_every_route_for_its_password(
    running: House, source: str
) -> None:
    share = running.share(running.package_of(source, KEY), password=PASSWORD)

    answers = {told(f"{share}{route}") for route in ROUTES}

    assert answers == {(401, "share_password_needed")}
    assert posted_to(share) == {401}


def test_a_wrong_password_opens_nothing_and_is_soon_no_longer_looked_at(
    running: House, source: str
) -> None:
    share = running.share(running.package_of(source, KEY), password=PASSWORD)

    answers = [told(f"{share}urls.txt", **{"X-Share-Password": "no"}) for _ in range(12)]

    assert answers[0] == (401, "wrong_share_password")
    # Five a minute; the next minute may begin anywhere among them.
    assert (429, "too_many_wrong_share_passwords") in answers


def test_a_share_that_is_used_up_opens_for_its_visitor_alone(running: House, source: str) -> None:
    share = running.share(running.package_of(source, KEY), max_visits=1)

    statuses = [status_for(f"{share}urls.txt", by) for by in ("127.0.0.1", SECOND_VISITOR) * 2]

    assert statuses == [303, 410, 303, 410]
