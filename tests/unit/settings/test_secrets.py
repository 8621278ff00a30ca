"""Secrets that could be guessed are told, or refused."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from filemanager.commands.setup import prepare, tell_what_is_open
from filemanager.settings.reading import BadSettings, load


def told(monkeypatch: pytest.MonkeyPatch, secret: str, *, strict: bool = False) -> str:
    """What is said of settings that are refused."""
    monkeypatch.setenv("JWT_SECRET", secret)
    monkeypatch.setenv("FILEMANAGER_STRICT", str(strict))
    with pytest.raises(BadSettings) as refused:
        load()
    return str(refused.value)


def test_a_secret_of_seven_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    words = told(monkeypatch, "1234567")

    assert "shorter than 8 bytes; make one by: openssl rand -base64 32" in words
    assert "1234567" not in words


@pytest.mark.parametrize("secret", ["12345678", "é" * 15 + "x"])
def test_a_short_one_is_refused_where_the_service_is_strict(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    words = told(monkeypatch, secret, strict=True)

    assert "JWT_SECRET is shorter than 32 bytes" in words
    assert secret not in words


def test_a_short_one_is_told_once_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JWT_SECRET", "foosecret")
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path / "data"))

    prepare(load())
    with capture_logs() as told_now:
        tell_what_is_open(load())

    assert [one["event"] for one in told_now] == ["weak_secret"]
    assert "shorter than 32 bytes" in told_now[0]["detail"]
    assert "foosecret" not in str(told_now)


@pytest.mark.parametrize("secret", ["x" * 32, "é" * 16])
def test_a_good_one_starts_a_strict_service_without_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secret: str
) -> None:
    monkeypatch.setenv("JWT_SECRET", secret)
    monkeypatch.setenv("FILEMANAGER_STRICT", "true")
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path / "data"))

    prepare(load())
    with capture_logs() as told_now:
        tell_what_is_open(load())

    assert told_now == []
