"""apt and dnf read a bucket by themselves: what another service left there, and what is pushed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from builders.debian import a_deb as made_deb
from builders.papers import a_token
from e2e.repositories.bucket import Bucket
from e2e.repositories.building import build_deb, build_rpms
from e2e.repositories.house import House, house
from people.keepers import API
from servers.radosgw import Gateway
from servers.service import wait_until
from worlds.apt_root import AptRoot
from worlds.dnf_root import dnf_root

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

CONTROL = """Package: {name}
Version: {version}
Architecture: amd64
Maintainer: Ann <ann@example.org>
Description: a module
"""
SPEC = """Name: {name}
Version: 1.0
Release: 1
Summary: A tool
License: MIT
BuildArch: {arch}
AutoReqProv: no
%description
A tool.
%files
"""
APT, YUM = "live/2.8/ubuntu", "live/2.8/el/9"
X86_64 = f"{YUM}/x86_64"


def a_deb(directory: Path, name: str, version: str = "1.0-1") -> Path:
    directory.mkdir(parents=True)
    return build_deb(directory, CONTROL.format(name=name, version=version))


def an_rpm(directory: Path, name: str, arch: str = "x86_64") -> Path:
    directory.mkdir(parents=True)
    built = build_rpms(directory, SPEC.format(name=name, arch=arch))
    return next(path for path in built if not path.name.endswith(".src.rpm"))


@pytest.fixture
def bucket(s3_gateway: Gateway) -> Bucket:
    return Bucket(s3_gateway, s3_gateway.new_bucket())


@pytest.fixture(params=["data directory", "same store"])
def blobs(request: pytest.FixtureRequest, bucket: Bucket) -> dict[str, str]:
    """Where the service keeps what it copies from."""
    if request.param == "data directory":
        return {}
    return {
        "FILEMANAGER_S3_BUCKET": bucket.gateway.new_bucket(),
        "FILEMANAGER_S3_ENDPOINT": bucket.gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": bucket.gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": bucket.gateway.secret_key,
    }


@pytest.fixture
def serving(tmp_path: Path, bucket: Bucket, blobs: dict[str, str]) -> Iterator[House]:
    """With what RWS would have left in the bucket: packages, one of them no package."""
    bucket.put(f"{APT}/pool/focal/main/o/old/old_1.0-1_amd64.deb", a_deb(tmp_path / "old", "old"))
    rpm = an_rpm(tmp_path / "rpm", "old")
    bucket.put(f"{X86_64}/Packages/{rpm.name}", rpm)
    junk = tmp_path / "junk"
    junk.write_bytes(b"no package")
    bucket.put(f"{APT}/pool/focal/main/j/junk/junk_1.0-1_amd64.deb", junk)
    with house(tmp_path / "house", **bucket.environment(), **blobs) as running:
        yield running


def test_apt_reads_what_was_there_and_what_is_pushed(
    serving: House, bucket: Bucket, tmp_path: Path
) -> None:
    new = a_deb(tmp_path / "new", "new", "1.0+b1")
    serving.push(f"{APT}/focal", [new], "new")
    bucket.wait_for(f"{APT}/dists/focal/main/binary-amd64/Packages", "Package: new", "Package: old")
    bucket.wait_for(f"{APT}/dists/focal/InRelease", "SIGNATURE")
    source = bucket.apt_source(APT, "focal", serving.key)
    root = AptRoot(tmp_path / "apt", source)

    # The names that change are there before the root that tells of them.
    wait_until(lambda: root.update() and root.versions("new"), "the root is there as well")

    assert root.versions("new") == ["1.0+b1"]
    assert root.download("new") == new.read_bytes()
    assert root.download("old") == (tmp_path / "old" / "old_1.0-1_amd64.deb").read_bytes()
    listed = bucket.get(f"{APT}/dists/focal/malformed_list.txt").text
    assert listed == "pool/focal/main/j/junk/junk_1.0-1_amd64.deb: it is no Debian package\n"
    assert serving.get(f"{APT}/dists/focal/malformed_list.txt").text == listed
    # AWS looks for it here, whatever of the two a client sends.
    assert bucket.get(f"{APT}/pool/focal/main/n/new/new_1.0 b1_amd64.deb").ok


def test_dnf_reads_what_was_there_and_what_is_pushed(
    serving: House, bucket: Bucket, tmp_path: Path
) -> None:
    new = an_rpm(tmp_path / "new", "new", "noarch")
    serving.push(YUM, [new])
    bucket.wait_for(f"{X86_64}/repodata/repomd.xml", "<revision>")
    told = {"baseurl": f"{bucket.url}/{X86_64}", "gpgkey": f"file://{serving.key}"}

    with dnf_root(tmp_path / "dnf", **told) as root:
        wait_until(lambda: root.make_cache() and len(root.packages()) == 2, "both are there")

        assert root.packages() == ["new-0:1.0-1.noarch", "old-0:1.0-1.x86_64"]
        assert root.download("new") == new.read_bytes()


def test_what_becomes_private_is_read_there_no_more(serving: House, bucket: Bucket) -> None:
    key = f"{APT}/pool/focal/main/o/old/old_1.0-1_amd64.deb"
    wait_until(lambda: bucket.get(key).ok, "the package is for everybody")
    bucket.wait_for(f"{APT}/dists/focal/InRelease", "SIGNATURE")

    answer = requests.patch(
        f"{serving.service.url}{API}/{APT}/focal",
        json={"visibility": "private"},
        headers={"Authorization": a_token("9", "repository:admin")},
        timeout=30,
    )

    assert answer.ok, answer.text
    wait_until(lambda: not bucket.get(key).ok, "nobody reads the package")
    wait_until(lambda: not bucket.get(f"{APT}/dists/focal/InRelease").ok, "nor the roots")


def test_apt_never_fails_while_many_push(serving: House, bucket: Bucket, tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(24)]
    serving.push(f"{APT}/focal", [a_deb(tmp_path / "first", "first")], "first")
    bucket.wait_for(f"{APT}/dists/focal/InRelease", "SIGNATURE")
    source = bucket.apt_source(APT, "focal", serving.key)
    root = AptRoot(tmp_path / "apt", source)

    def push(name: str) -> None:
        file = tmp_path / f"{name}_1.0-1_amd64.deb"
        file.write_bytes(made_deb({"Package": name}))
        serving.push(f"{APT}/focal", [file], "tiny", waits=False)

    with ThreadPoolExecutor(4) as threads:
        pushed = [threads.submit(push, name) for name in names]
        looks = 0
        while not all(one.done() for one in pushed):
            root.update()
            looks += 1
    for one in pushed:
        one.result()
    bucket.wait_for(
        f"{APT}/dists/focal/main/binary-amd64/Packages", *(f"Package: {name}" for name in names)
    )
    wait_until(lambda: root.update() and root.versions(names[-1]), "the roots are there as well")

    offered = root.run("apt-cache", "pkgnames").stdout.split()
    assert sorted(offered) == sorted([*names, "first", "old"])
    assert looks > 1
