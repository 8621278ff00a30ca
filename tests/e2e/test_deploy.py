"""What `deploy/` holds is run, or judged by the programs that would read it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from servers.nginx import free_port
from servers.postgres import new_postgres_database
from servers.service import V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

PROJECT = Path(__file__).parents[2]
DEPLOY = PROJECT / "deploy"
NAME = "files.example.org"
BEHIND_PROXY = {
    "FILEMANAGER_TRUSTED_PROXIES": "127.0.0.1",
    "FILEMANAGER_ALLOWED_HOSTS": NAME,
    "FILEMANAGER_PUBLIC_URL": f"https://{NAME}",
}


@contextmanager
def running_service(tmp_path: Path, **settings: str) -> Iterator[Service]:
    with service(tmp_path / "data", **BEHIND_PROXY, **settings) as started:
        yield started


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with running_service(tmp_path) as started:
        yield started


@pytest.fixture
def front(running: Service, tmp_path: Path) -> Iterator[str]:
    with before([running.address], tmp_path) as url:
        yield url


@contextmanager
def before(nodes: Sequence[tuple[str, int]], tmp_path: Path) -> Iterator[str]:
    """The shipped configuration, at another port and before these nodes."""
    port = free_port()
    shipped = (DEPLOY / "nginx" / "filemanager.conf").read_text()
    line = "server 127.0.0.1:8000 max_fails=0;"
    lines = "\n".join(f"server {host}:{number} max_fails=0;" for host, number in nodes)
    assert line in shipped
    site = shipped.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(line, lines)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{kind}_temp_path {tmp_path / kind};" for kind in kinds)
    configuration = tmp_path / "nginx.conf"
    # As root its workers would be somebody who cannot write the directory.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(
        f"{user} daemon off; pid {tmp_path / 'nginx.pid'}; events {{}}\n"
        # As Debian's own configuration says for all sites.
        f"http {{ access_log off; gzip on; {places}\n{site}\n}}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", configuration, "-e", tmp_path / "nginx.log"])
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_up(url), "nginx answers")
        yield url
    finally:
        process.terminate()
        process.wait()


def is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/livez", headers={"Host": NAME}, timeout=5).ok
    except requests.ConnectionError:
        return False


def test_large_files_go_through_nginx_both_ways(running: Service, front: str) -> None:
    data = bytes(range(256)) * (32 << 10)
    workspace = running.new_workspace()
    address = f"{front}/filemanager/api{V2}/{workspace}/files/data.bin"
    headers = {"Authorization": running.token, "Host": NAME}

    put = requests.put(address, data, headers=headers, timeout=60)
    got = requests.get(address, headers=headers, timeout=60)

    assert put.status_code == 201
    assert got.content == data


def test_events_come_through_nginx_while_the_job_waits(tmp_path: Path) -> None:
    with (
        running_service(tmp_path, FILEMANAGER_JOBS="false") as running,
        before([running.address], tmp_path) as url,
    ):
        headers = {"Authorization": running.token, "Host": NAME}
        checks = f"{url}/filemanager/api{V2}/{running.new_workspace()}/check"
        asked = requests.post(checks, headers={**headers, "Prefer": "respond-async"}, timeout=60)
        events = f"{url}/jobs/{asked.json()['id']}/events"

        with requests.get(events, headers=headers, stream=True, timeout=60) as watched:
            said = next(line for line in watched.iter_lines(chunk_size=1) if line[:5] == b"data:")

    assert asked.status_code == 202
    assert b'"waiting"' in said


def test_the_readme_says_of_nginx_what_is_shipped() -> None:
    block = (PROJECT / "README.md").read_text().split("```nginx\n")[1].split("```")[0]
    shipped = (DEPLOY / "nginx" / "filemanager.conf").read_text()

    def lines(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]

    assert "\n".join(lines(block)) in "\n".join(lines(shipped))


def test_nginx_compresses_no_page_and_hands_on_what_comes_compressed(front: str) -> None:
    headers = {"Host": NAME, "Accept": "text/html", "Accept-Encoding": "gzip"}

    page = requests.get(f"{front}/login", headers=headers, timeout=60)
    style = requests.get(f"{front}/static/pages.css", headers=headers, timeout=60)

    assert (page.status_code, page.headers.get("Content-Encoding")) == (200, None)
    assert (style.status_code, style.headers["Content-Encoding"]) == (200, "gzip")


def test_links_name_the_public_address(running: Service, front: str) -> None:
    headers = {"Authorization": running.token, "Host": NAME}

    made = requests.post(
        f"{front}/filemanager/api/", headers=headers, files={"file": ("a.tex", b"x")}, timeout=60
    )

    assert made.status_code == 201
    assert urlsplit(made.headers["Location"])[:2] == ("https", NAME)


@pytest.mark.postgres
def test_a_rolling_restart_under_uploads_refuses_nothing_for_good(
    tmp_path: Path, postgres_url: str
) -> None:
    """Two nodes, started at the same moment on an empty database."""
    ports = [free_port(), free_port()]
    nodes = Nodes(tmp_path, new_postgres_database(postgres_url), ports)
    front = before([("127.0.0.1", port) for port in ports], tmp_path)
    with ExitStack() as stack, ThreadPoolExecutor(6) as pool:
        one, other = pool.map(lambda number: stack.enter_context(nodes.start(number)), (0, 1))
        workspace, sender = one.new_workspace(), Sender(stack.enter_context(front), one.token)
        sent = [pool.submit(sender.send, workspace, letter) for letter in "abcd"]
        for number, node in enumerate((one, other)):
            wait_until(partial(sender.has_sent, 20 * (number + 1)), "uploads go on")
            node.ask_to_stop()
            assert node.ended() == 0
            one = stack.enter_context(nodes.start(number))
        wait_until(partial(sender.has_sent, 60), "uploads go on")
        sender.is_over.set()
        paths = {path for uploads in sent for path in uploads.result()}

        assert set(sender.statuses) <= {201, 503}
        assert one.paths(workspace) == paths


@dataclass(frozen=True)
class Nodes:
    """Their bytes lie in one directory, as on a disk that both mount."""

    directory: Path
    database: str
    ports: Sequence[int]

    def start(self, number: int) -> AbstractContextManager[Service]:
        settings = {
            "FILEMANAGER_DATABASE_URL": self.database,
            "FILEMANAGER_DATA_DIR": str(self.directory / "shared"),
            "FILEMANAGER_SCRATCH_DIR": str(self.directory / f"scratch-{number}"),
            "FILEMANAGER_WORKERS": "1",
            "PORT": str(self.ports[number]),
        }
        return service(self.directory / f"node-{number}", **BEHIND_PROXY, **settings)


class Sender:
    """Sends files one after the other; what is 503 is sent again."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url}/filemanager/api{V2}"
        self._headers = {"Authorization": token, "Host": NAME}
        self.statuses: list[int] = []
        self.is_over = Event()

    def send(self, workspace: int, letter: str) -> list[str]:
        """Returns the paths of what was taken."""
        taken: list[str] = []
        with requests.Session() as session:
            while not self.is_over.is_set():
                path = f"anc/{letter}{len(taken)}.bin"
                url = f"{self._url}/{workspace}/files/{path}"
                data = path.encode() * 10_000
                put = session.put(url, data, headers=self._headers, timeout=60)
                self.statuses.append(put.status_code)
                if put.status_code == 201:
                    taken.append(path)
                else:
                    assert "Retry-After" in put.headers, put.text
        return taken

    def has_sent(self, count: int) -> bool:
        return self.statuses.count(201) >= count


def test_kubernetes_takes_the_manifests() -> None:
    programs = Path(sys.executable).parent
    built = subprocess.run(
        [programs / "kubectl", "kustomize", DEPLOY / "kubernetes"], check=True, capture_output=True
    ).stdout
    kinds = {one["kind"] for one in yaml.safe_load_all(built)}

    judged = subprocess.run(
        [programs / "kubernetes-validate", "--strict", "--quiet", "-"], input=built, check=False
    )

    assert judged.returncode == 0
    assert kinds == {"ConfigMap", "Deployment", "PodDisruptionBudget", "Service"}


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "filemanager.service"
    text = (DEPLOY / "systemd" / "filemanager.service").read_text()
    unit.write_text(text.replace("/opt/filemanager/bin/filemanager", "/bin/true"))

    judged = subprocess.run(
        ["systemd-analyze", "verify", unit], check=False, capture_output=True, text=True
    )

    assert (judged.returncode, judged.stderr) == (0, "")
