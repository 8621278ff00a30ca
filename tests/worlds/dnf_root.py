"""dnf as a machine of its own has it: a root in a directory, nothing of the host's."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_SECONDS = 120
_DIRECTORIES = ("repos", "cache", "persist", "log", "root", "downloads")
_REPOSITORY = "tested"
_USUAL = {"name": _REPOSITORY, "enabled": "1", "repo_gpgcheck": "1", "gpgcheck": "0"}


@contextmanager
def dnf_root(directory: Path, **options: str) -> Iterator["DnfRoot"]:
    """A root with one repository, as *options* of its ``.repo`` file say: ``baseurl`` or
    ``mirrorlist``, ``gpgkey`` and so on.

    Without other words metadata must be signed, and packages need not be.
    """
    root = DnfRoot(directory, options)
    try:
        yield root
    finally:
        root.stop_agents()


class DnfRoot:
    def __init__(self, directory: Path, options: dict[str, str]) -> None:
        self._directory = directory
        for name in _DIRECTORIES:
            (directory / name).mkdir(parents=True)
        (directory / "dnf.conf").write_text(_configuration(directory))
        self.use(**options)

    def use(self, **options: str) -> None:
        """Write the ``.repo`` file anew, as ``dnf_root`` does."""
        lines = "".join(f"{name}={value}\n" for name, value in {**_USUAL, **options}.items())
        (self._directory / "repos/tested.repo").write_text(f"[{_REPOSITORY}]\n{lines}")

    def make_cache(self) -> str:
        """Read the metadata, whatever was read before; a fault of any kind fails the test."""
        return self._succeeded("makecache", "--refresh")

    def failed_make_cache(self) -> str:
        """What a look at the metadata that must fail says."""
        done = self.run("makecache", "--refresh")
        assert done.returncode != 0, done.stdout
        return done.stdout

    def packages(self) -> Sequence[str]:
        """Every package that the metadata offers, as ``name-epoch:version-release.arch``."""
        return sorted(self._succeeded("-q", "repoquery", "--cacheonly").split())

    def download(self, package: str) -> bytes:
        """The package itself, whose digest dnf has compared."""
        place = self._directory / "downloads"
        before = set(place.iterdir())
        self._succeeded("install", "--downloadonly", f"--destdir={place}", package)
        (path,) = set(place.iterdir()) - before
        return path.read_bytes()

    def install(self, package: str) -> str:
        return self._succeeded("install", package)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Both outputs as one text."""
        command = [
            *("dnf", "-y", "-c", str(self._directory / "dnf.conf")),
            f"--installroot={self._directory / 'root'}",
            *("--releasever=9", "--forcearch=x86_64"),
        ]
        return subprocess.run(
            [*command, *arguments],
            env={
                "PATH": f"{os.environ['PATH']}:/usr/sbin",
                "LC_ALL": "C.UTF-8",
                "HOME": str(self._directory),
            },
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )

    def stop_agents(self) -> None:
        """Agents of gpg are left in each place where dnf keeps keys."""
        for home in self._directory.rglob("pubring"):
            stop = ["gpgconf", "--homedir", str(home), "--kill", "all"]
            subprocess.run(stop, check=True, timeout=_PATIENCE_SECONDS)

    def _succeeded(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout


def _configuration(root: Path) -> str:
    return f"""[main]
reposdir={root}/repos
cachedir={root}/cache
persistdir={root}/persist
logdir={root}/log
plugins=0
install_weak_deps=0
"""
