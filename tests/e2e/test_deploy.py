"""What `deploy/` holds is run, or judged by the programs that would read it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from servers.nginx import free_port
from servers.service import V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

PROJECT = Path(__file__).parents[2]
DEPLOY = PROJECT / "deploy"
NAME = "files.example.org"


@contextmanager
def running_service(tmp_path: Path, **settings: str) -> Iterator[Service]:
    settings |= {
        "FILEMANAGER_TRUSTED_PROXIES": "127.0.0.1",
        "FILEMANAGER_ALLOWED_HOSTS": NAME,
        "FILEMANAGER_PUBLIC_URL": f"https://{NAME}",
    }
    with service(tmp_path / "data", **settings) as started:
        yield started


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with running_service(tmp_path) as started:
        yield started


@pytest.fixture
def front(running: Service, tmp_path: Path) -> Iterator[str]:
    with before(running, tmp_path) as url:
        yield url


@contextmanager
def before(running: Service, tmp_path: Path) -> Iterator[str]:
    """The shipped configuration, at another port and before the running service."""
    port, (host, backend) = free_port(), running.address
    shipped = (DEPLOY / "nginx" / "filemanager.conf").read_text()
    site = shipped.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(
        "server 127.0.0.1:8000", f"server {host}:{backend}"
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{kind}_temp_path {tmp_path / kind};" for kind in kinds)
    configuration = tmp_path / "nginx.conf"
    # As root its workers would be somebody who cannot write the directory.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(
        f"{user} daemon off; pid {tmp_path / 'nginx.pid'}; events {{}}\n"
        f"http {{ access_log off; {places}\n{site}\n}}\n"
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
        before(running, tmp_path) as url,
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


def test_links_name_the_public_address(running: Service, front: str) -> None:
    headers = {"Authorization": running.token, "Host": NAME}

    made = requests.post(
        f"{front}/filemanager/api/", headers=headers, files={"file": ("a.tex", b"x")}, timeout=60
    )

    assert made.status_code == 201
    assert urlsplit(made.headers["Location"])[:2] == ("https", NAME)


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
