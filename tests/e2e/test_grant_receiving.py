"""A large grant on S3: a worker is killed in the middle of receiving it, and the next ends it."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from builders.papers import SECRET, a_token
from filemanager.db.engine.migrate import upgrade
from filemanager.domain.caller import Owner
from filemanager.domain.ports import Transaction
from filemanager.domain.uploads.upload import BatchId, UploadState
from filemanager.factory import application as factory
from filemanager.factory.parts import Parts, parts_of
from filemanager.settings.service import Settings
from people.following import led_to
from people.granting import GRANTS, Sender, a_file, a_sender, put_to
from servers.radosgw import Gateway
from servers.service import wait_until
from servers.worker import worker

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

PART_BYTES = 16 << 20


@cache
def large() -> bytes:
    return random.Random(1).randbytes(6 * PART_BYTES)  # repeatable, not secret


@dataclass(frozen=True)
class Node:
    """A node that answers but does no jobs, on a bucket, and somebody who sends to it."""

    made: Parts
    sender: Sender
    environment: dict[str, str]

    def send(self) -> BatchId:
        """A grant whose only file has come, in parts."""
        grant = self.sender.begun(a_file("large.bin", large()))
        for number in range(1, 7):
            part = self.sender.part(grant["id"], number)
            data = large()[(number - 1) * PART_BYTES : number * PART_BYTES]
            assert put_to(self.sender.client, part, data) == 200
        return BatchId(grant["id"])

    def job(self, path: str) -> dict[str, Any]:
        return dict(self.sender.ask("GET", path).get_json())

    def wait_for(self, path: str, state: str) -> None:
        wait_until(lambda: self.job(path)["state"] == state, f"the job is {state}")

    def incoming(self) -> list[str]:
        keys = (one.key for one in self.made.blobs.objects())
        return [key for key in keys if key.startswith("incoming/")]


@pytest.fixture
def node(tmp_path: Path, s3_gateway: Gateway) -> Iterator[Node]:
    data = tmp_path / "data"
    data.mkdir()
    named = {
        "s3_bucket": s3_gateway.new_bucket(),
        "s3_endpoint": s3_gateway.endpoint_url,
        "s3_access_key": s3_gateway.access_key,
        "s3_secret_key": s3_gateway.secret_key,
    }
    given: dict[str, Any] = dict(named)
    settings = Settings(data_dir=data, jwt_secret=SecretStr(SECRET), jobs=False, **given)
    upgrade(settings.database)
    made = parts_of(settings)
    environment = {f"FILEMANAGER_{name.upper()}": value for name, value in named.items()}
    with closing(made.database):
        sender = a_sender(factory.app_on(made).test_client(), a_token())
        yield Node(made, sender, environment | {"FILEMANAGER_LEASE_SECONDS": "1"})


def test_what_a_killed_worker_was_receiving_is_received_once(node: Node) -> None:
    grant = node.send()
    revision = node.sender.revision
    data, url = node.made.settings.data_dir, node.made.settings.database
    job = led_to(node.sender.complete(f"{GRANTS}/{grant}"))

    with worker(data, url, **node.environment) as first:
        node.wait_for(job, "running")

        def kill(tx: Transaction) -> UploadState:
            # While this transaction lasts no other is committed: the worker cannot have ended.
            first.kill()
            return tx.uploads.of_batch(Owner("arxiv:1"), grant)[0].state

        state = node.made.database.write(kill)

    assert (state, node.sender.revision) == (UploadState.RECEIVING, revision)
    with worker(data, url, **node.environment) as second:
        node.wait_for(job, "done")
        second.ask_to_stop()
        assert second.ended() == 0
    assert node.sender.revision == revision + 1
    assert sha256(node.sender.files["large.bin"]).digest() == sha256(large()).digest()
    assert node.incoming() == []
