"""What is believed of proxies in front, and which hosts are answered for."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from builders.papers import a_token
from people.visitors import Visitor

TRUSTED = {"trusted_proxies": "127.0.0.1, 10.0.0.0/8 fd00::/8"}
OPEN = {"bucket": {"bucket_anonymous": "write"}, "allowed_hosts": "*, drop.lan"}
LISTED = {"allowed_hosts": "Files.Example.org", "public_url": "https://public.example.org/fm"}


def seen(app: Flask, peer: str = "127.0.0.1", **headers: str) -> tuple[str | None, str, str]:
    """The client, its address and the prefix, as a view sees them."""
    found = []

    @app.before_request
    def look() -> str:
        found.append((request.remote_addr, request.host_url, request.script_root))
        return "seen"

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    app.test_client().get(
        "/livez", base_url="http://front.test", headers=named, environ_base={"REMOTE_ADDR": peer}
    )
    return found[0]


@pytest.mark.parametrize("special", [TRUSTED])
@pytest.mark.parametrize(
    ("sent", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("203.0.113.7, 10.1.2.3,10.0.0.1", "203.0.113.7"),
        ("10.1.2.3, 10.0.0.1", "10.1.2.3"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::1]:4711, fd00::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, unknown, 10.0.0.1", "10.0.0.1"),
        ("' or 1=1", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_the_client_is_the_last_that_is_not_trusted(own_app: Flask, sent: str, client: str) -> None:
    assert seen(own_app, X_Forwarded_For=sent)[0] == client


@pytest.mark.parametrize("special", [TRUSTED])
def test_what_a_trusted_proxy_says_is_believed(own_app: Flask) -> None:
    told = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "a.test:8443"}

    assert seen(own_app, X_Forwarded_Prefix="/a/b", **told)[1:] == ("https://a.test:8443/", "/a/b")


@pytest.mark.parametrize("special", [TRUSTED])
@pytest.mark.parametrize(
    "prefix", ["fm", "/fm/", "//evil.test", "/a/../b", "/.", "/a b", "/a%2f", "/a,/b", "/a?b", "/é"]
)
def test_an_odd_prefix_is_not(own_app: Flask, prefix: str) -> None:
    assert seen(own_app, X_Forwarded_Prefix=prefix)[2] == ""


@pytest.mark.parametrize("special", [TRUSTED])
def test_nor_is_an_odd_scheme_or_host(own_app: Flask) -> None:
    told = {"X_Forwarded_Proto": "javascript", "X_Forwarded_Host": "a.test/x?"}

    assert seen(own_app, **told)[1] == "http://front.test/"


@pytest.mark.parametrize("special", [{**TRUSTED, "allowed_hosts": "front.test"}])
def test_nor_is_a_host_that_is_not_allowed(own_app: Flask) -> None:
    assert seen(own_app, X_Forwarded_Host="evil.test")[1] == "http://front.test/"


@pytest.mark.parametrize(
    ("special", "peer"),
    [({}, "127.0.0.1"), (TRUSTED, "203.0.113.9"), (TRUSTED, "127.0.0.2"), (TRUSTED, "")],
)
def test_of_others_nothing_is_believed(own_app: Flask, peer: str) -> None:
    told = {"X_Forwarded_For": "10.0.0.1", "X_Forwarded_Proto": "https",
            "X_Forwarded_Host": "evil.test", "X_Forwarded_Prefix": "/x", "X_Real_IP": "10.0.0.1",
            "Forwarded": "for=10.0.0.1;proto=https;host=evil.test"}  # fmt: skip

    assert seen(own_app, peer, **told) == (peer, "http://front.test/", "")


@pytest.mark.parametrize("special", [LISTED])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("files.example.org", 200),
        ("FILES.example.org:8000", 200),
        ("files.example.org.", 200),
        ("public.example.org", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("files.example.org.evil.example", 421),
        ("xfiles.example.org", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("evil.example, files.example.org", 421),
        ("files.example.org@evil.example", 421),
        ("*", 421),
    ],
)
def test_other_hosts_are_not_answered_for(client: FlaskClient, host: str, status: int) -> None:
    response = client.get("/livez", headers={"Host": host})

    assert response.status_code == status
    if status == 421:
        assert response.get_json()["code"] == "host_unknown"


@pytest.mark.parametrize("special", [LISTED])
def test_each_door_says_so_in_its_own_words(client: FlaskClient) -> None:
    asked = {"Host": "evil.example", "Authorization": a_token("1")}

    drop_in = client.get("/filemanager/api/1", headers=asked)
    bucket = client.get("/bucket/blob/", headers=asked)

    assert (drop_in.status_code, list(drop_in.get_json())) == (421, ["reason"])
    assert (bucket.status_code, bucket.get_json()["code"]) == (421, 421)


@pytest.mark.parametrize("special", [OPEN])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("drop.lan", 200),
        ("192.168.1.5:8000", 200),
        ("localhost", 200),
        ("rebound.test", 421),
        ("*", 421),
        ("a b", 421),
    ],
)
def test_an_open_bucket_is_not_reached_by_a_rebound_name(
    client: FlaskClient, passer_by: Visitor, dana: Visitor, host: str, status: int
) -> None:
    headers = {"Host": host}

    assert passer_by.get("config", headers=headers).status_code == status
    assert passer_by.send({"a": b"1"}, Host=host).status_code == status
    assert dana.get("config", headers=headers).status_code == 200
    assert client.get("/livez", headers=headers).status_code == 200
