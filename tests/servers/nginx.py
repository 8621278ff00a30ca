"""nginx before several nodes: each request goes to the next of them, bodies as they come, on
connections that are kept.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from servers.service import wait_until


@contextmanager
def nginx(
    directory: Path,
    nodes: Sequence[tuple[str, int]],
    *,
    prefix: str = "",
    is_buffering: bool = False,
    port: int | None = None,
) -> Iterator[str]:
    """Start it on loopback before the addresses of *nodes*, below *prefix*; gives its URL.

    With *is_buffering* it takes bodies as a whole before it asks a node, as it does by default.
    *port* is one that is free, where nodes have to know it before.
    """
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "no nginx: install the Debian package nginx-light"
    directory.mkdir()
    port = port or free_port()
    configuration = directory / "nginx.conf"
    text = _configuration(directory, port, nodes, prefix, "on" if is_buffering else "off")
    configuration.write_text(text)
    process = subprocess.Popen([program, "-c", configuration, "-e", directory / "nginx.log"])
    try:
        wait_until(lambda: _answers(port), "nginx takes connections")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def _configuration(
    directory: Path, port: int, nodes: Sequence[tuple[str, int]], prefix: str, buffering: str
) -> str:
    # As root its workers would be somebody who cannot write the directory.
    user = "user root;" if os.geteuid() == 0 else ""
    # With a path behind the name nginx takes the prefix off, as most are set up.
    there = "http://nodes/" if prefix else "http://nodes"
    servers = " ".join(f"server {host}:{number} max_fails=0;" for host, number in nodes)
    return f"""{user}
daemon off; worker_processes 1; pid {directory}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log {directory}/access.log; client_max_body_size 0;
  client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  upstream nodes {{ {servers} keepalive 32; }}
  server {{
    listen 127.0.0.1:{port};
    location {prefix}/ {{
      proxy_pass {there}; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_request_buffering {buffering}; proxy_buffering {buffering};
    }}
  }}
}}
"""
