"""Where sources may be asked: endpoints, listed hosts and addresses."""

from ipaddress import ip_address

import pytest

from filemanager.domain.sources.addresses import (
    Endpoint,
    ListedHosts,
    endpoint_from,
    is_metadata,
    is_public,
)
from filemanager.domain.sources.errors import EndpointRefused

NOBODY = ListedHosts()

PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]

PRIVATE = [
    "0.0.0.1", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254",
    "169.254.1.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
    "::", "::1", "::2", "::7f00:1", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1",
    "100::1", "2001:db8::1", "2001::1", "2001:20::1", "2002:7f00:1::", "2002:808:808::",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8", "4000::1", "5f00::1",
]  # fmt: skip

METADATA = [
    "169.254.169.254", "fd00:ec2::254", "fd00:ec2::23", "169.254.170.2", "100.100.100.200",
    "168.63.129.16", "fd20:ce::254", "192.0.0.192", "169.254.170.23",
    "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe",
    "2002:a9fe:a9fe::1", "2001:0:a9fe:a9fe::1", "2001:0:808:808:0:0:5601:5601",
    "::ffff:168.63.129.16",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_asked_whoever_has_them(address: str) -> None:
    assert is_public(ip_address(address))
    assert NOBODY.why_not(address, "store.test", 443) is None


@pytest.mark.parametrize("address", PRIVATE)
def test_other_addresses_may_be_asked_where_their_host_is_listed(address: str) -> None:
    assert not is_public(ip_address(address))
    assert NOBODY.why_not(address, "store.test", 443)
    assert ListedHosts.parse("other.test").why_not(address, "store.test", 443)
    assert ListedHosts.parse("store.test:80").why_not(address, "store.test", 443)
    assert ListedHosts.parse("store.test").why_not(address, "store.test", 443) is None
    assert ListedHosts.parse("store.test:443").why_not(address, "store.test", 443) is None


@pytest.mark.parametrize("address", METADATA)
def test_metadata_may_never_be_asked_in_whatever_form(address: str) -> None:
    assert is_metadata(ip_address(address))
    for listed in ("", "store.test", f"store.test,[{address}]" if ":" in address else address):
        assert ListedHosts.parse(listed).why_not(address, "store.test", 80)
        assert ListedHosts.parse(listed).why_not(address, address, 80)


def test_the_zone_of_an_address_says_nothing_of_where_it_leads() -> None:
    assert NOBODY.why_not("fe80::1%eth0", "store.test", 443)
    assert ListedHosts.parse("store.test").why_not("fe80::1%eth0", "store.test", 443) is None
    assert ListedHosts.parse("store.test").why_not("::ffff:169.254.169.254%lo", "store.test", 443)


@pytest.mark.parametrize(
    ("text", "endpoint", "written"),
    [
        ("https://Store.test", Endpoint("https", "store.test", 443), "https://store.test"),
        ("https://store.test:443/", Endpoint("https", "store.test", 443), "https://store.test"),
        ("http://store.test.:9000", Endpoint("http", "store.test", 9000), "http://store.test:9000"),
        ("http://127.0.0.1", Endpoint("http", "127.0.0.1", 80), "http://127.0.0.1"),
        ("http://[::1]:80", Endpoint("http", "::1", 80), "http://[::1]"),
        ("http://[0:0::1]:8000", Endpoint("http", "::1", 8000), "http://[::1]:8000"),
        ("https://in_house-1", Endpoint("https", "in_house-1", 443), "https://in_house-1"),
    ],
)
def test_endpoints_have_one_form(text: str, endpoint: Endpoint, written: str) -> None:
    assert endpoint_from(text) == endpoint
    assert str(endpoint) == written


@pytest.mark.parametrize(
    "text",
    [
        "", "store.test", "//store.test", "ftp://store.test", "file:///etc/passwd", "https://",
        "https://store.test/path", "https://store.test?x", "https://store.test#x",
        "https://user:secret@store.test", "https://store.test@evil.test", "https://a\\@b",
        "https://store.test:0", "https://store.test:65536", "https://store.test:x", "https://[::1",
        "https://[x::]", "https://[1:2]", "https://-a", "https://st\u00f6re.test", "https://a b",
        "https://a\n", "HTTPS://store.test", "https://a" + "b" * 300, "https://store.test:\u0661",
        "https://[fe80::1%25eth0]",
    ],
)  # fmt: skip
def test_what_is_no_endpoint_is_refused(text: str) -> None:
    with pytest.raises(EndpointRefused):
        endpoint_from(text)


def test_a_password_in_an_endpoint_is_not_repeated() -> None:
    with pytest.raises(EndpointRefused) as told:
        endpoint_from("https://user:SECRET@store.test/?key=SECRET")

    assert "SECRET" not in told.value.message


@pytest.mark.parametrize("text", ["https://a", "a/b", "a:0", "a:x", "a b", "*", "[::1", "a@b"])
def test_what_is_no_host_is_no_list(text: str) -> None:
    with pytest.raises(ValueError, match=r"host|port|IPv6"):
        ListedHosts.parse(f"store.test,{text}")


def test_a_list_holds_hosts_with_a_port_or_with_any() -> None:
    listed = ListedHosts.parse(" Store.test:9000, other.test. ,[::1]:80,,")

    assert bool(listed)
    assert not NOBODY
    assert listed.hold("store.test", 9000)
    assert listed.hold("STORE.test", 9000)
    assert not listed.hold("store.test", 443)
    assert listed.hold("other.test", 1)
    assert listed.hold("::1", 80)
    assert not listed.hold("a.other.test", 1)


def test_without_tls_a_host_has_to_be_listed() -> None:
    listed = ListedHosts.parse("store.test:80")

    listed.ensure_may_be_called(endpoint_from("http://store.test"))
    listed.ensure_may_be_called(endpoint_from("https://any.test"))
    for other in ("http://store.test:81", "http://any.test"):
        with pytest.raises(EndpointRefused):
            listed.ensure_may_be_called(endpoint_from(other))
