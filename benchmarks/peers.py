"""What our figures stand beside: a bare handler, nginx, and the usual commands."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.driver import Address, Connection, Request, form, request

_LISTENING = re.compile(r"Listening at: http://([\d.]+):(\d+)")
_START_SECONDS = 20
_PAUSE_SECONDS = 0.02

HELLO = request("GET", "/hello", {})


@contextmanager
def bare(directory: Path) -> Iterator[Address]:
    """The bare handler under gunicorn, with the workers and threads of the service."""
    directory.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", "2"]
    command += ["--worker-class", "gthread", "--threads", "8", "--keep-alive", "65"]
    command += ["--no-control-socket", "benchmarks.bare:application"]
    log = directory.with_suffix(".log")
    with log.open("w") as output:
        environment = os.environ | {"BARE_DIRECTORY": str(directory)}
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield _announced(log, process)
    finally:
        process.terminate()
        process.wait()


def _announced(log: Path, process: subprocess.Popen[bytes]) -> Address:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := _LISTENING.search(log.read_text()):
            return found[1], int(found[2])
        time.sleep(_PAUSE_SECONDS)
    raise RuntimeError(f"The bare handler did not start: {log.read_text()[-1000:]}")


def raw_put(sent: bytes | Path) -> Request:
    if isinstance(sent, Path):
        return request("PUT", "/file", {}, file=sent)
    return request("PUT", "/file", {}, body=sent)


def form_post(sent: bytes | Path) -> Request:
    return form("/form", {}, "file", sent=sent)


@contextmanager
def nginx(directory: Path) -> Iterator[Address | None]:
    """Serve *directory* by nginx with sendfile; None where it is not installed."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        yield None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    configuration = directory / "nginx.conf"
    configuration.write_text(_nginx_configuration(directory, port))
    process = subprocess.Popen([program, "-c", configuration, "-e", directory / "nginx.log"])
    try:
        yield _answering(("127.0.0.1", port))
    finally:
        process.terminate()
        process.wait()


def _nginx_configuration(directory: Path, port: int) -> str:
    # As root its workers would be somebody who cannot read the directory.
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""{user}
daemon off; worker_processes 2; pid {directory}/nginx.pid;
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type application/octet-stream;
  client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{ listen 127.0.0.1:{port}; root {directory}; }}
}}
"""


def _answering(address: Address) -> Address:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            Connection(address).__exit__(None, None, None)
        except ConnectionRefusedError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return address
    raise RuntimeError("nginx did not start.")


def command_seconds(command: str, **paths: Path) -> float:
    """The seconds of a shell *command*, which reads *paths* as variables."""
    variables = os.environ | {name: str(path) for name, path in paths.items()}
    began = time.perf_counter()
    subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], env=variables, check=True, capture_output=True
    )
    return time.perf_counter() - began
