"""Starting the image as a container, with crun and without a container engine."""

import json
import os
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

from image.building import Image

_START_SECONDS = 60
_STOP_SECONDS = 60

_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the container's own, never the machine's

# crun of this age refuses to start where both generations of control groups are mounted, even
# when it is told to use none. The second is hidden from it, and from nobody else.
_CRUN = """
cd /sys/fs/cgroup/unified 2>/dev/null && cd / && umount /sys/fs/cgroup/unified
exec crun --cgroup-manager=disabled "$@"
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Container:
    """One start of an image: its user, command and variables, and one writable directory.

    Everything outside the volume is read only, and no privilege is left. The network is the
    machine's, so the service is told to listen on loopback only.
    """

    image: Image
    directory: Path
    volume: Path
    environment: Mapping[str, str]
    name: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex}")
    port: int = field(default_factory=_free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return (self.directory / "output").read_text()

    def start(self) -> subprocess.Popen[bytes]:
        _give_to_the_user_of(self.image, self.volume)
        (self.directory / "config.json").write_text(json.dumps(self._specification()))
        with (self.directory / "output").open("wb") as output:
            command = self._crun("run", "--bundle", str(self.directory), self.name)
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def run(self, *command: str) -> str:
        """What another process in the container prints; it must succeed."""
        config = self.image.config
        options = ["--user", config["User"], "--cwd", config["WorkingDir"]]
        inside = self._crun("exec", *options, self.name, *command)
        done = subprocess.run(inside, check=False, capture_output=True, timeout=60, text=True)
        assert done.returncode == 0, f"{command} failed: {(done.stdout + done.stderr)[-1000:]}"
        return done.stdout

    def send(self, signal: str) -> None:
        subprocess.run(self._crun("kill", self.name, signal), check=True, timeout=60)

    def remove(self) -> None:
        """Kill what still runs; nothing happens when nothing does."""
        delete = self._crun("delete", "--force", self.name)
        subprocess.run(delete, check=False, capture_output=True, timeout=60)

    def _crun(self, *arguments: str) -> list[str]:
        # The state lies beside the bundle: nothing is added to the machine's.
        place = ["--root", str(self.directory / "state")]
        return ["unshare", "--mount", "sh", "-c", _CRUN, "crun", *place, *arguments]

    def _specification(self) -> dict[str, Any]:
        config = self.image.config
        user, group = map(int, config["User"].split(":"))
        given = {**self.environment, "FILEMANAGER_HOST": "127.0.0.1", "PORT": str(self.port)}
        return {
            "ociVersion": "1.0.0",
            "process": {
                "args": [*config["Entrypoint"], *config["Cmd"]],
                "cwd": config["WorkingDir"],
                "env": [*config["Env"], *(f"{name}={value}" for name, value in given.items())],
                "user": {"uid": user, "gid": group},
                "capabilities": {},
                "noNewPrivileges": True,
            },
            "root": {"path": str(self.image.root), "readonly": True},
            "mounts": _mounts(_volume_of(self.image), self.volume),
            "linux": {"namespaces": [{"type": name} for name in ("pid", "ipc", "mount")]},
        }


@contextmanager
def serving(container: Container) -> Iterator[subprocess.Popen[bytes]]:
    """Start a container, wait until it answers, and remove it at the end."""
    process = container.start()
    try:
        _wait_for(container, process)
        yield process
    finally:
        container.remove()
        process.wait(_STOP_SECONDS)


def exit_code(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a container."""
    return process.wait(_STOP_SECONDS)


def _volume_of(image: Image) -> str:
    (path,) = image.config["Volumes"]
    return str(path)


def _give_to_the_user_of(image: Image, directory: Path) -> None:
    """A new named volume belongs to whom the directory in the image belongs to."""
    owner = (image.root / _volume_of(image).lstrip("/")).stat()
    os.chown(directory, owner.st_uid, owner.st_gid)


def _mounts(volume: str, directory: Path) -> list[dict[str, Any]]:
    memory = {"type": "tmpfs", "source": "tmpfs"}
    return [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", **memory, "options": ["nosuid", "mode=755"]},
        {"destination": _SHARED_MEMORY, **memory, "options": ["nosuid", "nodev", "mode=1777"]},
        {"destination": volume, "type": "bind", "source": str(directory), "options": ["rbind"]},
    ]


def _wait_for(container: Container, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _is_ready(container.url):
        assert process.poll() is None, f"the container ended early: {container.output[-2000:]}"
        assert time.monotonic() < deadline, f"the container is silent: {container.output[-2000:]}"
        # The only way to know that it is ready is to ask again.
        time.sleep(0.1)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            answer.read()
    except (URLError, OSError):
        return False
    return True
