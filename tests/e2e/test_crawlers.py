"""The bucket's listings walked by programs that know web servers only."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from builders.papers import a_tarball
from people.visitors import md5
from servers.nginx import nginx
from servers.service import service

pytestmark = pytest.mark.e2e

FILES = {"d/e/f.txt": b"1", "d/é ?#%:.txt": b"22", "d/a:b": b"333", "top.txt": b"4444"}
OPEN = {"BUCKET_ANONYMOUS": "write", "BUCKET_PREFIX": "", "REPLICATE_0": "user/${USERNAME}"}


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a bucket behind a proxy that takes a prefix off."""
    directory = tmp_path_factory.mktemp("crawled")
    with (
        service(directory / "data", **OPEN) as started,
        nginx(directory / "nginx", [started.address], prefix="/fm") as front,
    ):
        yield f"{front}/fm"


@pytest.fixture(scope="module")
def archive(bucket: str) -> str:
    """The URL of an archive that was taken apart, with a closing slash."""
    tarball = a_tarball(FILES, "w")
    sent = requests.post(
        f"{bucket}/upload", files={"file": ("d.tar", tarball)}, headers={"Username": "bob"},
        timeout=30,
    )  # fmt: skip
    return f"{bucket}/{sent.json()['path']['archive']}/"


def copied(directory: Path) -> dict[str, bytes]:
    return {
        str(place.relative_to(directory)): place.read_bytes()
        for place in directory.rglob("*")
        if place.is_file()
    }


def rclone(url: str, directory: Path) -> dict[str, bytes]:
    subprocess.run(
        ["rclone", "--config", "/dev/null", "copy", "--http-url", url, ":http:", str(directory)],
        check=True, timeout=60,
    )  # fmt: skip
    return copied(directory)


def wget(url: str, directory: Path) -> dict[str, bytes]:
    cut = url.rstrip("/").count("/") - 2
    subprocess.run(
        ["wget", "--quiet", "--recursive", "--no-parent", "--no-host-directories", "--level=inf",
         f"--cut-dirs={cut}", "--execute=robots=off", "--restrict-file-names=nocontrol",
         "--directory-prefix", str(directory), url],
        check=True, timeout=60,
    )  # fmt: skip
    found = copied(directory)
    return {path: data for path, data in found.items() if not path.endswith("index.html")}


def test_rclone_copies_an_archive_that_was_taken_apart(archive: str, tmp_path: Path) -> None:
    assert rclone(archive, tmp_path) == FILES


def test_wget_copies_it_too(archive: str, tmp_path: Path) -> None:
    assert wget(archive, tmp_path) == FILES


def test_both_walk_replicas_and_all_that_was_sent(
    bucket: str, archive: str, tmp_path: Path
) -> None:
    assert archive
    tarball = a_tarball(FILES, "w")
    for number, walk in enumerate((rclone, wget)):
        sent = walk(f"{bucket}/blob/", tmp_path / f"blob{number}")
        labelled = walk(f"{bucket}/replica/user/", tmp_path / f"user{number}")

        assert sent == {md5(tarball): tarball}
        latest = "bob/d.tar.latest/"
        inside = {path[len(latest) :]: data for path, data in labelled.items() if latest in path}
        assert inside == FILES
