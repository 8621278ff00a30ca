"""Many push at once while clients read in a loop: nothing is lost, and no reader ever fails."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from builders.debian import a_deb
from builders.rpms import an_rpm, tags_of
from e2e.repositories.bucket import Bucket
from e2e.repositories.house import House, house
from servers.postgres import new_postgres_database
from servers.radosgw import Gateway
from servers.service import wait_until
from worlds.apt_root import AptRoot
from worlds.dnf_root import dnf_root

pytestmark = pytest.mark.e2e

PUSHERS = 8
ROUNDS = 3
APT, YUM = "live/2.8/ubuntu", "live/2.8/el/9"
FORMS = ("sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.s3]))


@dataclass(frozen=True, slots=True)
class Crowded:
    """A house of two processes; the one on PostgreSQL is followed by a bucket."""

    house: House
    bucket: Bucket | None

    def apt_sources(self) -> list[str]:
        """Of each place where apt reads."""
        found = [self.house.apt_source(APT, "focal")]
        if self.bucket is not None:
            found.append(self.bucket.apt_source(APT, "focal", self.house.key))
        return found


@pytest.fixture(params=FORMS)
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crowded]:
    environment, bucket = {"FILEMANAGER_WORKERS": "2"}, None
    if request.param == "postgres":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))
        gateway: Gateway = request.getfixturevalue("s3_gateway")
        bucket = Bucket(gateway, gateway.new_bucket())
        environment |= {"FILEMANAGER_DATABASE_URL": url, **bucket.environment()}
    with house(tmp_path / "house", **environment) as made:
        assert made.get(f"{APT}/dists/focal/InRelease").ok
        if bucket is not None:
            bucket.wait_for(f"{APT}/dists/focal/InRelease", "SIGNATURE")
        yield Crowded(made, bucket)


def names() -> Iterator[str]:
    return (f"p{pusher}x{turn}" for turn in range(ROUNDS) for pusher in range(PUSHERS))


def push_all(house: House, directory: Path, pusher: int) -> None:
    for turn in range(ROUNDS):
        name = f"p{pusher}x{turn}"
        deb, rpm = directory / f"{name}_1.0-1_amd64.deb", directory / f"{name}-1.0-1.x86_64.rpm"
        deb.write_bytes(a_deb({"Package": name}))
        rpm.write_bytes(an_rpm(tags_of(name)))
        house.push(f"{APT}/focal", [deb], "tiny", waits=False)
        house.push(YUM, [rpm], waits=False)


def again_until(done: threading.Event, look: Callable[[], object]) -> int:
    """Look once more after the end too; how often that was."""
    for number in count(1):
        is_last = done.is_set()
        look()
        if is_last:
            return number
    raise AssertionError


def test_nothing_is_lost_and_no_reader_fails(running: Crowded, tmp_path: Path) -> None:
    done, home = threading.Event(), running.house
    sources = enumerate(running.apt_sources())
    apts = [AptRoot(tmp_path / f"apt-{number}", source) for number, source in sources]
    options = {
        "mirrorlist": f"{home.url}/mirrorlist/{YUM}/x86_64",
        "gpgkey": f"{home.url}/KEY.asc",
    }
    with dnf_root(tmp_path / "dnf", **options) as dnf, ThreadPoolExecutor(PUSHERS + 3) as threads:
        looks = [*(apt.update for apt in apts), dnf.make_cache]
        for look in looks:
            look()
        readers = [threads.submit(again_until, done, look) for look in looks]
        pushers = []
        for pusher in range(PUSHERS):
            directory = tmp_path / f"packages-{pusher}"
            directory.mkdir()
            pushers.append(threads.submit(push_all, home, directory, pusher))
        wait(pushers)
        # Readers end whatever became of the pushes.
        done.set()
        for one in pushers:
            one.result()
        assert min(reader.result() for reader in readers) > 1

        wanted = sorted(names())
        wait_until(lambda: _is_published(home, len(wanted)), "all is published")
        for apt in apts:
            # A bucket follows a moment later.
            wait_until(partial(sees, apt, wanted), "apt sees all")
        dnf.make_cache()
        assert [one.rpartition("-0:")[0] for one in dnf.packages()] == wanted


def sees(apt: AptRoot, wanted: list[str]) -> bool:
    apt.update()
    return sorted(apt.run("apt-cache", "pkgnames").stdout.split()) == wanted


def _is_published(house: House, packages: int) -> bool:
    index = house.get(f"{APT}/dists/focal/main/binary-amd64/Packages").text
    page = house.get(f"{YUM}/x86_64/Packages").text
    return index.count("\nFilename: ") == packages and page.count(".rpm </a>") == packages
