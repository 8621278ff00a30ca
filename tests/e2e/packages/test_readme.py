"""The lines of the README share a bucket that wget and git-annex fetch: they are copied and run."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.papers import SECRET
from e2e.packages.bucket import Bucket, bucket
from e2e.packages.recipes.cloning import WITHOUT_PROXY, set_git
from e2e.packages.recipes.visitor import Address, Visitor
from e2e.readme import IN_THE_CLONE, PROJECT, SERVE, blocks
from servers.radosgw import Gateway
from servers.service import service

CONNECT, SHARE, FETCH = blocks("Packages and shares")[:3]
FILES = {"a.csv": b"tree,rings\n1,312\n", "d/b.bin": bytes(range(256))}
TEXT = {"README.md": b"# Tree rings\n"}

pytestmark = [pytest.mark.e2e, pytest.mark.s3]


@pytest.fixture
def rings(s3_gateway: Gateway) -> Iterator[Bucket]:
    with bucket(s3_gateway, prefix="2026/") as made:
        for key, data in FILES.items():
            made.put(key, data)
        yield made


def run(script: str, **environment: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", IN_THE_CLONE + script],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout


def connected(rings: Bucket, data: Path) -> dict[str, str]:
    """What the first lines set, after they have connected the bucket."""
    gateway = rings.gateway
    lines = CONNECT.replace("https://s3.example.org", gateway.endpoint_url)
    lines = lines.replace("s3.example.org", "127.0.0.1").replace(SERVE, "env -0")
    lines = lines.replace("ACCESSKEY", f"{gateway.access_key} --bucket {rings.name}")
    lines = lines.replace("SECRETKEY", gateway.secret_key)
    printed = run(lines, FILEMANAGER_DATA_DIR=str(data))
    named = dict(line.split("=", 1) for line in printed.split("\0") if "=" in line)
    return {name: named[name] for name in ("FILEMANAGER_SOURCE_HOSTS", "FILEMANAGER_SOURCE_KEYS")}


def fetched(directory: Path) -> dict[str, bytes]:
    return {name: (directory / name).read_bytes() for name in (*FILES, *TEXT)}


def test_the_lines_of_the_readme_share_a_bucket_that_wget_and_git_annex_fetch(
    rings: Bucket, tmp_path: Path
) -> None:
    data, visitor = tmp_path / "data", Visitor(tmp_path / "visitor", "")
    with service(data, **connected(rings, data)) as running:
        here = SHARE.replace("http://localhost:8000", running.url)
        here = here.replace("$(cat var/development-secret)", SECRET)
        share = run(f"{here}\necho\necho $SHARE").splitlines()[-1]
        set_git(visitor, Address(share))
        visitor.run(*WITHOUT_PROXY, "bash", "-euc", f"SHARE={share}\n{FETCH}")

    assert fetched(visitor.place / "rings") == {**FILES, **TEXT}
    assert fetched(visitor.place / "rings-annex") == {**FILES, **TEXT}
