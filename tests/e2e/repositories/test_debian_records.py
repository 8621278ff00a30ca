"""Fifty packages of Debian: what we record of each is what Debian's own index has."""

import subprocess
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.packages.deb import read_deb
from filemanager.archives.packages.deb822 import only_paragraph
from filemanager.domain.blobs.blob import hashed
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.repositories.package import Checksums, Placed
from filemanager.indexes.apt.stanzas import binary

pytestmark = pytest.mark.e2e

COUNT = 50
MOST_BYTES = 40_000
NOT_THE_PACKAGES = {
    # Debian keeps the long texts in files of translations.
    "description",
    "description-md5",
    # Its archive knows these better than the packages, or by itself.
    "tag",
    "section",
    "priority",
}

Fields = Mapping[str, str]


def fields_of(stanza: bytes) -> Fields:
    """By names in lower case, as they are compared; other words for one thing made one."""
    return {
        name.lower(): value
        for name, value in only_paragraph(stanza)
        if name.lower() not in NOT_THE_PACKAGES
    }


class Debian:
    """The host's own sources of packages, with lists in a directory of the test."""

    def __init__(self, directory: Path) -> None:
        (directory / "lists/partial").mkdir(parents=True)
        (directory / "debs").mkdir()
        self._directory = directory
        self._options = (
            "-o",
            f"Dir::State::lists={directory}/lists",
            "-o",
            "Dir::Cache::pkgcache=",
        )
        self._run("apt-get", "update", "-qq")

    def available(self) -> list[bytes]:
        """The stanzas of its index, as they stand."""
        shown = self._run("apt-cache", "dumpavail")
        return [stanza + b"\n" for stanza in shown.split(b"\n\n") if stanza]

    def download(self, names: list[str]) -> list[Path]:
        self._run("apt-get", "download", "-qq", *names)
        return sorted((self._directory / "debs").glob("*.deb"))

    def _run(self, program: str, *arguments: str) -> bytes:
        command = [program, *self._options, *arguments]
        return subprocess.run(
            command, cwd=self._directory / "debs", check=True, stdout=subprocess.PIPE
        ).stdout


def chosen(stanzas: list[bytes]) -> dict[str, Fields]:
    """Small packages from all over the alphabet, by their paths."""
    found = [fields_of(stanza) for stanza in stanzas]
    small = {
        fields["filename"]: fields
        for fields in found
        if "filename" in fields and int(fields["size"]) <= MOST_BYTES
    }
    every = max(1, len(small) // COUNT)
    paths = list(islice(sorted(small, key=lambda path: path.rpartition("/")[2]), 0, None, every))
    return {path: small[path] for path in paths[:COUNT]}


def recorded(path: str, file: Path) -> Fields:
    content = Bytes(file.read_bytes())
    budget = Budget(Limits(), content.size_bytes, lambda: 0.0)
    with budget.turn:
        deb = read_deb(file.name, content, budget, MemoryScratch())
    sums = Checksums(*(hashed(content, name).hex() for name in ("md5", "sha1", "sha256")))
    return fields_of(binary(deb, Placed(path, content.size_bytes, sums)))


def test_each_record_is_that_of_debians_index(tmp_path: Path) -> None:
    debian = Debian(tmp_path)
    wanted = chosen(debian.available())
    names = [f"{fields['package']}={fields['version']}" for fields in wanted.values()]

    files = debian.download(names)

    assert len(files) == len(wanted) == COUNT
    by_package = {file.name.partition("_")[0]: file for file in files}
    for path, fields in wanted.items():
        ours = recorded(path, by_package[fields["package"]])
        digests = {"sha1", "md5sum"} - fields.keys()
        assert {name: value for name, value in ours.items() if name not in digests} == fields
