"""A large package goes in and out by streams: defect 11 of RWS was the whole of it in memory."""

from pathlib import Path

import pytest

from builders.debian import CONTROL, a_deb, a_large_deb
from e2e.repositories.house import House, house
from servers.growth import growth_below

pytestmark = pytest.mark.e2e

BODY_BYTES = 64 << 20
MOST_GROWTH_BYTES = 24 << 20
APT = "live/2.8/ubuntu"
POOL = f"{APT}/pool/focal/main/t/tiny"
NAME = f"{CONTROL['Package']}_{CONTROL['Version']}_{CONTROL['Architecture']}.deb"


def _warm_up(running: House, directory: Path) -> None:
    """Every part that loads at its first use is loaded, in each worker."""
    for number in range(10):
        name = f"warm_{number}-1_amd64.deb"
        (directory / name).write_bytes(a_deb({"Package": "warm", "Version": f"{number}-1"}))
        running.push(f"{APT}/focal", [directory / name], "tiny")
        assert running.get(f"{POOL}/{name}").ok


def test_a_package_of_64_mib_goes_in_and_out_in_little_memory(tmp_path: Path) -> None:
    package = tmp_path / NAME
    package.write_bytes(a_large_deb(BODY_BYTES))
    with house(tmp_path / "house") as running:
        _warm_up(running, tmp_path)

        with growth_below(MOST_GROWTH_BYTES, running.service):
            running.push(f"{APT}/focal", [package], "tiny")
        with growth_below(MOST_GROWTH_BYTES, running.service):
            got = running.get(f"{POOL}/{NAME}")
        with growth_below(MOST_GROWTH_BYTES, running.service):
            rest = running.get(f"{POOL}/{NAME}", Range=f"bytes={BODY_BYTES // 2}-")

    assert got.content == package.read_bytes()
    assert rest.content == got.content[BODY_BYTES // 2 :]
