"""Packages of openSUSE, Fedora and CentOS, as rpmlint is tested with them: read as rpm reads them,
and recorded as createrepo_c records them.
"""

import gzip
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from builders.in_memory import Bytes
from e2e.repositories.building import run
from e2e.repositories.records import elements_in, our_records
from filemanager.archives.packages.rpm import read_rpm
from filemanager.domain.repositories.errors import PackageRefused
from filemanager.domain.repositories.package import SOURCE
from filemanager.indexes.yum.documents import YumDocument, head, tail

pytestmark = [pytest.mark.e2e, pytest.mark.judges]

ARCHIVES = Path(__file__).parent / "build"
LEAST = 60
UNPRINTABLE = ("SpecCheck4", "ruby2.6-rubygem-fast_gettext", "xtables-addons-kmp-default")
"""With control characters in dependencies and changes, which XML cannot hold."""

_ASKED = "%{NAME}\\n%{EPOCHNUM}\\n%{VERSION}\\n%{RELEASE}\\n%{ARCH}\\n%{BUILDTIME}\\n"


@pytest.fixture(scope="module")
def rpms(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Each called as it says of itself."""
    directory = tmp_path_factory.mktemp("rpms")
    (path,) = ARCHIVES.glob("rpmlint-*.tar.gz")
    with tarfile.open(path) as archive:
        members = [one for one in archive if one.isfile() and one.name.endswith(".rpm")]
        for member in members:
            stream = archive.extractfile(member)
            assert stream is not None
            file = directory / Path(member.name).name
            file.write_bytes(stream.read())
            # createrepo_c tells how old the file is.
            built_at = int(asked(file)[-1])
            os.utime(file, (built_at, built_at))
            file.rename(directory / called(file))
    return sorted(directory.iterdir())


def asked(rpm: Path) -> list[str]:
    command = ["rpm", "--query", "--package", "--nosignature", "--queryformat", _ASKED, str(rpm)]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()


def called(rpm: Path) -> str:
    name, _, version, release, arch, _ = asked(rpm)
    return f"{name}-{version}-{release}.{'src' if rpm.name.endswith('.src.rpm') else arch}.rpm"


def is_printable(rpm: Path) -> bool:
    return not rpm.name.startswith(UNPRINTABLE)


def test_they_are_read_as_rpm_reads_them(rpms: list[Path]) -> None:
    for rpm in filter(is_printable, rpms):
        found = read_rpm(rpm.name, Bytes(rpm.read_bytes()))

        name, epoch, version, release, arch, _ = asked(rpm)
        assert [found.name, found.epoch, found.version, found.release] == [
            name,
            epoch,
            version,
            release,
        ]
        assert found.arch == (SOURCE if rpm.name.endswith(".src.rpm") else arch)
    assert len(rpms) >= LEAST


def test_what_no_index_can_hold_is_refused(rpms: list[Path]) -> None:
    refused = [rpm for rpm in rpms if not is_printable(rpm)]

    assert len(refused) == len(UNPRINTABLE)
    for rpm in refused:
        with pytest.raises(PackageRefused, match="a character that no index can"):
            read_rpm(rpm.name, Bytes(rpm.read_bytes()))


@pytest.mark.parametrize("document", YumDocument)
def test_they_are_told_as_createrepo_c_tells_them(
    document: YumDocument, rpms: list[Path], tmp_path: Path
) -> None:
    taken = list(filter(is_printable, rpms))
    packages = tmp_path / "Packages"
    packages.mkdir()
    for rpm in taken:
        (packages / rpm.name).hardlink_to(rpm)
    run(tmp_path, "createrepo_c", "--quiet", ".")
    (told,) = (tmp_path / "repodata").glob(f"*-{document}.xml.gz")

    ours = b"".join(our_records(rpm)[document] for rpm in taken)

    theirs = elements_in(gzip.decompress(told.read_bytes()))
    assert elements_in(head(document, len(taken)) + ours + tail(document)) == theirs
