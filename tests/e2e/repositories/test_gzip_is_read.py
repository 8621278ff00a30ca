"""Indexes put together from pages are read by whatever reads gzip."""

import subprocess
from pathlib import Path

import pytest

from filemanager.indexes.index import Index
from filemanager.indexes.pages import cut
from unit.indexes.records import a_record

pytestmark = [pytest.mark.e2e, pytest.mark.judges]

READERS = [
    ["gzip", "-dc"],
    ["pigz", "-dc"],
    ["busybox", "gzip", "-dc"],
    ["bsdcat"],
    ["7z", "x", "-so"],
]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader[0])
@pytest.mark.parametrize("count", [0, 1, 2000])
def test_every_reader_finds_the_plain_index(reader: list[str], count: int, tmp_path: Path) -> None:
    index = Index(list(cut(a_record(f"p{number}") for number in range(count))))
    path = tmp_path / "Packages.gz"
    path.write_bytes(b"".join(index.gzip()))

    found = subprocess.run([*reader, str(path)], capture_output=True, check=True)

    assert found.stdout == b"".join(index.plain())
