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


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://content.example", "https://content.example"),
        ("HTTPS://Content.Example:443/", "https://content.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_a_content_origin_is_kept_as_browsers_write_it(
    monkeypatch: pytest.MonkeyPatch, given: str, origin: str
) -> None:
    monkeypatch.setenv("FILEMANAGER_CONTENT_ORIGIN", given)

    assert load().pages.content_origin == origin


@pytest.mark.parametrize(
    "given",
    [
        "content.example",
        "ftp://content.example",
        "https://content.example/c",
        "https://content.example/?a",
        "https://content.example#a",
        "https://me@content.example",
        "https://content.example; script-src *",
        "https://content.example\nx",
        "https://*.example",
        "https://[::1]",
        "https://content.example.",
        "https://content.example:x",
        "https://content.example:65536",
        "https://",
        "",
    ],
)
def test_a_content_origin_that_is_none_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("FILEMANAGER_CONTENT_ORIGIN", given)

    with pytest.raises(BadSettings, match="FILEMANAGER_CONTENT_ORIGIN"):
        load()


@pytest.mark.parametrize(
    ("public", "content", "why"),
    [
        ("https://files.example/fm", "https://files.example", "as if it were ours"),
        ("https://Files.example:443", "https://files.example", "as if it were ours"),
        ("http://files.example", "https://files.example", "as if it were ours"),
        ("https://files.example", "http://content.example", "must begin with https://"),
    ],
    ids=["path", "port", "scheme", "without-tls"],
)
def test_content_is_shown_apart_from_pages(
    monkeypatch: pytest.MonkeyPatch, public: str, content: str, why: str
) -> None:
    monkeypatch.setenv("FILEMANAGER_PUBLIC_URL", public)
    monkeypatch.setenv("FILEMANAGER_CONTENT_ORIGIN", content)

    with pytest.raises(BadSettings, match=why):
        load()


@pytest.mark.parametrize("public", ["https://files.example", "https://content.example:8443", None])
def test_a_host_or_a_port_of_its_own_is_apart(
    monkeypatch: pytest.MonkeyPatch, public: str | None
) -> None:
    if public is not None:
        monkeypatch.setenv("FILEMANAGER_PUBLIC_URL", public)
    monkeypatch.setenv("FILEMANAGER_CONTENT_ORIGIN", "https://content.example")

    assert load().pages.content_origin == "https://content.example"


@pytest.mark.parametrize("prefix", ["/c", "/c/bucket"])
def test_no_door_lies_where_content_is_shown(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("BUCKET_PREFIX", prefix)

    with pytest.raises(BadSettings, match="the content origin alone answers"):
        load()
