"""Places of sources as people tell them."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from builders.source_values import BUCKET
from filemanager.domain.errors import Malformed
from filemanager.domain.sources.addresses import ListedHosts
from filemanager.domain.sources.errors import EndpointRefused
from filemanager.domain.sources.places import (
    bucket_place_from,
    directory_place_from,
    listed_place_from,
)
from filemanager.domain.sources.source import DirectoryPlace

TOLD = replace(BUCKET, endpoint="https://Objects.test:443/", public_endpoint="")
ALLOWED = (PurePosixPath("/srv/data"), PurePosixPath("/mnt"))


def test_endpoints_come_in_one_form_and_the_public_one_is_the_other_unless_told() -> None:
    place = bucket_place_from(TOLD, ListedHosts())

    assert place == BUCKET
    told = replace(TOLD, public_endpoint="https://Files.test")
    assert bucket_place_from(told, ListedHosts()).public_endpoint == "https://files.test"


@pytest.mark.parametrize(
    "told",
    [
        {"bucket": ""},
        {"bucket": "."},
        {"bucket": "../other"},
        {"bucket": "a/b"},
        {"bucket": "a?versions"},
        {"bucket": "b" * 256},
        {"prefix": "p" * 1025},
        {"prefix": "\u00fc" * 513},
        {"prefix": "a\0"},
        {"region": ""},
        {"region": "eu west"},
        {"region": "eu/s3"},
        {"endpoint": "http://objects.test"},
        {"public_endpoint": "http://files.test"},
        {"endpoint": "https://objects.test/x"},
    ],
)
def test_what_names_no_bucket_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        bucket_place_from(replace(TOLD, **told), ListedHosts())


def test_whoever_is_not_the_operator_names_listed_hosts_alone() -> None:
    listed = ListedHosts.parse("objects.test,other.test:8000")

    assert listed_place_from(TOLD, listed) == BUCKET
    with pytest.raises(EndpointRefused):
        listed_place_from(replace(TOLD, endpoint="https://other.test"), listed)
    with pytest.raises(EndpointRefused):
        listed_place_from(TOLD, ListedHosts())


def test_what_clients_are_sent_to_need_not_be_listed_but_is_no_private_address() -> None:
    listed = ListedHosts.parse("objects.test")

    told = replace(TOLD, public_endpoint="https://files.test")
    assert listed_place_from(told, listed).public_endpoint == "https://files.test"
    for public in ("http://files.test", "https://10.0.0.1", "https://169.254.169.254"):
        with pytest.raises(EndpointRefused):
            listed_place_from(replace(TOLD, public_endpoint=public), listed)


@pytest.mark.parametrize("path", ["/srv/data", "/srv/data/", "/srv/data/a b/\u00fc", "/mnt/x"])
def test_directories_lie_below_those_that_are_allowed(path: str) -> None:
    assert directory_place_from(path, ALLOWED) == DirectoryPlace(path=path.rstrip("/"))


@pytest.mark.parametrize(
    "path", ["", "srv/data", "/", "/srv", "/srv/database", "/srv/data/../x", "/mnt/..", "//mnt/x"]
)
def test_other_directories_are_refused(path: str) -> None:
    with pytest.raises(Malformed):
        directory_place_from(path, ALLOWED)
    with pytest.raises(Malformed):
        directory_place_from("/srv/data", ())
