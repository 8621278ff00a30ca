"""Where the key of the rawstore door's tokens comes from, and who waits for it: nobody."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from filemanager.api.http.auth import TokenVerifier
from filemanager.api.rawstore.key_server import FetchedKeys, fetching
from filemanager.api.rawstore.tokens import DepositorVerifier, Issuer, public_key
from filemanager.domain.caller import Scope
from filemanager.domain.errors import InvalidToken
from filemanager.domain.rawstore.stored_file import KeyServerSilent
from people.depositors import PUBLIC_PEM, SIGNING, claims, datahub_token
from worlds.stored import TurnedClock

OTHER = rsa.generate_private_key(65537, 2048)
OTHER_PEM = OTHER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class Server:
    """Tells one PEM after the other, the last one again; None is no answer."""

    def __init__(self, *pems: bytes | None) -> None:
        self.pems = list(pems)
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        pem = self.pems[0] if len(self.pems) == 1 else self.pems.pop(0)
        if pem is None:
            raise OSError("connection refused")
        return pem.decode()


def test_the_key_is_asked_for_once() -> None:
    server = Server(PUBLIC_PEM)
    keys = FetchedKeys(server, TurnedClock())

    for _ in range(3):
        keys.current()

    assert server.asked == 1


def test_a_newer_key_is_asked_for_once_a_minute() -> None:
    clock, server = TurnedClock(), Server(PUBLIC_PEM, OTHER_PEM)
    keys = FetchedKeys(server, clock)
    first = keys.current()

    assert keys.newer(first) is None
    clock.turn(timedelta(minutes=1))
    newer = keys.newer(first)

    assert newer == keys.current() != first
    assert keys.newer(newer) is None
    assert keys.newer(first) == newer
    assert server.asked == 2


def test_a_server_that_is_silent_is_asked_again_soon_and_not_at_once() -> None:
    clock, server = TurnedClock(), Server(None, b"nonsense", PUBLIC_PEM)
    keys = FetchedKeys(server, clock)
    for _ in range(3):
        with pytest.raises(KeyServerSilent):
            keys.current()
    assert server.asked == 1

    clock.turn(timedelta(seconds=30))
    with pytest.raises(KeyServerSilent):
        keys.current()
    clock.turn(timedelta(seconds=30))

    assert keys.current()


def test_the_pause_begins_at_the_end_of_an_attempt_and_its_rest_is_told() -> None:
    clock, asked = TurnedClock(), []

    def slow() -> str:
        asked.append(clock())
        clock.turn(timedelta(seconds=29))
        raise OSError

    keys = FetchedKeys(slow, clock)
    with pytest.raises(KeyServerSilent):
        keys.current()
    clock.turn(timedelta(seconds=28))

    with pytest.raises(KeyServerSilent) as refusal:
        keys.current()

    assert len(asked) == 1
    assert refusal.value.retry_after_seconds == 2


class Stuck:
    """A server that says nothing until the test lets it; ``pems`` are told by then."""

    def __init__(self, *pems: bytes) -> None:
        self._server = Server(*pems)
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()

    def __call__(self) -> str:
        self.is_asked.set()
        self.may_answer.wait()
        return self._server()


@contextmanager
def asking(work: Callable[[], object], server: Stuck) -> Iterator[None]:
    """While somebody else waits for the server's answer."""
    server.is_asked.clear()
    server.may_answer.clear()
    with ThreadPoolExecutor(1) as threads:
        threads.submit(work)
        server.is_asked.wait()
        yield
        server.may_answer.set()


def test_nobody_waits_for_who_asks_for_the_first_key() -> None:
    server = Stuck(PUBLIC_PEM)
    keys = FetchedKeys(server, TurnedClock())

    with asking(keys.current, server), pytest.raises(KeyServerSilent) as refusal:
        keys.current()

    assert refusal.value.retry_after_seconds == 5
    assert keys.current()


def test_while_a_newer_key_is_asked_for_the_known_one_serves() -> None:
    clock, server = TurnedClock(datetime.now(UTC)), Stuck(PUBLIC_PEM, OTHER_PEM)
    server.may_answer.set()
    issuer = Issuer(name="datahub", service="rawstore", keys=FetchedKeys(server, clock))
    verifier = DepositorVerifier(TokenVerifier([], clock), issuer, clock, default_mb=1)
    good = datahub_token("alice")
    newer = jwt.encode(claims("bob"), OTHER, algorithm="RS256")
    verifier.depositor(good, Scope.RAWSTORE_READ)
    clock.turn(timedelta(minutes=1))

    with asking(lambda: verifier.depositor(newer, Scope.RAWSTORE_READ), server):
        assert verifier.depositor(good, Scope.RAWSTORE_READ).owner == "datahub:alice"
        with pytest.raises(KeyServerSilent):
            verifier.depositor(newer, Scope.RAWSTORE_READ)
    assert verifier.depositor(newer, Scope.RAWSTORE_READ).owner == "datahub:bob"


def test_a_known_key_stays_good_while_the_server_is_silent() -> None:
    clock, server = TurnedClock(), Server(PUBLIC_PEM, None)
    keys = FetchedKeys(server, clock)
    known = keys.current()
    clock.turn(timedelta(hours=1))

    assert keys.newer(known) is None
    assert keys.current() == known


def test_after_a_rotation_tokens_of_the_newer_key_are_good() -> None:
    clock, server = TurnedClock(datetime.now(UTC)), Server(OTHER_PEM, PUBLIC_PEM)
    issuer = Issuer(name="datahub", service="rawstore", keys=FetchedKeys(server, clock))
    verifier = DepositorVerifier(TokenVerifier([], clock), issuer, clock, default_mb=1)
    token = datahub_token("alice")
    with pytest.raises(InvalidToken):
        verifier.depositor(token, Scope.RAWSTORE_READ)

    clock.turn(timedelta(minutes=1))

    assert verifier.depositor(token, Scope.RAWSTORE_READ).owner == "datahub:alice"


@contextmanager
def auth_server(answers: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    """A server of the few answers; a redirect's body is where it leads."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, b""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_key_is_got_over_http() -> None:
    with auth_server({"/auth/public-key": (200, PUBLIC_PEM)}) as url:
        assert public_key(fetching(f"{url}/")()) == SIGNING.public_key()


@pytest.mark.parametrize(
    "told", [(404, b""), (302, b"/other"), (200, b"x" * 100_000), (200, b"\xff"), (500, PUBLIC_PEM)]
)
def test_any_other_answer_is_no_key(told: tuple[int, bytes]) -> None:
    with auth_server({"/auth/public-key": told, "/other": (200, PUBLIC_PEM)}) as url:
        keys = FetchedKeys(fetching(url), TurnedClock())

        with pytest.raises(KeyServerSilent):
            keys.current()


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.0 200 OK\r\nX: ", b"HTTP/1.0 200 OK\r\n\r\n"])
def test_a_server_that_drips_its_answer_holds_who_asks_for_no_longer_than_a_silent_one(
    begun: bytes,
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening, ThreadPoolExecutor(1) as one:
        one.submit(_drip, listening, begun)
        port = listening.getsockname()[1]

        with pytest.raises((OSError, http.client.HTTPException, ValueError)):
            public_key(fetching(f"http://127.0.0.1:{port}", seconds=0.3)())


def _drip(listening: socket.socket, begun: bytes) -> None:
    """A byte in each twentieth of a second, for as long as anybody reads."""
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        connection.settimeout(0.05)
        connection.sendall(begun)
        while True:
            with suppress(TimeoutError):
                if not connection.recv(1 << 10):
                    return
            connection.sendall(b"x")
