"""Building the image on a Debian base, with buildah and without a container engine."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filemanager.api.about.version import VERSION

PROJECT = Path(__file__).parents[2]
RELEASE = "bookworm"

_BASE = f"localhost/base:{RELEASE}"
_IMAGE = "localhost/filemanager:test"
_CERTIFICATES = Path("/etc/ssl/certs")
_STEP_SECONDS = 300

# Where packages come from and whom to trust is the machine's affair. What it looks up in local
# directories is left out: the build does not see them.
_PIP_SETTINGS = ("cert", "index-url", "proxy", "timeout", "trusted-host")

# What an image of a registry sets, and a bare Debian does not.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Image:
    """``root`` is the image's file system, to be read only; ``config`` is as Docker knows it."""

    root: Path
    config: dict[str, Any]


@contextmanager
def built_image() -> Iterator[Image]:
    """Build the image from the checkout, which takes a minute, and forget it at the end.

    The first time in a checkout another minute goes into the base, which is kept in ``build/``.
    """
    assert os.geteuid() == 0, "only root can make a Debian base and start a container"
    with tempfile.TemporaryDirectory(prefix="image-") as directory:
        store = _Store(Path(directory))
        store.add_base(_debian_base())
        store.build()
        yield store.image()


@dataclass(frozen=True, slots=True)
class _Store:
    """A private store of images: nothing is added to the machine's."""

    directory: Path

    def buildah(self, command: str, *arguments: str | Path) -> str:
        root, state = str(self.directory / "images"), str(self.directory / "state")
        options = ["--root", root, "--runroot", state, "--storage-driver", "vfs", command]
        # Copies of whole layers pass through TMPDIR.
        environment = {**os.environ, "TMPDIR": str(self.directory)}
        return _run("buildah", *options, *arguments, environment=environment)

    def add_base(self, archive: Path) -> None:
        container = self.buildah("from", "scratch")
        self.buildah("add", "--quiet", container, archive, "/")
        self.buildah("config", "--env", f"PATH={_PATH}", container)
        self.buildah("commit", "--quiet", "--rm", container, _BASE)

    def build(self) -> None:
        # Only Docker's format has a place for a health check.
        form = ["--isolation", "chroot", "--format", "docker", "--pull-never"]
        told = {"BASE": _BASE, "VERSION": VERSION, "REVISION": "abc123"}
        base = [word for name, text in told.items() for word in ("--build-arg", f"{name}={text}")]
        pip = self.directory / "pip.conf"
        pip.write_text(_pip_configuration())
        trust = ["-v", f"{_CERTIFICATES}:{_CERTIFICATES}:ro", "-v", f"{pip}:/etc/pip.conf:ro"]
        self.buildah("build", *form, *base, *trust, "--tag", _IMAGE, PROJECT)

    def image(self) -> Image:
        described = json.loads(self.buildah("inspect", "--type", "image", _IMAGE))
        container = self.buildah("from", "--pull-never", _IMAGE)
        root = Path(self.buildah("mount", container))
        return Image(root, described["Docker"]["config"])


def _debian_base() -> Path:
    """A Debian with its Python, as an archive that is made once for each checkout."""
    kept = PROJECT / "build" / f"base-{RELEASE}.tar"
    if kept.exists():
        return kept
    kept.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="base-", dir=kept.parent) as directory:
        root, archive = Path(directory, "root"), Path(directory, "base.tar")
        options = ["--variant=minbase", "--include=python3,python3-venv"]
        _run("debootstrap", *options, RELEASE, root, *_debian_mirror())
        # Packages that are installed already are not needed a second time.
        shutil.rmtree(root / "var" / "cache" / "apt" / "archives")
        _run("tar", "-C", root, "-cf", archive, ".")
        # Complete or not there at all, whatever ends this early.
        archive.rename(kept)
    return kept


def _debian_mirror() -> list[str]:
    """Where this machine gets the release from; nothing leaves it to debootstrap."""
    sites = _run("apt-get", "indextargets", "--format", "$(SITE)", f"Codename: {RELEASE}")
    return sites.splitlines()[:1]


def _pip_configuration() -> str:
    listed = _run(sys.executable, "-m", "pip", "config", "list")
    # The environment comes last and wins, as it does for pip.
    settings = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        settings[name.rpartition(".")[2]] = value.strip("'")
    lines = [f"{name} = {settings[name]}" for name in _PIP_SETTINGS if name in settings]
    return "\n".join(["[global]", *lines, ""])


def _run(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, env=environment, timeout=_STEP_SECONDS, text=True
    )
    words = (done.stdout + done.stderr)[-3000:]
    assert done.returncode == 0, f"{command[0]} failed: {words}"
    return done.stdout.strip()
