"""The client and the repositories door together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from builders.debian import FILES, a_deb, a_dsc
from builders.keys import a_key
from builders.papers import a_token
from filemanager.client.connection import Connection, Patience
from filemanager.client.errors import ClientError, Refused
from filemanager.client.packages import PackagePush, PackageWish, PushedPackages
from filemanager.client.repositories import Repositories
from filemanager.client.uploads import Uploads
from filemanager.client.watching import Unwatched
from people.pushers import door_settings
from worlds.in_process import URL, InProcess

FOCAL, JAMMY = "live/2.8/ubuntu/focal", "release/2.8/ubuntu/jammy"
DEB = "tiny_1.0-1_amd64.deb"
BUILD = {DEB: a_deb(), "tiny_1.0-1.dsc": a_dsc(), **FILES}


class Bench:
    """Somebody with files and the client; while it waits, workers work."""

    def __init__(self, app: Flask, directory: Path, publish: Callable[[], None]) -> None:
        patience = Patience(pause=lambda _: publish(), attempts=3)
        token = a_token("1", "repository:admin")
        self.connection = Connection(URL, token, patience=patience, adapter=InProcess(app))
        self.repositories = Repositories(self.connection)
        self._directory = directory

    def push(self, files: dict[str, bytes], path: str = FOCAL) -> PushedPackages:
        for name, data in files.items():
            (self._directory / name).write_bytes(data)
        places = [self._directory / name for name in files]
        wish = PackageWish(repository=path, files=places, product="tools", threads=2)
        return PackagePush(Uploads(self.connection), wish, Unwatched()).run()

    def names(self, path: str = FOCAL, part: str | None = None) -> list[str]:
        return [f"{one.name} {one.arch}" for one in self.repositories.packages(path, part)]


@pytest.fixture
def bench(app: Flask, tmp_path: Path, publish: Callable[[], None]) -> Bench:
    (tmp_path / "build").mkdir()
    return Bench(app, tmp_path / "build", publish)


def test_a_build_is_one_push(bench: Bench) -> None:
    pushed = bench.push(BUILD)

    published = bench.repositories.wait(FOCAL)

    assert (pushed.sent_files, pushed.sent_bytes) == (4, sum(map(len, BUILD.values())))
    assert sorted(bench.names()) == ["tiny amd64", "tiny source"]
    assert (published.pushes, published.published_through, published.revision) == (1, 1, 1)


def test_a_build_with_a_wrong_file_is_refused_whole(bench: Bench) -> None:
    with pytest.raises(ClientError, match=r"junk_1\.0-1_amd64\.deb"):
        bench.push({**BUILD, "junk_1.0-1_amd64.deb": b"junk"})

    assert bench.names() == []


def test_a_push_sent_again_changes_nothing(bench: Bench) -> None:
    bench.push(BUILD)
    bench.push(BUILD)

    assert bench.repositories.get(FOCAL).pushes == 1


def test_repositories_and_packages_are_listed(bench: Bench) -> None:
    bench.push(BUILD)

    assert len(list(bench.repositories.list())) == 24
    assert bench.names(part="TIN") == bench.names() != []
    assert bench.names(part="other") == []


def test_packages_are_removed_and_promoted(bench: Bench) -> None:
    bench.push(BUILD)
    bench.repositories.wait(FOCAL)
    made = bench.repositories.snapshot(FOCAL, "stable")
    (deb,) = (one for one in bench.repositories.packages(FOCAL) if one.arch == "amd64")

    bench.repositories.promote(FOCAL, JAMMY, packages=[deb.id])
    bench.repositories.remove(FOCAL, deb.id)
    some, left = bench.names(JAMMY), bench.names()
    bench.repositories.promote(FOCAL, JAMMY, edition="stable")

    assert list(bench.repositories.snapshots(FOCAL)) == [made]
    assert (some, left) == (["tiny amd64"], ["tiny source"])
    assert sorted(bench.names(JAMMY)) == ["tiny amd64", "tiny source"]


def test_a_repository_is_published_once_more(bench: Bench) -> None:
    bench.push(BUILD)
    bench.repositories.wait(FOCAL)

    bench.repositories.publish(FOCAL)

    assert bench.repositories.wait(FOCAL).revision == 2


SIGNED: Any = door_settings(gpg_sign_key_armored=str(a_key()), repositories_unsigned=False)


@pytest.mark.parametrize("special", [SIGNED])
def test_keys_are_told(bench: Bench) -> None:
    assert bench.repositories.keys(FOCAL) == str(a_key().extract_certificate())


def test_the_words_of_the_door_are_told(bench: Bench) -> None:
    with pytest.raises(Refused, match='Repo kind "dead" is not supported'):
        bench.repositories.publish("dead/2.8/ubuntu/focal")
