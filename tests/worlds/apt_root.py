"""apt as a machine of its own has it: a root in a directory, nothing of the host's."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_PATIENCE_SECONDS = 120

_DIRECTORIES = (
    "state/lists/partial",
    "cache/archives/partial",
    "etc/sources.list.d",
    "etc/trusted.gpg.d",
    "etc/apt.conf.d",
    "etc/preferences.d",
    "etc/auth.conf.d",
    "downloads",
)


class AptRoot:
    """*sources* are lines of ``sources.list``. What apt is told beside may be put into ``etc``:
    ``auth.conf`` with a login, a file in ``apt.conf.d``.
    """

    def __init__(self, directory: Path, *sources: str, arch: str = "amd64") -> None:
        self.etc = directory / "etc"
        self._directory = directory
        for name in _DIRECTORIES:
            (directory / name).mkdir(parents=True)
        (directory / "state/status").touch()
        self.use(*sources)
        (directory / "apt.conf").write_text(_configuration(directory, arch))

    def use(self, *sources: str) -> None:
        (self.etc / "sources.list").write_text("".join(f"{line}\n" for line in sources))

    def update(self) -> str:
        """Read every index; what could not be had or verified fails the test."""
        return self._succeeded("apt-get", "update", "--error-on=any")

    def failed_update(self) -> str:
        """What an update that must fail says."""
        done = self.run("apt-get", "update", "--error-on=any")
        assert done.returncode != 0, done.stdout
        return done.stdout

    def versions(self, package: str) -> Sequence[str]:
        """Those that the indexes offer, the newest first."""
        lines = self._succeeded("apt-cache", "madison", package).splitlines()
        return [line.split("|")[1].strip() for line in lines]

    def download(self, package: str) -> bytes:
        """The package itself, whose digest apt has compared; ``name`` or ``name=version``."""
        place = self._directory / "downloads"
        before = set(place.iterdir())
        self._succeeded("apt-get", "download", package, cwd=place)
        (path,) = set(place.iterdir()) - before
        return path.read_bytes()

    def simulated_install(self, package: str) -> str:
        return self._succeeded("apt-get", "install", "-s", package)

    def run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Both outputs as one text."""
        return subprocess.run(
            command,
            cwd=cwd,
            env={
                "PATH": os.environ["PATH"],
                "LC_ALL": "C.UTF-8",
                "APT_CONFIG": str(self._directory / "apt.conf"),
            },
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )

    def _succeeded(self, *command: str, cwd: Path | None = None) -> str:
        done = self.run(*command, cwd=cwd)
        assert done.returncode == 0, done.stdout
        return done.stdout


def _configuration(root: Path, arch: str) -> str:
    # Without a sandbox: its user may not look into the directories of a test.
    return f"""Dir "{root}/";
Dir::State "{root}/state";
Dir::State::status "{root}/state/status";
Dir::Cache "{root}/cache";
Dir::Etc "{root}/etc";
Dir::Etc::trusted "/dev/null";
Dir::Etc::trustedparts "{root}/etc/trusted.gpg.d";
Dir::Etc::netrc "{root}/etc/auth.conf";
Dir::Etc::netrcparts "{root}/etc/auth.conf.d";
Dir::Log "{root}/state";
APT::Architecture "{arch}";
APT::Architectures {{ "{arch}"; }};
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "0";
Acquire::http::Proxy "DIRECT";
"""
