"""Connections to sources: whom they reach, and whom they never reach."""

import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from builders.source_values import BUCKET, a_source
from filemanager.domain.errors import FilemanagerError
from filemanager.domain.sources.addresses import ListedHosts, endpoint_from
from filemanager.domain.sources.errors import (
    EndpointRefused,
    SourceObjectChanged,
    SourceObjectGone,
    SourceUnavailable,
)
from filemanager.domain.sources.objects import (
    ObjectQuery,
    PinnedObject,
    SignedMethod,
    SignedWish,
    SourceObjects,
)
from filemanager.domain.sources.source import Credentials, Probe
from filemanager.storage.sources.asking import BucketClient, BucketQuestion
from filemanager.storage.sources.connecting import Gate, pool_to
from filemanager.storage.sources.registry import KeptSources
from worlds.answering_store import FOUND, AnsweringStore, Told, answering_store

KEYS = Credentials(access_key="AKTEST", secret_key="SKTEST", session_token="TOKEN")
PINNED = PinnedObject(key="a", etag="abc")
LOOPBACK = ["127.0.0.1"]
METADATA = "169.254.169.254"
OUTSIDE = "198.41.0.4"


class Names:
    """Each look-up of a host has the next answer, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.fixture
def store() -> Iterator[AnsweringStore]:
    with answering_store() as store:
        yield store


def objects(
    endpoint: str, names: Names, hosts: str = "", credentials: Credentials | None = None
) -> SourceObjects:
    gate = Gate(ListedHosts.parse(hosts), names)
    place = replace(BUCKET, endpoint=endpoint, public_endpoint=endpoint)
    source = a_source(place=place, probe=Probe(versioning=False))
    return KeptSources(gate, lambda _: credentials).objects_of(source)


def of(store: AnsweringStore, credentials: Credentials | None = None) -> SourceObjects:
    """As a host that is listed."""
    return objects(f"http://store.test:{store.port}", Names(LOOPBACK), "store.test", credentials)


def test_a_listed_host_is_looked_up_once_and_asked_where_it_lies(store: AnsweringStore) -> None:
    names = Names(LOOPBACK)

    objects(f"http://store.test:{store.port}", names, "store.test").find("a b/\u00fc")

    assert names.asked == [("store.test", store.port)]
    assert store.asked == ["HEAD /lab/scans/a%20b/%C3%BC"]
    assert store.headers[0]["host"] == f"store.test:{store.port}"


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["::1"], ["10.1.2.3"], ["192.168.0.1"], ["169.254.1.1"], ["100.64.0.1"],
        ["0.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["fd00::1"], ["fe80::1%lo"],
        [METADATA], ["fd00:ec2::254"], [OUTSIDE, "127.0.0.1"], ["127.0.0.1", OUTSIDE],
    ],
)  # fmt: skip
def test_a_host_at_no_public_address_is_not_asked(
    store: AnsweringStore, addresses: Sequence[str]
) -> None:
    for scheme in ("http", "https"):
        hidden = objects(f"{scheme}://store.test:{store.port}", Names(addresses), "other.test")

        with pytest.raises(EndpointRefused) as told:
            hidden.find("a")

        assert not any(one in told.value.message for one in addresses)
    assert store.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", METADATA])
def test_an_address_itself_is_no_way_around(store: AnsweringStore, host: str) -> None:
    place = replace(BUCKET, endpoint=f"http://{host}:{store.port}")
    hidden = KeptSources(Gate(ListedHosts()), lambda _: None).trial("lab", place, None)

    with pytest.raises(EndpointRefused):
        hidden.find("a")

    assert store.asked == []


@pytest.mark.parametrize("addresses", [[METADATA], ["127.0.0.1", METADATA], ["::ffff:a9fe:a9fe"]])
def test_metadata_is_not_asked_even_where_its_host_is_listed(
    store: AnsweringStore, addresses: Sequence[str]
) -> None:
    listed = f"store.test,{METADATA}"

    for endpoint in (f"http://store.test:{store.port}", f"http://{METADATA}:{store.port}"):
        with pytest.raises(EndpointRefused):
            objects(endpoint, Names(addresses), listed).find("a")

    assert store.asked == []


def test_each_connection_looks_again_whom_it_reaches(store: AnsweringStore) -> None:
    """An answer that changes in between leads nowhere: what was looked at is what is reached."""
    names = Names(LOOPBACK, [METADATA])
    rebound = objects(f"http://store.test:{store.port}", names, "store.test")

    rebound.find("a")
    with pytest.raises(EndpointRefused):
        rebound.find("a")

    assert (len(names.asked), len(store.asked)) == (2, 1)


def test_the_next_address_is_tried_where_one_does_not_answer(store: AnsweringStore) -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])

    objects(f"http://store.test:{store.port}", names, "store.test").find("a")

    assert len(store.asked) == 1


@pytest.mark.parametrize("addresses", [[], ["127.0.0.1"]])
def test_where_nobody_answers_there_is_no_source(addresses: Sequence[str]) -> None:
    with socket.socket() as taken:
        # It is bound, and nobody listens.
        taken.bind(("127.0.0.1", 0))
        silent = objects(
            f"http://store.test:{taken.getsockname()[1]}", Names(addresses), "store.test"
        )

        with pytest.raises(SourceUnavailable):
            silent.find("a")


def test_a_host_that_nobody_knows_is_no_source() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, f"{host}:{port}")

    gate = Gate(ListedHosts(), unknown)
    hidden = KeptSources(gate, lambda _: None).trial("lab", BUCKET, None)

    with pytest.raises(SourceUnavailable):
        hidden.find("a")


@pytest.mark.parametrize("host", ["a..b", "a" * 64, f"{'a' * 64}.test"])
def test_a_host_that_cannot_be_one_is_no_source(host: str) -> None:
    place = replace(BUCKET, endpoint=f"https://{host}")
    hidden = KeptSources(Gate(ListedHosts()), lambda _: None).trial("lab", place, None)

    with pytest.raises(SourceUnavailable):
        hidden.find("a")


def test_without_tls_there_is_no_source_at_https(store: AnsweringStore) -> None:
    plain = objects(f"https://store.test:{store.port}", Names(LOOPBACK), "store.test")

    with pytest.raises(SourceUnavailable):
        plain.find("a")


def test_a_certificate_that_nobody_vouches_for_is_none(tmp_path: Path) -> None:
    with answering_store(tls=self_signed("store.test", tmp_path)) as store:
        other = objects(f"https://store.test:{store.port}", Names(LOOPBACK), "store.test")

        with pytest.raises(SourceUnavailable):
            other.find("a")

        assert store.asked == []


def self_signed(host: str, directory: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (directory / "pem").write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "pem")
    return context


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(store: AnsweringStore, status: int) -> None:
    with answering_store() as inside:
        there = f"http://127.0.0.1:{inside.port}/lab/scans/a"
        elsewhere = {"Location": there, "x-amz-bucket-region": "eu-central-1"}
        store.told = Told(status, {**FOUND, **elsewhere})

        for ask in (
            lambda: of(store, KEYS).find("a"),
            lambda: list(of(store).read(PINNED, 0, 4)),
            lambda: of(store, KEYS).page(ObjectQuery()),
        ):
            with pytest.raises(SourceUnavailable):
                ask()

        assert inside.asked == []
    assert not any("eu-central-1" in line for line in store.asked)


def test_nothing_of_the_environment_is_asked(
    store: AnsweringStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering_store() as proxy:
        there = f"http://127.0.0.1:{proxy.port}"
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "AWS_ENDPOINT_URL"):
            monkeypatch.setenv(name, there)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            monkeypatch.setenv(name, "AMBIENT")
        for name in ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_MAX_ATTEMPTS", "AWS_REGION"):
            monkeypatch.setenv(name, "nonsense")

        of(store).find("a")
        of(store, KEYS).find("a")

        assert proxy.asked == []
    open_to_all, signed = store.headers
    assert "authorization" not in open_to_all
    assert "Credential=AKTEST/" in signed["authorization"]
    assert signed["x-amz-security-token"] == "TOKEN"


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (503, 3), (403, 1), (429, 1)])
def test_what_fails_is_tried_three_times_and_what_is_refused_once(
    store: AnsweringStore, status: int, tries: int
) -> None:
    store.told = Told(status)

    with pytest.raises(SourceUnavailable):
        of(store).find("a")

    assert len(store.asked) == tries


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "NoSuchKey", SourceObjectGone),
        (404, "NoSuchVersion", SourceObjectGone),
        (404, "NoSuchBucket", SourceUnavailable),
        (404, "", SourceUnavailable),
        (400, "InvalidArgument", SourceObjectGone),
        (400, "ExpiredToken", SourceUnavailable),
        (403, "AccessDenied", SourceUnavailable),
        (405, "MethodNotAllowed", SourceUnavailable),
        (412, "PreconditionFailed", SourceObjectChanged),
    ],
)
def test_only_what_the_store_calls_missing_is_gone(
    store: AnsweringStore, status: int, code: str, error: type[FilemanagerError]
) -> None:
    """What is refused for a token that expired is there all the same."""
    store.told = Told(status, {}, f"<Error><Code>{code}</Code></Error>".encode())

    with pytest.raises(error):
        of(store).ensure_there(PinnedObject(key="a", version="v1"))


def test_a_delete_marker_is_gone_by_its_header(store: AnsweringStore) -> None:
    store.told = Told(405, {"x-amz-delete-marker": "true"})

    with pytest.raises(SourceObjectGone):
        of(store).ensure_there(PinnedObject(key="a", version="v1"))


def a_listing(size: str = "1", etag: str = "abc", modified: str = "2026-11-28T02:00:00Z") -> bytes:
    facts = f"<Size>{size}</Size><ETag>{etag}</ETag><LastModified>{modified}</LastModified>"
    contents = f"<Contents><Key>scans/a</Key>{facts}</Contents>"
    return f"<ListBucketResult>{contents}</ListBucketResult>".encode()


@pytest.mark.parametrize("modified", ["2026-11-28T02:00:00Z", "2026-11-28T02:00:00.000"])
def test_a_time_without_a_zone_is_of_utc(store: AnsweringStore, modified: str) -> None:
    store.told = Told(body=a_listing(modified=modified))

    (found,) = of(store).page(ObjectQuery()).objects

    assert (found.key, found.modified_at) == ("a", datetime(2026, 11, 28, 2, tzinfo=UTC))


def test_an_answer_that_takes_too_long_is_none(store: AnsweringStore) -> None:
    place = replace(BUCKET, endpoint=f"http://store.test:{store.port}")
    gate = Gate(ListedHosts.parse("store.test"), Names(LOOPBACK))
    minutes = count(0, 61)
    slow = BucketClient(
        "lab", place, None, pool_to(endpoint_from(place.endpoint), gate), lambda: next(minutes)
    )
    store.told = Told(body=b"text")

    with pytest.raises(SourceUnavailable):
        slow.ask(BucketQuestion())


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 1000 + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 20) for i in range(8))
    + b"]><ListBucketResult><Prefix>&i;</Prefix></ListBucketResult>"
)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no xml", b"<html></html>", b"<Error><Code>x</Code></Error>", BOMB,
        b"<ListBucketResult><Contents></Contents></ListBucketResult>",
        a_listing(size="-1"), a_listing(size="x"), a_listing(size="1" * 19), a_listing(etag=""),
        a_listing(etag="a&#10;X-Evil: 1"), a_listing(modified="yesterday"),
        b"<ListBucketResult>" + b" " * (16 << 20) + b"</ListBucketResult>",
    ],
    ids=range(13),
)  # fmt: skip
def test_an_answer_that_is_no_listing_is_none(store: AnsweringStore, body: bytes) -> None:
    store.told = Told(body=body)

    with pytest.raises(SourceUnavailable):
        of(store).page(ObjectQuery())


@pytest.mark.parametrize(
    ("told", "start", "error"),
    [
        (Told(206, {**FOUND, "Content-Range": "bytes 0-1/2"}, b"te"), 0, SourceUnavailable),
        (Told(206, {**FOUND, "Content-Range": "bytes 1-4/9"}, b"text"), 0, SourceUnavailable),
        (Told(200, FOUND, b"text"), 1, SourceUnavailable),
        (Told(206, {"ETag": '"other"'}, b"text"), 0, SourceObjectChanged),
        (Told(206, {}, b"text"), 0, SourceObjectChanged),
        (Told(412, {}), 0, SourceObjectChanged),
        (Told(416, {}), 0, SourceObjectChanged),
        (Told(206, {**FOUND, "Content-Length": "9"}, b"te"), 0, SourceUnavailable),
    ],
)
def test_other_bytes_than_those_asked_for_are_not_taken(
    store: AnsweringStore, told: Told, start: int, error: type[FilemanagerError]
) -> None:
    store.told = told

    with pytest.raises(error):
        list(of(store).read(PINNED, start, 4))


def test_more_bytes_than_those_asked_for_are_left(store: AnsweringStore) -> None:
    store.told = Told(200, FOUND, b"text and more")

    assert b"".join(of(store).read(PINNED, 0, 4)) == b"text"
    assert store.headers[0]["range"] == "bytes=0-3"
    assert store.headers[0]["if-match"] == '"abc"'


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": '"abc"'},
        {**FOUND, "Last-Modified": "x"},
        {**FOUND, "ETag": '"a b"'},
        {**FOUND, "ETag": '"' + "a" * 256 + '"'},
        {**FOUND, "ETag": ""},
    ],
)
def test_a_store_that_tells_nothing_of_an_object_is_none(
    store: AnsweringStore, headers: dict[str, str]
) -> None:
    store.told = Told(200, headers)

    with pytest.raises(SourceUnavailable):
        of(store).find("a")


def test_urls_are_signed_without_asking_anybody() -> None:
    names = Names([])
    wish = SignedWish(disposition='attachment; filename="a b"', media_type="image/tiff")
    hidden = objects("http://store.test:9000", names, "", KEYS)

    url = hidden.sign(
        PinnedObject(key="../a b?", version="v&1"), SignedMethod.GET, wish, timedelta(minutes=5)
    )

    path, _, query = url.partition("?")
    assert path == "http://store.test:9000/lab/scans/../a%20b%3F"
    assert query.startswith("versionId=v%261&response-content-disposition=attachment%3B%20filename")
    assert "X-Amz-Expires=300" in query
    assert "SKTEST" not in url
    assert names.asked == []
