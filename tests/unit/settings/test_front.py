"""Where the service is known, and by whom: hosts, proxies, the public URL."""

from ipaddress import ip_address

import pytest

from filemanager.settings import reading as config
from filemanager.settings.reading import BadSettings


def test_hosts_and_proxies_are_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILEMANAGER_ALLOWED_HOSTS", "Files.example.org, *")
    monkeypatch.setenv("FILEMANAGER_TRUSTED_PROXIES", "127.0.0.1, 10.1.2.3/8,fd00::/8")
    monkeypatch.setenv("FILEMANAGER_PUBLIC_URL", "https://files.example.org/fm/")

    settings = config.load()

    assert settings.hosts == {"files.example.org", "*"}
    assert [ip_address("10.9.9.9") in one for one in settings.proxies] == [False, True, False]
    assert settings.public_url == "https://files.example.org/fm"


def test_every_host_and_no_proxy_by_default() -> None:
    settings = config.load()

    assert settings.hosts == {"*"}
    assert not settings.proxies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "proxy.example.org"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("PUBLIC_URL", "files.example.org"),
        ("PUBLIC_URL", "https://files.example.org/a?b"),
        ("PUBLIC_URL", "https:///a"),
    ],
)
def test_what_makes_no_sense_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"FILEMANAGER_{name}", value)

    with pytest.raises(BadSettings, match=f"FILEMANAGER_{name}"):
        config.load()
