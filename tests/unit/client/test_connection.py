"""Requests of the client: tried again with patience, refused in words."""

import errno
import netrc
import socket
import ssl
from pathlib import Path

import pytest
import requests

from filemanager.client.answers import NotTheService, header_in
from filemanager.client.connection import Ask, Connection
from filemanager.client.errors import ClientError, Refused, Unreachable
from worlds.scripted import Scripted, Waits, answered, connected, problem

GET = Ask(method="GET", path="/x")
BROKEN = requests.ConnectionError("broken")
BUSY = problem(503, "unavailable", Retry_After="7")


def test_an_answer_is_given_with_the_token_sent() -> None:
    service = Scripted(answered(told={"a": 1}))

    response = connected(service).ask(GET)

    assert response.json() == {"a": 1}
    assert service.asked[0].headers["Authorization"] == "Bearer a-token"


def test_the_token_is_sent_whatever_netrc_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine service.test login x password y\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    service = Scripted(answered())

    connected(service).ask(GET)

    assert netrc.netrc(str(file)).authenticators("service.test")
    assert service.asked[0].headers["Authorization"] == "Bearer a-token"


def test_what_fails_for_a_moment_is_tried_again() -> None:
    waits = Waits()
    service = Scripted(BROKEN, requests.ReadTimeout(), BUSY, answered())

    response = connected(service, waits).ask(GET)

    assert response.status_code == 200
    assert waits.seconds == [0.5, 1.0, 7.0]


def test_each_wait_is_told_before_it() -> None:
    told: list[tuple[str, float]] = []
    service = Scripted(BROKEN, BUSY, answered())

    connected(service, tell=lambda error, seconds: told.append((str(error), seconds))).ask(GET)

    assert [seconds for _, seconds in told] == [0.5, 7.0]
    assert "does not answer" in told[0][0]


def test_waits_grow_to_the_longest_and_patience_ends() -> None:
    waits = Waits()
    service = Scripted(*[BROKEN] * 5)

    with pytest.raises(Unreachable, match=r"http://service\.test does not answer"):
        connected(service, waits, attempts=5, longest_seconds=2.0).ask(GET)

    assert waits.seconds == [0.5, 1.0, 2.0, 2.0]
    assert service.is_at_its_end


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), ("999999999999", 30.0), ("Sat, 01 Jan 2000 00:00:00 GMT", 0.5), ("soon", 0.5)],
)
def test_retry_after_is_a_number_or_a_date(header: str, seconds: float) -> None:
    waits = Waits()

    connected(Scripted(problem(429, "throttled", Retry_After=header), answered()), waits).ask(GET)

    assert waits.seconds == [seconds]


def test_a_request_that_still_runs_is_asked_again() -> None:
    service = Scripted(problem(409, "request_still_running", Retry_After="2"), answered(201))

    assert connected(service).ask(GET).status_code == 201


def test_a_refusal_is_told_in_the_words_of_the_service_and_not_tried_again() -> None:
    told = {
        "code": "malformed_request",
        "detail": "The request is malformed.",
        "errors": [{"pointer": "/name", "detail": "Too long."}],
    }
    service = Scripted(answered(422, told))

    with pytest.raises(Refused) as refused:
        connected(service).ask(GET)

    assert str(refused.value) == ("The request is malformed. /name: Too long. (malformed_request)")
    assert (refused.value.status, refused.value.code) == (422, "malformed_request")


def test_what_is_wrong_with_a_token_is_told() -> None:
    why = 'Bearer error="invalid_token", error_description="The token expired at noon."'
    service = Scripted(problem(401, "invalid_token", "Invalid auth token", WWW_Authenticate=why))

    with pytest.raises(Refused, match=r"^Invalid auth token: The token expired at noon\. "):
        connected(service).ask(GET)


@pytest.mark.parametrize("body", [b"<h1>Forbidden</h1>", b"[]", b"", b"\xff"])
def test_a_refusal_that_is_no_problem_is_told_by_its_status(body: bytes) -> None:
    with pytest.raises(Refused, match=r"The service answered 403\. \(403\)"):
        connected(Scripted(answered(403, body=body))).ask(GET)


@pytest.mark.parametrize(
    ("errors", "words"),
    [("no", ""), ({"a": 1}, ""), (["no"], ""), ([{"pointer": "/a"}], r" /a: None")],
)
def test_a_refusal_may_have_errors_of_another_shape(errors: object, words: str) -> None:
    told = {"detail": "No.", "errors": errors}

    with pytest.raises(Refused, match=rf"^No\.{words} \(400\)$"):
        connected(Scripted(answered(400, told))).ask(GET)


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"", b"[]", b'"x"', b"null", b"\xff"])
def test_what_is_no_answer_of_the_service_is_told(body: bytes) -> None:
    portal = answered(body=body, Content_Type="text/html")

    with pytest.raises(NotTheService) as told:
        connected(Scripted(portal)).told(GET)

    assert str(told.value) == (
        "http://service.test answers 200 (text/html), and not as this service does."
        " Look at the address, and at what stands before it."
    )


def test_an_answer_without_what_was_asked_for_is_told() -> None:
    told = connected(Scripted(answered(told={"page": {"id": 1}}))).told(GET)

    with pytest.raises(NotTheService, match="without 'name'"):
        assert told["page"]["name"]


def test_a_header_that_is_not_there_is_told() -> None:
    with pytest.raises(NotTheService, match=r"answers 200 \(no type\)"):
        header_in(connected(Scripted(answered())).ask(GET), "ETag")


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "Connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name not known"), "Name not known"),
        (ValueError("x"), "ConnectionError"),
    ],
)
def test_why_nobody_answers_is_told_as_the_system_words_it(inner: Exception, words: str) -> None:
    error = requests.ConnectionError("wrapped")
    error.__context__ = inner

    with pytest.raises(Unreachable, match=rf"^http://service\.test does not answer: {words}\.$"):
        connected(Scripted(error)).once(GET)


def test_a_certificate_that_is_not_trusted_is_not_waited_for() -> None:
    error = requests.exceptions.SSLError("wrapped")
    error.__context__ = ssl.SSLCertVerificationError(1, "self-signed certificate")
    waits = Waits()

    with pytest.raises(ClientError, match=r"is not trusted: self-signed certificate\."):
        connected(Scripted(error), waits).ask(GET)

    assert waits.seconds == []


def test_a_redirect_is_refused_and_the_token_goes_nowhere_else() -> None:
    service = Scripted(answered(307, Location="http://elsewhere.test/x"))

    with pytest.raises(Refused, match=r"answered 307: its address leads to http://elsewhere\.test"):
        connected(service).ask(GET)

    assert len(service.asked) == 1


@pytest.mark.parametrize("path", ["", "@elsewhere.test/x", ".elsewhere.test/x", ":80/x"])
def test_a_path_never_names_another_host(path: str) -> None:
    service = Scripted()

    with pytest.raises(ClientError, match="no path of its own"):
        connected(service).ask(Ask(method="GET", path=path))

    assert service.asked == []


@pytest.mark.parametrize("url", ["", "service.test", "ftp://service.test", "http://"])
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(ClientError, match="is not the address of a service"):
        Connection(url, "a-token")
