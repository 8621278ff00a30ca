"""Real apt and dnf read what curl has pushed, and refuse what somebody has changed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from builders.keys import a_key
from e2e.repositories.building import build_deb, build_rpms, build_source
from e2e.repositories.house import PASSWORD, USER, House, house
from servers.radosgw import Gateway
from servers.service import wait_until
from worlds.apt_root import AptRoot
from worlds.dnf_root import dnf_root

pytestmark = pytest.mark.e2e

CONTROL = """Package: tarantool-smtp
Version: 0.0.4.0-1
Architecture: amd64
Maintainer: Ann <ann@example.org>
Description: a module
"""
SOURCE = """Source: tarantool-smtp
Maintainer: Ann <ann@example.org>

Package: tarantool-smtp
Architecture: any
Description: a module
"""
SPEC = """Name: cartridge-cli
Version: 1.8.0.0
Release: 1.el7
Summary: A tool
License: MIT
BuildArch: x86_64
AutoReqProv: no
%description
A tool.
%files
"""
APT, YUM = "release/2.8/ubuntu", "live/1.10/el/7"
STORES = ("filesystem", pytest.param("s3", marks=pytest.mark.s3))


@pytest.fixture(scope="module")
def debs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    directory = tmp_path_factory.mktemp("debs")
    deb = build_deb(directory, CONTROL, "zstd")
    dsc = build_source(directory, SOURCE, "0.0.4.0")
    return [deb, dsc, *directory.glob("*.tar.xz")]


@pytest.fixture(scope="module")
def rpms(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build_rpms(tmp_path_factory.mktemp("rpms"), SPEC)


@pytest.fixture(scope="module", params=STORES)
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "filesystem":
        return {}
    gateway: Gateway = request.getfixturevalue("s3_gateway")
    return {
        "FILEMANAGER_S3_BUCKET": gateway.new_bucket(),
        "FILEMANAGER_S3_ENDPOINT": gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": gateway.secret_key,
    }


@pytest.fixture(scope="module", params=["", "/repositories"], ids=["root", "prefix"])
def filled(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    environment: dict[str, str],
    debs: list[Path],
    rpms: list[Path],
) -> Iterator[House]:
    """Pushed to by the two lines of the seed: no word of them is changed but address and files."""
    directory = tmp_path_factory.mktemp("house")
    with house(directory, request.param, **environment) as running:
        login = ("-u", f"{USER}:{PASSWORD}")
        of_rpms = [word for file in rpms for word in ("-F", f"{file.name}=@{file}")]
        of_debs = [word for file in debs for word in ("-F", f"{file.name}=@{file}")]
        for path, parts in (
            (YUM, of_rpms),
            (f"{APT}/focal", ("-F", "product=tarantool-smtp", *of_debs)),
        ):
            told = running.curl(path, *login, *parts, "--request", "PUT")
            assert told == {"message": "OK"}
        running.push(YUM, rpms)
        running.push(f"{APT}/focal", debs, "tarantool-smtp")
        yield running


def test_apt_updates_downloads_and_installs(
    filled: House, debs: list[Path], tmp_path: Path
) -> None:
    root = AptRoot(tmp_path / "apt", filled.apt_source(APT, "focal"))

    root.update()

    assert root.versions("tarantool-smtp") == ["0.0.4.0-1"]
    assert root.download("tarantool-smtp") == debs[0].read_bytes()
    assert "Inst tarantool-smtp (0.0.4.0-1" in root.simulated_install("tarantool-smtp")


@pytest.mark.parametrize("name", ["late_2.0_amd64.deb", "late_1%3a2.0_amd64.deb"])
def test_apt_finds_a_package_with_an_epoch(filled: House, tmp_path: Path, name: str) -> None:
    path = f"live/{'1.10' if '%' in name else '2.8'}/ubuntu"
    control = CONTROL.replace("tarantool-smtp", "late").replace("0.0.4.0-1", "1:2.0")
    built = build_deb(tmp_path, control)
    file = built.rename(tmp_path / name)
    filled.push(f"{path}/focal", [file], "late")
    root = AptRoot(tmp_path / "apt", filled.apt_source(path, "focal"))

    root.update()

    assert root.download("late=1:2.0") == file.read_bytes()


def test_apt_reads_a_repository_that_nobody_has_pushed_to(filled: House, tmp_path: Path) -> None:
    root = AptRoot(tmp_path / "apt", filled.apt_source("live/2.8/ubuntu", "jammy"))

    assert "Packages" not in root.update()


def test_a_second_update_fetches_no_index(filled: House, tmp_path: Path) -> None:
    root = AptRoot(tmp_path / "apt", filled.apt_source(APT, "focal"))
    index = f"{filled.url}/{APT}/dists/focal/InRelease"
    # In the second of its publication it has no date that a client could remember.
    wait_until(lambda: "Last-Modified" in requests.head(index, timeout=60).headers, "it is dated")
    root.update()

    told = root.update()

    assert re.search("^Hit:1 ", told, re.MULTILINE), told
    assert "Get:" not in told


def test_apt_refuses_another_key(filled: House, tmp_path: Path) -> None:
    other = tmp_path / "other.asc"
    other.write_text(str(a_key("bob").extract_certificate()))
    source = filled.apt_source(APT, "focal").replace(str(filled.key), str(other))
    root = AptRoot(tmp_path / "apt", source)

    assert "NO_PUBKEY" in root.failed_update()


@pytest.mark.parametrize("by", ["baseurl", "mirrorlist"])
def test_dnf_reads_and_installs(filled: House, rpms: list[Path], tmp_path: Path, by: str) -> None:
    place = f"{filled.url}/{'mirrorlist/' if by == 'mirrorlist' else ''}{YUM}/x86_64"
    options = {by: place, "gpgkey": f"{filled.url}/KEY.asc"}
    with dnf_root(tmp_path / "dnf", **options) as root:
        root.make_cache()

        assert root.packages() == ["cartridge-cli-0:1.8.0.0-1.el7.x86_64"]
        (binary,) = (file for file in rpms if file.name.endswith(".x86_64.rpm"))
        assert root.download("cartridge-cli") == binary.read_bytes()
        assert "Complete!" in root.install("cartridge-cli")


def test_dnf_refuses_another_key(filled: House, tmp_path: Path) -> None:
    other = tmp_path / "other.asc"
    other.write_text(str(a_key("bob").extract_certificate()))
    options = {"baseurl": f"{filled.url}/{YUM}/x86_64", "gpgkey": f"file://{other}"}
    with dnf_root(tmp_path / "dnf", **options) as root:
        assert "GPG" in root.failed_make_cache()


def test_the_source_package_is_there_for_dnf(filled: House, tmp_path: Path) -> None:
    options = {
        "baseurl": f"{filled.url}/{YUM}/SRPMS",
        "gpgkey": f"{filled.url}/KEY.asc",
    }
    with dnf_root(tmp_path / "dnf", **options) as root:
        root.make_cache()

        assert root.packages() == ["cartridge-cli-0:1.8.0.0-1.el7.src"]
