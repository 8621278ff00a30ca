"""Half a gigabyte goes in and out, and no worker grows by more than 64 MiB."""

import hashlib
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import pytest
import requests

from people.following import led_to, status_of
from people.tus_uploader import MEDIA, TUS, metadata
from servers.growth import growth_below
from servers.service import V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

MIB = 1 << 20
BODY_BYTES = 500 * MIB
MOST_GROWTH_BYTES = 64 * MIB
_BOUNDARY = "a-boundary-that-no-body-holds"


@dataclass(frozen=True, slots=True)
class Noise:
    """A body of bytes that do not compress, made while they are read; *head* and *tail* frame it.

    ``digest`` is that of the noise alone, and known once it was read.
    """

    head: bytes = b""
    tail: bytes = b""
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def __len__(self) -> int:
        return len(self.head) + BODY_BYTES + len(self.tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self.head
        block = Random(1).randbytes(2 * MIB)
        for number in range(BODY_BYTES // MIB):
            # A window that moves by a prime: no two mebibytes are alike.
            chunk = block[number * 1999 % MIB :][:MIB]
            self.digest.update(chunk)
            yield chunk
        yield self.tail


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "data") as started:
        _warm_up(started)
        yield started


def _warm_up(running: Service) -> None:
    """Every part that loads at its first use is loaded, in each worker."""
    workspace = running.new_workspace()
    for number in range(20):
        assert running.put(workspace, f"{number}.bin", Random(2).randbytes(MIB)).ok
        assert running.upload(f"/{workspace}", f"{number}.txt", b"text").ok
        assert running.get(f"{V2}/{workspace}/content.tar.gz").ok


def little_growth(running: Service) -> AbstractContextManager[None]:
    return growth_below(MOST_GROWTH_BYTES, running)


def _form(name: str, head: bytes = b"", tail: bytes = b"") -> tuple[Noise, dict[str, str]]:
    """A form with a file of noise between *head* and *tail*, and the header that names the form."""
    disposition = f'form-data; name="file"; filename="{name}"'
    opening = f"--{_BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    noise = Noise(opening + head, tail + f"\r\n--{_BOUNDARY}--\r\n".encode())
    return noise, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}


def _digest_of(chunks: Iterable[bytes]) -> str:
    sha256 = hashlib.sha256()
    for chunk in chunks:
        sha256.update(chunk)
    return sha256.hexdigest()


def _digests_in(content: requests.Response) -> dict[str, str]:
    """The digest of each file of an archive that is read as it comes."""
    found = {}
    with tarfile.open(fileobj=content.raw, mode="r|gz", bufsize=MIB) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                found[member.name.removeprefix("./")] = _digest_of(
                    iter(partial(stream.read, MIB), b"")
                )
    return found


def test_raw_bytes_go_in_and_out_in_little_memory(running: Service) -> None:
    workspace, noise = running.new_workspace(), Noise()

    with little_growth(running):
        put = running.put(workspace, "noise.bin", noise)

    place = f"{V2}/{workspace}"
    assert put.status_code == 201, put.text
    with little_growth(running):
        got = running.get(f"{place}/files/noise.bin", stream=True)
        assert _digest_of(got.iter_content(MIB)) == noise.digest.hexdigest()
    with little_growth(running), running.get(f"{place}/content.tar.gz", stream=True) as content:
        assert _digests_in(content) == {"noise.bin": noise.digest.hexdigest()}


def test_a_form_goes_in_in_little_memory(running: Service) -> None:
    noise, headers = _form("noise.bin")

    with little_growth(running):
        made = running.call("POST", "/", data=noise, headers=headers)

    assert made.status_code == 201, made.text
    listed = running.get(f"{V2}/{made.json()['upload_id']}/entries").json()["entries"]
    assert [entry["sha256"] for entry in listed] == [noise.digest.hexdigest()]


def test_an_archive_is_unpacked_in_little_memory(running: Service) -> None:
    member = tarfile.TarInfo("inside.bin")
    member.size = BODY_BYTES
    noise, headers = _form("noise.tar", member.tobuf(), bytes(10240))

    with little_growth(running):
        made = running.call("POST", "/", data=noise, headers=headers)

    assert made.status_code == 201, made.text
    listed = running.get(f"{V2}/{made.json()['upload_id']}/entries").json()["entries"]
    assert [entry["path"] for entry in listed] == ["inside.bin"]
    assert [entry["sha256"] for entry in listed] == [noise.digest.hexdigest()]


def test_a_resumable_upload_is_received_in_little_memory(running: Service) -> None:
    workspace, noise = running.new_workspace(), Noise()
    own = {"Authorization": running.token, "Tus-Resumable": "1.0.0"}
    wanted = metadata({"workspace": workspace, "filename": "noise.bin"})
    size = {"Upload-Length": str(len(noise)), "Upload-Metadata": wanted}
    made = requests.post(running.url + TUS, headers=own | size, timeout=60)
    url = running.url + led_to(made)

    with little_growth(running):
        offset = {"Upload-Offset": "0", "Content-Type": MEDIA}
        sent = requests.patch(url, headers=own | offset, data=noise, timeout=60)
        job = running.url + status_of(sent)
        wait_until(lambda: _is_done(job, own), "the upload is received")

    listed = running.get(f"{V2}/{workspace}/entries").json()["entries"]
    assert [entry["sha256"] for entry in listed] == [noise.digest.hexdigest()]


def _is_done(job: str, headers: dict[str, str]) -> bool:
    state = requests.get(job, headers=headers, timeout=60).json()["state"]
    assert state != "failed"
    return bool(state == "done")
