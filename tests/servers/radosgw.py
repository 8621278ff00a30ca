"""A throw-away Ceph object gateway: one monitor, one memory store, no system services.

Everything listens on loopback at random ports and lives in one private directory.
"""

import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import boto3
from botocore.config import Config

START_SECONDS = 90

_CAPABILITIES = {
    "mon.": {"mon": "allow *"},
    "client.admin": {"mon": "allow *", "osd": "allow *", "mgr": "allow *"},
    "client.rgw": {"mon": "allow rw", "osd": "allow rwx", "mgr": "allow rw"},
    "osd.0": {"mon": "allow profile osd", "osd": "allow *"},
}


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the gateway answers, and the keys of its only user."""

    endpoint_url: str
    access_key: str
    secret_key: str

    def new_bucket(self) -> str:
        """Make an empty bucket under a random name."""
        client = boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(request_checksum_calculation="when_required"),
        )
        name = f"test-{uuid.uuid4().hex}"
        client.create_bucket(Bucket=name)
        client.close()
        return name


@contextmanager
def radosgw() -> Iterator[Gateway]:
    """Start a gateway, which takes seconds, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="rgw-") as base, _cluster(Path(base)) as cluster:
        cluster.start_store()
        yield cluster.start_gateway()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class _Cluster:
    """*base* must be a short path: the sockets in it have Unix names."""

    base: Path
    monitor_port: int = field(default_factory=_free_port)
    older_monitor_port: int = field(default_factory=_free_port)
    gateway_port: int = field(default_factory=_free_port)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"[v2:127.0.0.1:{self.monitor_port},v1:127.0.0.1:{self.older_monitor_port}]"

    @property
    def options(self) -> list[str]:
        return ["-c", str(self.base / "ceph.conf")]

    def start_store(self) -> None:
        keyring, monitors = self.base / "keyring", self.base / "monmap"
        for name in ("mon", "osd", "run"):
            (self.base / name).mkdir()
        (self.base / "ceph.conf").write_text(_configuration(self))
        _make_keyring(keyring)
        _run("monmaptool", "--create", "--fsid", self.id, "--addv", "a", self.address, monitors)
        make = ["ceph-mon", *self.options, "--mkfs", "-i", "a"]
        _run(*make, "--monmap", monitors, "--keyring", keyring)
        self._spawn("ceph-mon", "-i", "a")
        store = str(uuid.uuid4())
        _run("ceph", *self.options, "osd", "new", store)
        _run("ceph-osd", *self.options, "-i", "0", "--mkfs", "--osd-uuid", store)
        self._spawn("ceph-osd", "-i", "0")
        place = ["osd", "crush", "add", "osd.0", "1.0", "host=localhost", "root=default"]
        _run("ceph", *self.options, *place)

    def start_gateway(self) -> Gateway:
        gateway = Gateway(f"http://127.0.0.1:{self.gateway_port}", "AKTEST", "SKTESTSKTEST")
        self._spawn("radosgw", "-n", "client.rgw")
        self._wait_for(gateway.endpoint_url)
        user = ["--uid", "test", "--display-name", "test"]
        keys = ["--access-key", gateway.access_key, "--secret", gateway.secret_key]
        command = ["radosgw-admin", *self.options, "-n", "client.rgw", "user", "create"]
        _run(*command, *user, *keys)
        return gateway

    def stop(self) -> None:
        for process in reversed(self.running):
            process.send_signal(signal.SIGKILL)
            process.wait()

    def _spawn(self, program: str, *arguments: str) -> None:
        with (self.base / "run" / f"{program}.out").open("wb") as log:
            command = [program, *self.options, "-f", *arguments]
            self.running.append(subprocess.Popen(command, stdout=log, stderr=log))

    def _wait_for(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(url):
            ended = any(process.poll() is not None for process in self.running)
            assert not ended, f"the gateway ended early: {self._last_words()}"
            assert time.monotonic() < deadline, f"the gateway is silent: {self._last_words()}"
            # The only way to know that it listens is to ask again.
            time.sleep(0.1)

    def _last_words(self) -> str:
        logs = sorted((self.base / "run").glob("*.out"))
        return "\n".join(f"{log.name}: {log.read_text()[-500:]}" for log in logs)


@contextmanager
def _cluster(base: Path) -> Iterator[_Cluster]:
    cluster = _Cluster(base)
    try:
        yield cluster
    finally:
        cluster.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            answer.read()
    except (URLError, OSError):
        return False
    return True


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, check=False, capture_output=True, timeout=START_SECONDS)
    assert done.returncode == 0, f"{command[0]} failed: {done.stderr.decode()[-1000:]}"


def _make_keyring(path: Path) -> None:
    _run("ceph-authtool", "--create-keyring", path)
    for name, rights in _CAPABILITIES.items():
        capabilities = [word for pair in rights.items() for word in ("--cap", *pair)]
        _run("ceph-authtool", path, "--gen-key", "-n", name, *capabilities)


def _configuration(cluster: _Cluster) -> str:
    # cephx stays on: without authentication this release hangs at the first client. One replica
    # and one placement group a pool suffice for one store, and the short Paxos intervals are what
    # makes it start in seconds. Without tcp_nodelay each GET waits 40 ms for an acknowledgement.
    return f"""[global]
fsid = {cluster.id}
mon host = {cluster.address}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = {cluster.base}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
memstore device bytes = 4294967296
paxos propose interval = 0.05
paxos min wait = 0.02
mon data = {cluster.base}/mon
osd data = {cluster.base}/osd
run dir = {cluster.base}/run
admin socket = {cluster.base}/run/$name.$pid.asok
log file = {cluster.base}/run/$name.log
[client]
rgw frontends = beast endpoint=127.0.0.1:{cluster.gateway_port} tcp_nodelay=1
"""
