"""What opens a source or a share never leaves: everything that a whole run says is searched."""

from collections.abc import Iterator
from shutil import rmtree
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from e2e.packages.house import ITEMS, KEY, PASSWORD, STATEMENT_KEY, House, house, item_url, owned
from servers.radosgw import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

PATHS = (
    "",
    "f/",
    "urls.txt",
    "aria2.txt",
    "curl.cfg",
    "pkg.meta4",
    "SHA256SUMS",
    "datapackage.json",
    "ro-crate-metadata.json",
    "croissant.json",
    "stac/item.json",
    "registry.txt",
    "refs.json",
    "linkset.json",
    "statement.json",
    "package.zip",
    "p/big.bin.pointer",
    "annex.git/info/refs?service=git-upload-pack",
    "dvc.git/info/refs?service=git-upload-pack",
    "lfs.git/info/refs?service=git-upload-pack",
)
WRONG = {"access_key": "WRONGACCESS", "secret_key": "WRONGSECRETWRONG"}
OTHER_PASSWORD = "another%1"


class Heard:
    """All that was answered to one session; the addresses that it was sent to by themselves."""

    def __init__(self, session: requests.Session) -> None:
        self.answers: list[bytes] = []
        self.addresses: list[str] = []
        session.hooks["response"].append(self._hear)

    def _hear(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self.addresses.append(headers.pop("location", ""))
        self.answers += [answer.content, repr(headers).encode()]

    def of(self, words: list[str]) -> list[str]:
        """Those of *words* that were said since the last question."""
        said, self.answers = self.answers, []
        assert said
        return [word for word in words if any(word.encode() in one for one in said)]


@pytest.fixture(scope="module")
def running(s3_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), s3_gateway) as made:
        yield made


def statuses(running: House, base: str, **headers: str) -> set[int]:
    """Of all that a share has; no redirect is followed."""
    asked = [f"{base}{path}" for path in PATHS] + [item_url(base, path) for path in ITEMS]
    how: dict[str, Any] = {"headers": headers, "allow_redirects": False, "timeout": 60}
    return {
        running.session.request(method, url, **how).status_code
        for url in asked
        for method in ("GET", "HEAD")
    }


def try_wrong_sources(running: House) -> None:
    place = {"name": "wrong", "kind": "s3", "bucket": running.lake.name, "readers": ["*"]}
    endpoint = running.lake.gateway.endpoint_url
    wishes = (
        {**place, "endpoint": endpoint, "credentials": WRONG},
        {**place, "endpoint": "http://169.254.169.254", "credentials": WRONG},
        {**place, "endpoint": endpoint, "credentials": {**WRONG, "more": WRONG["secret_key"]}},
        {**place, "endpoint": endpoint, "credentials": WRONG["secret_key"]},
    )
    for wish in wishes:
        assert not running.ask("POST", "sources", json=wish).ok


def look_at_everything_owned(running: House, package: str, share: str) -> None:
    for path in (
        "sources",
        "sources/lake",
        "sources/lake/objects",
        "packages",
        f"packages/{package}",
        f"packages/{package}/items",
        f"packages/{package}/versions/1",
        f"packages/{package}/shares",
        share,
        f"{share}/keys",
        f"{share}/log",
    ):
        assert running.ask("GET", path).ok, path


def everything_kept(running: House) -> dict[str, bytes]:
    """The data directory with the database, an export, and the log of the service."""
    place = running.service.log.parent
    rmtree(place / "exported", ignore_errors=True)
    running.command("export", str(place / "exported"))
    # What the operator has written is where the credentials come from.
    kept = [path for path in place.rglob("*") if path.is_file() and path.name != "sources.json"]
    return {str(path.relative_to(place)): path.read_bytes() for path in kept}


def test_nothing_that_opens_anything_is_told_kept_exported_or_logged(running: House) -> None:
    heard, gateway = Heard(running.session), running.lake.gateway
    credentials = [gateway.access_key, gateway.secret_key, *WRONG.values(), KEY]
    credentials.append(STATEMENT_KEY.splitlines()[1])
    running.add_source("pond", running.lake, gateway.endpoint_url)
    try_wrong_sources(running)
    package = running.package_of_all()
    share = running.share(package, password=PASSWORD)
    place = owned(package, share)
    assert heard.of([*credentials, PASSWORD]) == []

    # What opens a share is told once, to whoever makes it.
    key = urlsplit(running.access_key(package, share).base).path
    unlocked = urlsplit(running.unlocked(share).base).path
    opening = [PASSWORD, OTHER_PASSWORD, *(path.split("/")[2] for path in (key, unlocked))]
    assert heard.of([*credentials, PASSWORD]) == []

    assert statuses(running, share, **{"X-Share-Password": "wrong"}) <= {401, 429}
    right = {"X-Share-Password": PASSWORD.replace("%", "%25")}
    assert statuses(running, share, **right) == {200, 302}
    look_at_everything_owned(running, package, place)
    assert heard.of([*credentials, *opening]) == []

    for base in (key, unlocked):
        assert statuses(running, urljoin(share, base)) == {200, 302}
    running.told("PATCH", place, json={"password": OTHER_PASSWORD})
    assert statuses(running, urljoin(share, unlocked)) == {404}
    assert heard.of([*credentials, PASSWORD, OTHER_PASSWORD]) == []
    assert [url for url in heard.addresses if gateway.secret_key in url] == []

    never = [*credentials, *opening, "X-Amz-Signature"]
    for path, data in everything_kept(running).items():
        assert [word for word in never if word.encode() in data] == [], path


def test_the_search_would_find_what_is_kept(running: House) -> None:
    package = running.new_package()
    running.write(package, "README.md", b"text")

    kept = everything_kept(running)

    assert any(package.encode() in data for path, data in kept.items() if path.startswith("data/"))
    assert any(package.encode() in data for path, data in kept.items() if "exported" in path)
    assert any(package.encode() in data for path, data in kept.items() if path.endswith(".log"))
