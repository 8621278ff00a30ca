"""What our figures stand beside: a bare handler, nginx, and the usual commands."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.driver import Address, Connection, Request, form, request

_LISTENING = re.compile(r"Listening at: http://([\d.]+):(\d+)")
_START_SECONDS = 20
_PAUSE_SECONDS = 0.02

HELLO = request("GET", "/hello", {})


def are_all_peers_wanted() -> bool:
    """``make bench PEERS=1`` takes longer."""
    return os.environ.get("PEERS") == "1"


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
    until(lambda: _connects(address))
    return address


def _connects(address: Address) -> bool:
    try:
        Connection(address).__exit__(None, None, None)
    except ConnectionRefusedError:
        return False
    return True


def until(is_so: Callable[[], bool]) -> None:
    """Ask again until *is_so*. Raises ``TimeoutError``."""
    deadline = time.monotonic() + _START_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("What has to be there before anything is measured is not.")
        time.sleep(_PAUSE_SECONDS)


@contextmanager
def git_http_backend(directory: Path) -> Iterator[str]:
    """The URL below which git's own program serves the repositories of *directory*."""
    handler = type("Handler", (_GitHttpBackend,), {"place": directory})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _GitHttpBackend(BaseHTTPRequestHandler):
    """A pipe to the program, as any server of CGI scripts (RFC 3875) makes one."""

    place: Path

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        variables = {
            "GIT_PROJECT_ROOT": str(self.place),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        command = ["git", "http-backend"]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, stdin=pipe, stdout=pipe, env=os.environ | variables
        ) as running:
            assert running.stdin  # noqa: S101  # it was asked for
            assert running.stdout  # noqa: S101  # it was asked for
            running.stdin.write(body)
            running.stdin.close()
            self.send_response_only(200)
            self.flush_headers()
            shutil.copyfileobj(running.stdout, self.wfile, 1 << 16)

    do_POST = do_GET  # noqa: N815  # as http.server looks for it

    def log_message(self, *_: object) -> None:
        """Nothing: the table is all that is read."""


def command_seconds(command: str, **paths: Path) -> float:
    """The seconds of a shell *command*, which reads *paths* as variables."""
    variables = os.environ | {name: str(path) for name, path in paths.items()}
    began = time.perf_counter()
    subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], env=variables, check=True, capture_output=True
    )
    return time.perf_counter() - began
