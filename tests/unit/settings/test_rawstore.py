"""The rawstore door's settings, and what is made of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr, ValidationError

from filemanager.domain.blobs.named_objects import PostTerms
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.factory.stores.raw_objects import raw_forms, raw_objects
from filemanager.services.rawstore.settling import SETTLE
from filemanager.settings.rawstore import RawstoreSettings
from filemanager.settings.reading import BadSettings, load
from filemanager.settings.service import Settings
from people.depositors import PUBLIC_PEM, door_settings

CURVE_PEM = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)

TERMS = PostTerms(
    key="alice/f.csv", size_bytes=8, md5="0f" * 16, media_type="text/csv", is_public=False
)


def read(**variables: str) -> RawstoreSettings:
    return RawstoreSettings.model_validate(variables)


@pytest.mark.parametrize(
    "name", ["FILEMANAGER_SERVICE_NAME", "SERVICE_NAME", "DATAHUB_SERVICE_NAME"]
)
def test_the_door_has_three_names_for_its_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "bits")

    assert load().rawstore.service_name == "bits"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVICE_NAME", ""),
        ("SERVICE_NAME", "a/b"),
        ("SERVICE_NAME", "filemanager"),
        ("SERVICE_NAME", ".."),
        ("AUTH_SERVER", "file:///etc/passwd"),
        ("DATAHUB_PUBLIC_KEY", "x"),
        ("DATAHUB_PUBLIC_KEY", CURVE_PEM),
        ("STORAGE_PATH_PATTERN", "{tenant}"),
        ("STORAGE_PATH_PATTERN", "{owner"),
        ("STORAGE_BUCKET_NAME", "a/b"),
        ("RAWSTORE_DEFAULT_MB", "-1"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/"),
    ],
)
def test_what_cannot_work_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings) as told:
        load()

    assert len(str(told.value).splitlines()) == 1


def test_a_key_may_be_written_in_one_line() -> None:
    in_one_line = PUBLIC_PEM.decode().replace("\n", "\\n")

    key = read(DATAHUB_PUBLIC_KEY=in_one_line).datahub_public_key

    assert key == SecretStr(PUBLIC_PEM.decode())


def test_there_is_no_key_by_default() -> None:
    assert read().datahub_public_key is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("s3.example.org", "https://s3.example.org"), ("http://127.0.0.1:9", "http://127.0.0.1:9")],
)
def test_a_host_is_asked_under_https(given: str, wanted: str) -> None:
    assert read(STORAGE_HOSTNAME=given).endpoint == wanted


def test_origins_are_a_list() -> None:
    both = "https://a.example,http://localhost:3000"

    assert read(CORS_ORIGINS=both).origins == ("https://a.example", "http://localhost:3000")
    assert read().origins == ()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        read().service_name = "other"  # type: ignore[misc]  # that is what is tried


def core(tmp_path: Path, **variables: str) -> Settings:
    return Settings(
        data_dir=tmp_path,
        s3_bucket="core",
        s3_prefix="shared/",
        s3_endpoint="http://127.0.0.1:9",
        s3_access_key=SecretStr("a"),
        s3_secret_key=SecretStr("b"),
        rawstore=door_settings(**variables)["rawstore"],
    )


def test_without_a_bucket_of_its_own_it_has_a_prefix_in_that_of_the_blobs(tmp_path: Path) -> None:
    objects = raw_objects(core(tmp_path), clock)

    assert objects.bucket == "core"
    assert objects.url_prefixes()[-1] == "http://127.0.0.1:9/core/shared/rawstore/"


def test_a_bucket_of_its_own_has_no_prefix(tmp_path: Path) -> None:
    settings = core(tmp_path, STORAGE_BUCKET_NAME="bits", S3_ENDPOINT_URL="http://127.0.0.1:8")

    objects = raw_objects(settings, clock)
    form = raw_forms(settings, objects, clock).form(TERMS, timedelta(hours=1))

    assert objects.url_prefixes()[-1] == "http://127.0.0.1:8/bits/"
    assert (form.url, form.fields["key"]) == ("http://127.0.0.1:8/bits", "alice/f.csv")


def test_signatures_are_for_the_address_that_clients_know(tmp_path: Path) -> None:
    settings = core(tmp_path, storage_public_url="https://files.example.org")

    objects = raw_objects(settings, clock)
    form = raw_forms(settings, objects, clock).form(TERMS, timedelta(hours=1))

    assert objects.url_prefixes()[-1].startswith("https://files.example.org/core/")
    assert form.url == "https://files.example.org/core"
    assert form.fields["key"] == "shared/rawstore/alice/f.csv"


def test_a_key_of_the_auth_server_is_enough_to_serve(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path, rawstore=door_settings()["rawstore"]).has_key
    assert read(AUTH_SERVER="https://auth.example.org").has_key
    assert not Settings(data_dir=tmp_path).has_key


def test_its_tasks_have_a_handler(tmp_path: Path) -> None:
    made = parts_of(Settings(data_dir=tmp_path))

    assert SETTLE in handlers_of(doors_of(core_of(made)))
