"""A service with repositories as an operator sets it up, and whoever pushes to it by curl."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from werkzeug.security import generate_password_hash

from builders.keys import a_key
from servers.service import PATIENCE_SECONDS, Service, service

CONFIGURATION = {
    "common": {"sync_on_start": False},
    "model": {
        "supported_repos": {
            "repo_kind": ["live", "release"],
            "tarantool_series": ["modules", "1.10", "2.8"],
            "enabled": ["1.10", "2.8"],
            "distrs": {
                "ubuntu": {"base": "deb", "versions": ["focal", "jammy"]},
                "el": {"base": "rpm", "versions": ["7", "9"]},
            },
        }
    },
    "anchors": {"tarantool-modules": ["release/1.10/", "release/modules/"]},
}
USER, PASSWORD = "user_name", "password"


@dataclass(frozen=True, slots=True)
class House:
    """*prefix* is that of the door; ``key`` is the file of the public key that clients trust."""

    service: Service
    prefix: str
    key: Path

    @property
    def url(self) -> str:
        return f"{self.service.url}{self.prefix}"

    def curl(self, path: str, *arguments: str) -> Mapping[str, str]:
        """As scripts push: what the JSON answer says; any refusal fails the test."""
        command = ["curl", "--fail-with-body", "--silent", "--show-error", *arguments]
        done = subprocess.run(
            [*command, f"{self.url}/{path}"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (done.stdout, done.stderr)
        return dict(json.loads(done.stdout))

    def push(
        self, path: str, files: Sequence[Path], product: str | None = None, *, waits: bool = True
    ) -> None:
        fields = [f"product={product}"] if product else []
        fields += [f"{file.name}=@{file}" for file in files]
        parts = [word for field in fields for word in ("-F", field)]
        wait = "?wait=true" if waits else ""
        self.curl(f"{path}{wait}", "-u", f"{USER}:{PASSWORD}", *parts, "--request", "PUT")

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"{self.url}/{path}", headers=headers, timeout=PATIENCE_SECONDS)

    def apt_source(self, path: str, suite: str) -> str:
        return f"deb [arch=amd64 signed-by={self.key}] {self.url}/{path} {suite} main"


@contextmanager
def house(directory: Path, prefix: str = "/repositories", **environment: str) -> Iterator[House]:
    """Signed by the key of ``ann``; *environment* is added to what such a service needs."""
    directory.mkdir(parents=True, exist_ok=True)
    configuration = directory / "rws.json"
    configuration.write_text(json.dumps(CONFIGURATION))
    key = directory / "key.asc"
    key.write_text(str(a_key().extract_certificate()))
    settings = {
        "REPOSITORIES_PREFIX": prefix,
        "RWS_CFG": str(configuration),
        "RWS_CREDENTIALS": json.dumps({USER: generate_password_hash(PASSWORD)}),
        "GPG_SIGN_KEY_ARMORED": str(a_key()),
        "FILEMANAGER_ALLOWED_HOSTS": "*",
    }
    with service(directory / "data", **{**settings, **environment}) as running:
        yield House(running, prefix, key)
