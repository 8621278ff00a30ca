"""A copy of what is published that somebody has changed: apt and dnf refuse it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from builders.debian import a_deb
from builders.rpms import an_rpm
from e2e.repositories.house import House, house
from worlds.apt_root import AptRoot
from worlds.dnf_root import dnf_root

pytestmark = pytest.mark.e2e

APT, YUM = "live/2.8/ubuntu", "live/2.8/el/9/x86_64"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody looks."""


@contextmanager
def serving(directory: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(directory))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("house")
    deb, rpm = directory / "tiny_1.0-1_amd64.deb", directory / "tiny-1.0-1.x86_64.rpm"
    deb.write_bytes(a_deb())
    rpm.write_bytes(an_rpm())
    with house(directory / "service") as running:
        running.push(f"{APT}/focal", [deb], "tiny")
        running.push("live/2.8/el/9", [rpm])
        yield running


def copied(house: House, path: str, into: Path) -> None:
    """Every file below, as links of its pages lead to it."""
    answer = house.get(path)
    answer.raise_for_status()
    if not answer.headers["Content-Type"].startswith("text/html"):
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(answer.content)
        return
    for name in re.findall('<td><a href="[^"]*"> ([^<]+) </a></td>', answer.text):
        if name != "Parent Directory":
            copied(house, f"{path}/{name}", into)


def altered(directory: Path, name: str, old: bytes, new: bytes) -> None:
    (path,) = directory.rglob(name)
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"), [(b"filemanager", b"filemanagar"), (b"source/Sources", b"source/Souzces")]
)
def test_apt_refuses_a_changed_release(
    published: House, tmp_path: Path, old: bytes, new: bytes
) -> None:
    copied(published, f"{APT}/dists/focal", tmp_path / "copy")
    altered(tmp_path / "copy", "InRelease", old, new)
    (tmp_path / "copy" / APT / "dists/focal/Release.gpg").unlink()
    with serving(tmp_path / "copy") as url:
        source = published.apt_source(APT, "focal").replace(published.url, url)

        assert "BADSIG" in AptRoot(tmp_path / "apt", source).failed_update()


def test_apt_refuses_a_changed_index(published: House, tmp_path: Path) -> None:
    copied(published, f"{APT}/dists/focal", tmp_path / "copy")
    binary = tmp_path / "copy" / APT / "dists/focal/main/binary-amd64"
    (binary / "Packages.gz").unlink()
    (binary / "Packages").write_bytes((binary / "Packages").read_bytes().replace(b"tiny", b"tini"))
    with serving(tmp_path / "copy") as url:
        source = published.apt_source(APT, "focal").replace(published.url, url)

        assert "Hash Sum mismatch" in AptRoot(tmp_path / "apt", source).failed_update()


def test_dnf_refuses_changed_metadata(published: House, tmp_path: Path) -> None:
    copied(published, YUM, tmp_path / "copy")
    altered(tmp_path / "copy", "repomd.xml", b"<revision>1<", b"<revision>2<")
    with serving(tmp_path / "copy") as url:
        options = {"baseurl": f"{url}/{YUM}", "gpgkey": f"file://{published.key}"}
        with dnf_root(tmp_path / "dnf", **options) as root:
            assert "Bad GPG signature" in root.failed_make_cache()


def test_dnf_refuses_metadata_without_its_signature(published: House, tmp_path: Path) -> None:
    copied(published, YUM, tmp_path / "copy")
    (signature,) = (tmp_path / "copy").rglob("repomd.xml.asc")
    signature.unlink()
    with serving(tmp_path / "copy") as url:
        options = {"baseurl": f"{url}/{YUM}", "gpgkey": f"file://{published.key}"}
        with dnf_root(tmp_path / "dnf", **options) as root:
            assert "GPG signature is not available" in root.failed_make_cache()
