"""Settings of the pages."""

import pytest

from filemanager.settings.reading import BadSettings, load


@pytest.mark.parametrize("issuer", ["FILEMANAGER_JWT_ISSUER", "FILEMANAGER_RAWSTORE_ISSUER"])
def test_the_local_user_is_nobody_whom_tokens_name(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    monkeypatch.setenv("FILEMANAGER_PASSWORD", "open sesame")
    monkeypatch.setenv(issuer, "local")

    with pytest.raises(BadSettings, match="would be the same person") as refused:
        load()

    assert "open sesame" not in str(refused.value)


@pytest.mark.parametrize("issuer", ["FILEMANAGER_JWT_ISSUER", "FILEMANAGER_RAWSTORE_ISSUER"])
def test_guests_are_nobody_whom_tokens_name(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setenv(issuer, "guest")

    with pytest.raises(BadSettings, match="would be the same person"):
        load()


@pytest.mark.parametrize("name", ["FILEMANAGER_PASSWORD", "PASSWORD"])
def test_the_password_has_two_names(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "open sesame")

    given = load().pages.password

    assert given is not None
    assert given.get_secret_value() == "open sesame"


def test_an_empty_password_is_none_that_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILEMANAGER_PASSWORD", "")

    with pytest.raises(BadSettings):
        load()
