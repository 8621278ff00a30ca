"""Other programs that take uploads; whichever of them is in the path, where all are wanted."""

import base64
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.driver import Address, Connection, Request, request
from benchmarks.peers import are_all_peers_wanted, until

_TUS_APPLICATION = """
from fastapi import FastAPI
from tuspyserver import create_tus_router

app = FastAPI()
app.include_router(create_tus_router(prefix="files", files_dir={directory!r}))
"""

Sent = bytes | Path


@dataclass(frozen=True, slots=True)
class UploadPeer:
    """``upload`` makes the one request that brings a file of that name."""

    name: str
    address: Address
    upload: Callable[[str, Sent], Request]


@contextmanager
def upload_peers(directory: Path) -> Iterator[Mapping[str, UploadPeer]]:
    """By their names; each keeps its files in a place of its own below *directory*."""
    with ExitStack() as stack:
        found = {}
        if are_all_peers_wanted() and shutil.which("copyparty"):
            address = stack.enter_context(_copyparty(_made(directory / "copyparty")))
            found["copyparty"] = UploadPeer("copyparty (no sync)", address, _put)
        if are_all_peers_wanted() and shutil.which("uvicorn") and _has_tuspyserver():
            address = stack.enter_context(_tuspyserver(_made(directory / "tuspyserver")))
            found["tuspyserver"] = UploadPeer("tuspyserver", address, _tus)
        yield found


def _copyparty(directory: Path) -> AbstractContextManager[Address]:
    return _running(
        lambda port: ["copyparty", "-q", "-i", "127.0.0.1", "-p", port, "-v", f"{directory}::rwmd"]
    )


def _has_tuspyserver() -> bool:
    """In the environment that uvicorn is of, which need not be ours."""
    python = Path(shutil.which("uvicorn") or "").with_name("python")
    asked = [str(python), "-c", "import fastapi, tuspyserver"]
    return (
        python.exists() and not subprocess.run(asked, check=False, capture_output=True).returncode
    )


def _tuspyserver(directory: Path) -> AbstractContextManager[Address]:
    text = _TUS_APPLICATION.format(directory=str(directory))
    (directory.parent / "tus_peer.py").write_text(text)
    place = str(directory.parent)
    words = ["uvicorn", "--app-dir", place, "--workers", "2", "--log-level", "warning"]
    return _running(lambda port: [*words, "--port", port, "tus_peer:app"])


@contextmanager
def _running(command: Callable[[str], list[str]]) -> Iterator[Address]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = ("127.0.0.1", int(probe.getsockname()[1]))
    silence = subprocess.DEVNULL
    process = subprocess.Popen(command(str(address[1])), stdout=silence, stderr=silence)
    try:
        until(lambda: _answers(address))
        yield address
    finally:
        process.terminate()
        process.wait()


def _answers(address: Address) -> bool:
    try:
        Connection(address).__exit__(None, None, None)
    except ConnectionRefusedError:
        return False
    return True


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True)
    return directory


def _put(name: str, sent: Sent) -> Request:
    return _request("PUT", f"/{name}", {}, sent)


def _tus(name: str, sent: Sent) -> Request:
    """Created with all of its bytes, which is one request."""
    length = sent.stat().st_size if isinstance(sent, Path) else len(sent)
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(length),
        "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}",
        "Content-Type": "application/offset+octet-stream",
    }
    return _request("POST", "/files", headers, sent)


def _request(method: str, path: str, headers: dict[str, str], sent: Sent) -> Request:
    if isinstance(sent, Path):
        return request(method, path, headers, file=sent)
    return request(method, path, headers, body=sent)
