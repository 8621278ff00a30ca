"""Settings of the packages door."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from filemanager.factory.packages.door import signer_of
from filemanager.settings.packages import PackagesSettings

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_nothing_is_pointed_to_or_signed_unless_it_is_set() -> None:
    settings = PackagesSettings()

    assert settings.hosts == frozenset()
    assert signer_of(settings) is None
    assert settings.limits(7).owner_bytes == 7


def test_hosts_are_compared_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILEMANAGER_POINTER_HOSTS", "Files.Test, other.test:8443")

    assert PackagesSettings().hosts == {"files.test", "other.test:8443"}


@pytest.mark.parametrize("text", [PEM, PEM.replace("\n", "\\n")])
def test_a_key_may_be_written_in_one_line(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FILEMANAGER_STATEMENT_KEY", text)

    signer = signer_of(PackagesSettings())

    assert signer is not None
    assert signer.key.bytes == KEY.public_key().public_bytes_raw()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("FILEMANAGER_STATEMENT_KEY", "no key"),
        ("FILEMANAGER_MAX_PACKAGE_ITEMS", "0"),
        ("FILEMANAGER_HASH_WORKERS", "33"),
    ],
)
def test_what_cannot_be_used_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(ValueError) as refused:  # noqa: PT011  # pydantic's own kind of it
        PackagesSettings()

    assert "no key" not in str(refused.value)
