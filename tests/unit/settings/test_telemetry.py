"""Where spans are sent: an address, and the extra that sends them."""

import sys

import pytest

from filemanager.settings import reading as config
from filemanager.settings.reading import BadSettings

NAME = "OTEL_EXPORTER_OTLP_ENDPOINT"


def test_without_the_extra_an_endpoint_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "http://collector.test:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry", None)

    with pytest.raises(BadSettings, match=rf"{NAME}: .*filemanager\[telemetry\]"):
        config.load()


def test_an_endpoint_is_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "collector:4318")

    with pytest.raises(BadSettings, match=NAME):
        config.load()
