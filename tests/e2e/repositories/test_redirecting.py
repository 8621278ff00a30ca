"""Readers of packages are sent to the store: apt follows, and so does curl with a password."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from builders.debian import CONTROL, a_large_deb
from builders.papers import a_token
from e2e.repositories.house import PASSWORD, USER, House, house
from people.keepers import API
from servers.radosgw import Gateway
from worlds.apt_root import AptRoot

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

APT = "live/2.8/ubuntu"
DEB = a_large_deb(1 << 17)
NAME = f"{CONTROL['Package']}_{CONTROL['Version']}_{CONTROL['Architecture']}.deb"
POOL = f"{APT}/pool/focal/main/t/tiny/{NAME}"


@pytest.fixture
def filled(tmp_path: Path, s3_gateway: Gateway) -> Iterator[House]:
    environment = {
        "FILEMANAGER_S3_BUCKET": s3_gateway.new_bucket(),
        "FILEMANAGER_S3_ENDPOINT": s3_gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": s3_gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": s3_gateway.secret_key,
        "REPOSITORIES_REDIRECT": "true",
    }
    with house(tmp_path / "house", **environment) as running:
        file = tmp_path / NAME
        file.write_bytes(DEB)
        running.push(f"{APT}/focal", [file], "tiny")
        yield running


def test_packages_are_read_in_the_store(filled: House, tmp_path: Path) -> None:
    root = AptRoot(tmp_path / "apt", filled.apt_source(APT, "focal"))
    root.update()

    assert root.download("tiny") == DEB
    answer = filled.get(POOL, Range="bytes=8-")
    assert [one.status_code for one in answer.history] == [302]
    assert (answer.status_code, answer.content) == (206, DEB[8:])


def test_private_ones_for_those_alone_who_may_read_them(filled: House) -> None:
    hidden = requests.patch(
        f"{filled.service.url}{API}/{APT}/focal",
        json={"visibility": "private"},
        headers={"Authorization": a_token("9", "repository:admin")},
        timeout=30,
    )
    assert hidden.ok, hidden.text

    mine = requests.get(f"{filled.url}/{POOL}", auth=(USER, PASSWORD), timeout=30)

    assert [one.status_code for one in mine.history] == [302]
    assert mine.content == DEB
    assert filled.get(POOL).status_code == 404
