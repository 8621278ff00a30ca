"""Many push at once while clients read in a loop: nothing is lost, and no reader ever fails."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import count
from pathlib import Path

import pytest

from builders.debian import a_deb
from builders.rpms import an_rpm, tags_of
from e2e.repositories.house import House, house
from servers.postgres import new_postgres_database
from servers.service import wait_until
from worlds.apt_root import AptRoot
from worlds.dnf_root import dnf_root

pytestmark = pytest.mark.e2e

PUSHERS = 8
ROUNDS = 3
APT, YUM = "live/2.8/ubuntu", "live/2.8/el/9"
FORMS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=FORMS)
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    environment = {"FILEMANAGER_WORKERS": "2"}
    if request.param == "postgres":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))
        environment["FILEMANAGER_DATABASE_URL"] = url
    with house(tmp_path / "house", **environment) as made:
        yield made


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


def test_nothing_is_lost_and_no_reader_fails(running: House, tmp_path: Path) -> None:
    done = threading.Event()
    apt = AptRoot(tmp_path / "apt", running.apt_source(APT, "focal"))
    options = {
        "mirrorlist": f"{running.url}/mirrorlist/{YUM}/x86_64",
        "gpgkey": f"{running.url}/KEY.asc",
    }
    with dnf_root(tmp_path / "dnf", **options) as dnf, ThreadPoolExecutor(PUSHERS + 2) as threads:
        apt.update()
        dnf.make_cache()
        readers: list[Future[int]] = [
            threads.submit(again_until, done, apt.update),
            threads.submit(again_until, done, dnf.make_cache),
        ]
        pushers = []
        for pusher in range(PUSHERS):
            directory = tmp_path / f"packages-{pusher}"
            directory.mkdir()
            pushers.append(threads.submit(push_all, running, directory, pusher))
        wait(pushers)
        # Readers end whatever became of the pushes.
        done.set()
        for one in pushers:
            one.result()
        looks = [reader.result() for reader in readers]

        wanted = sorted(names())
        wait_until(lambda: _is_published(running, len(wanted)), "all is published")
        apt.update()
        dnf.make_cache()
        offered = apt.run("apt-cache", "pkgnames").stdout.split()
        assert sorted(offered) == wanted
        assert [one.rpartition("-0:")[0] for one in dnf.packages()] == wanted
    assert min(looks) > 1


def _is_published(house: House, packages: int) -> bool:
    index = house.get(f"{APT}/dists/focal/main/binary-amd64/Packages").text
    page = house.get(f"{YUM}/x86_64/Packages").text
    return index.count("\nFilename: ") == packages and page.count(".rpm </a>") == packages
