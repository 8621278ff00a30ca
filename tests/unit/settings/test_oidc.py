"""Settings of signing in by an identity provider."""

import json
from pathlib import Path

import pytest

from filemanager.domain.caller import GrantedScope, Scope
from filemanager.settings.reading import BadSettings, load

PREFIX = "FILEMANAGER_OIDC_"


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}ISSUER", "https://id.example/realm")
    monkeypatch.setenv(f"{PREFIX}CLIENT_ID", "filemanager")


def test_scopes_are_plain_for_a_resource_or_for_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"{PREFIX}SCOPES", "upload:read upload:read:17")
    monkeypatch.setenv(f"{PREFIX}GROUPS", json.dumps({"staff": "upload:read:*"}))

    given = load().oidc

    assert given.scopes == frozenset({GrantedScope(Scope.READ), GrantedScope(Scope.READ, "17")})
    assert given.by_group == {"staff": {GrantedScope(Scope.READ, "*")}}


def test_no_scopes_are_not_those_of_an_author(monkeypatch: pytest.MonkeyPatch) -> None:
    unset = load().oidc.scopes
    monkeypatch.setenv(f"{PREFIX}SCOPES", "")

    assert (unset, load().oidc.scopes) == (None, frozenset())


def test_the_secret_may_lie_in_a_file_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("s3cr3t\n")
    monkeypatch.setenv(f"{PREFIX}CLIENT_SECRET_FILE", str(tmp_path / "secret"))

    given = load().oidc

    assert given.oidc_client_secret is not None
    assert given.oidc_client_secret.get_secret_value() == "s3cr3t"
    assert "s3cr3t" not in repr(given)


@pytest.mark.parametrize("issuer", ["http://localhost:8080", "http://127.0.0.1:9", "http://[::1]"])
def test_a_provider_on_this_machine_needs_no_tls(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}ISSUER", issuer)

    assert load().oidc.oidc_issuer == issuer


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("ISSUER", "http://id.example"),
        ("ISSUER", "http://localhost.evil.example"),
        ("ISSUER", "https://id.example?a=b"),
        ("ISSUER", "id.example"),
        ("CLIENT_ID", ""),
        ("CLIENT_SECRET", ""),
        ("NAME", "local"),
        ("NAME", "guest"),
        ("NAME", "rws"),
        ("NAME", "a:b"),
        ("NAME", ""),
        ("SCOPES", "upload:reed"),
        ("SCOPES", "upload"),
        ("GROUPS", "staff"),
        ("GROUPS", '{"staff": "upload:reed"}'),
        ("GROUPS", '{"staff": ["upload:read"]}'),
    ],
)
def test_what_is_wrong_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", given)

    with pytest.raises(BadSettings, match=f"{PREFIX}{name}"):
        load()


@pytest.mark.parametrize("missing", ["ISSUER", "CLIENT_ID"])
def test_issuer_and_client_are_set_together(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(f"{PREFIX}{missing}")

    with pytest.raises(BadSettings, match="both or neither"):
        load()
