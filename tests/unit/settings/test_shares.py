"""Settings of shares."""

import json

import pytest

from filemanager.settings.reading import BadSettings, load

VARIABLE = "FILEMANAGER_DEFAULT_SHARES"
PACKAGE = "0" * 32


def test_default_shares_are_read_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps({"iris": {"package": PACKAGE, "version": 2}}))

    (share,) = (load().shares.default_shares or {}).items()

    assert (share[0], share[1].package, share[1].version) == ("iris", PACKAGE, 2)


@pytest.mark.parametrize(
    "given",
    [
        "iris",
        json.dumps({"Iris": {"package": PACKAGE}}),
        json.dumps({"iris": {"package": "../etc"}}),
        json.dumps({"iris": {"package": PACKAGE, "version": 0}}),
        json.dumps({"iris": {"package": PACKAGE, "password": "secret"}}),
    ],
)
def test_what_is_wrong_stops_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(VARIABLE, given)

    with pytest.raises(BadSettings) as refused:
        load()
    assert "secret" not in str(refused.value)
