"""Signing in by a provider that others wrote."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from servers.nginx import free_port
from servers.service import service, wait_until

pytestmark = pytest.mark.e2e

JANE = {"sub": "jane", "name": "Jane", "groups": ["editors"]}


@contextmanager
def identity_provider() -> Iterator[str]:
    """Its issuer; in a process of its own, as it warns of the libraries that it uses."""
    port = free_port()
    command = (sys.executable, "-m", "oidc_provider_mock", "--require-nonce", f"--port={port}")
    process = subprocess.Popen(
        (*command, "--user-claims", json.dumps(JANE)), stderr=subprocess.DEVNULL
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(issuer), "the provider answers")
        yield issuer
    finally:
        process.terminate()
        process.wait()


def _answers(issuer: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"{issuer}/.well-known/openid-configuration", timeout=60).ok
    return False


def test_a_provider_that_others_wrote_signs_in_and_gives_more_by_its_groups(tmp_path: Path) -> None:
    with (
        identity_provider() as issuer,
        service(
            tmp_path / "data",
            FILEMANAGER_OIDC_ISSUER=issuer,
            FILEMANAGER_OIDC_CLIENT_ID="filemanager",
            FILEMANAGER_OIDC_CLIENT_SECRET="s3cr3t",
            FILEMANAGER_OIDC_GROUPS='{"editors": "upload:read:*"}',
        ) as running,
        requests.Session() as browser,
    ):
        foreign = running.new_workspace()
        asked = browser.get(f"{running.url}/login/oidc?to=/w/{foreign}", timeout=60)

        arrived = browser.post(asked.url, data={"sub": "jane"}, timeout=60)
        back = urljoin(running.url, arrived.history[0].headers["Location"])
        again = requests.get(back, timeout=60)

        log = running.log.read_text()

    assert (arrived.url, arrived.status_code) == (f"{running.url}/w/{foreign}", 200)
    assert "Signed in as Jane" in arrived.text
    assert again.status_code == 400
    assert "s3cr3t" not in log
    assert "code=" not in log
