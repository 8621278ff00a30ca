"""Names of variables: mistyped ones stop the start, and each problem says which was set."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from filemanager.settings.reading import BadSettings, described, load, service_links
from filemanager.settings.service import Settings
from filemanager.settings.sources import FromEnvironment

OURS = sorted(
    one for row in described() for one in row[0].split(" or ") if one.startswith("FILEMANAGER_")
)


DOORS = [
    field.annotation
    for field in Settings.model_fields.values()
    if isinstance(field.annotation, type) and issubclass(field.annotation, FromEnvironment)
]


def refused(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    """The lines that are told."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as told:
        load()
    return str(told.value).splitlines()


def mistyped() -> Iterator[tuple[str, str]]:
    """A hundred names with a slip of a finger, and what was meant."""
    chance = random.Random(14)
    while True:
        meant = chance.choice(OURS)
        at = chance.randrange(len("FILEMANAGER_") + 1, len(meant))
        slip = chance.choice(
            (
                meant[:at] + meant[at + 1 :],
                meant[:at] + meant[at] + meant[at:],
                meant[: at - 1] + meant[at] + meant[at - 1] + meant[at + 1 :],
                meant[:at] + chance.choice("AEIOUSTX") + meant[at + 1 :],
            )
        )
        # Of names that differ in a number alone nobody can tell which was meant.
        if slip not in OURS and not meant[-1].isdigit():
            yield slip, meant


def test_a_mistyped_name_is_told_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slips = dict(slip for slip, _ in zip(mistyped(), range(100), strict=False))

    told = refused(monkeypatch, **dict.fromkeys(slips, "1"))

    assert set(told) >= {
        f"{slip}: no setting has this name; did you mean {meant}?" for slip, meant in slips.items()
    }


def test_a_name_that_is_like_none_is_told_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refused(monkeypatch, FILEMANAGER_QQQ="1")

    assert told == ["FILEMANAGER_QQQ: no setting has this name"]


@pytest.mark.parametrize("name", ["FILEMANAGER_URL", "FILEMANAGER_TOKEN", "FILEMANAGER_FIXTURES"])
def test_variables_of_the_client_are_known(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")

    load()


def test_what_kubernetes_sets_for_a_service_of_this_name_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links = {
        "FILEMANAGER_PORT": "tcp://192.0.2.1:80",
        "FILEMANAGER_PORT_80_TCP": "tcp://192.0.2.1:80",
        "FILEMANAGER_PORT_80_TCP_ADDR": "192.0.2.1",
        "FILEMANAGER_SERVICE_HOST": "192.0.2.1",
        "FILEMANAGER_SERVICE_PORT": "80",
        "FILEMANAGER_SERVICE_PORT_HTTP": "80",
    }
    for name, value in links.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", "8123")

    assert load().port == 8123
    assert service_links() == sorted(links)


def test_all_problems_are_told_by_the_names_that_were_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = refused(
        monkeypatch,
        FILEMANAGER_WORKERS="many",
        PORT="http",
        SQLALCHEMY_DATABASE_URI="mysq://root:hidden@localhost",
        FILEMANAGER_S3_ENDPOINT="storage.example.org",
        FILEMANAGER_SCRATCH_BYTES="12q",
        RWS_CREDENTIALS="{",
        JWT_SECRET_FILE=str(tmp_path / "missing"),
        FILEMANAGER_STOR="1",
    )

    assert {line.partition(":")[0] for line in told} == {
        "FILEMANAGER_WORKERS",
        "PORT",
        "SQLALCHEMY_DATABASE_URI",
        "FILEMANAGER_S3_ENDPOINT",
        "FILEMANAGER_SCRATCH_BYTES",
        "RWS_CREDENTIALS",
        "JWT_SECRET_FILE",
        "FILEMANAGER_STOR",
    }
    assert "hidden" not in "".join(told)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("JWT_PUBLIC_KEY", "hidden", "it is no public key of RSA, P-256 or Ed25519 in PEM"),
        ("JWT_PUBLIC_KEY", "", "it is no public key of RSA, P-256 or Ed25519 in PEM"),
        ("JWT_JWKS", "hidden", 'it is no JSON Web Key Set: {"keys": […]}'),
        ("JWT_JWKS", "[]", 'it is no JSON Web Key Set: {"keys": […]}'),
        ("JWT_JWKS", '{"keys": 1}', 'it is no JSON Web Key Set: {"keys": […]}'),
        ("JWT_JWKS", '{"keys": []}', 'it is no JSON Web Key Set: {"keys": […]}'),
        (
            "JWT_JWKS",
            '{"keys": [{"kty": "oct", "k": "aGlkZGVu", "alg": "HS256"}]}',
            "it has no public key of RSA, P-256 or Ed25519",
        ),
        (
            "FILEMANAGER_DATABASE_URL",
            "postgresql+asyncpg://me:hidden@db/files",
            "A database URL begins with sqlite:///, postgresql:// or mysql://.",
        ),
    ],
)
def test_what_no_token_could_be_verified_or_no_table_be_read_with_is_told(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(monkeypatch, **{name: value}) == [f"{name}: {words}"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("FILEMANAGER_BUCKET_PREFIX", "bucket", "a slash and some of A-Z"),
        ("FILEMANAGER_REPOSITORIES_PREFIX", "/a//b", "a slash and some of A-Z"),
        ("SERVICE_NAME", "raw store", "it must be some of A-Z"),
        ("AUTH_SERVER", "auth.example.org", "it must be a URL with http:// or https://"),
        ("FILEMANAGER_JWT_ISSUER", "a:b", "it must be a name without a colon"),
        ("FILEMANAGER_RAWSTORE_ISSUER", "", "it must be a name without a colon"),
        ("FILEMANAGER_JWT_AUDIENCE", "a, b", "it must be names with commas between them"),
        ("STORAGE_BUCKET_NAME", "A", "a bucket has 3 to 63 of a-z"),
        ("CORS_ORIGINS", "example.org", "it must be http:// or https:// and a host each"),
        ("FILEMANAGER_OIDC_NAME", "-", "it must be 1 to 64 of A-Z"),
    ],
)
def test_what_a_value_must_look_like_is_told_in_words(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (told,) = refused(monkeypatch, **{name: value})

    assert told.startswith(f"{name}: ")
    assert words in told


def test_no_setting_is_judged_by_a_pattern_that_would_be_shown() -> None:
    kinds: list[type[FromEnvironment]] = [Settings, *DOORS]
    fields = {name: field for kind in kinds for name, field in kind.model_fields.items()}

    assert len(fields) > 100
    assert [
        name
        for name, field in fields.items()
        for one in field.metadata
        if getattr(one, "pattern", None) is not None
    ] == []


def test_a_file_that_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe")

    (told,) = refused(monkeypatch, JWT_SECRET_FILE=str(tmp_path / "secret"))

    assert told.startswith("JWT_SECRET_FILE:")


@pytest.mark.parametrize(
    ("given", "size_bytes"),
    [("7", 7), ("1k", 1024), ("2 MB", 2 << 20), ("3GiB", 3 << 30), ("1tb", 1 << 40), ("9b", 9)],
)
def test_sizes_have_one_syntax(
    monkeypatch: pytest.MonkeyPatch, given: str, size_bytes: int
) -> None:
    monkeypatch.setenv("FILEMANAGER_MAX_REQUEST_BYTES", given)

    assert load().max_request_bytes == size_bytes


def test_a_file_of_variables_lies_beneath_those_that_are_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "settings"
    path.write_text('# of this node\nFILEMANAGER_WORKERS=3\nFILEMANAGER_HOST="192.0.2.7"\nPORT=1\n')
    monkeypatch.setenv("FILEMANAGER_ENV_FILE", str(path))
    monkeypatch.setenv("PORT", "8123")

    settings = load()

    assert (settings.workers, settings.host, settings.port) == (3, "192.0.2.7", 8123)


def test_a_mark_of_utf_8_is_no_part_of_a_name_or_of_a_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "settings").write_text("FILEMANAGER_WORKERS=7\n", "utf-8-sig")
    (tmp_path / "secret").write_text("a-secret-of-more-than-32-bytes-here\n", "utf-8-sig")
    monkeypatch.setenv("FILEMANAGER_ENV_FILE", str(tmp_path / "settings"))
    monkeypatch.setenv("JWT_SECRET_FILE", str(tmp_path / "secret"))

    settings = load()

    assert settings.workers == 7
    assert settings.jwt_secret is not None
    assert settings.jwt_secret.get_secret_value() == "a-secret-of-more-than-32-bytes-here"


def test_a_line_of_that_file_that_sets_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "settings"
    path.write_text("PORT=8123\nWORKERS 3\n")

    told = refused(monkeypatch, FILEMANAGER_ENV_FILE=str(path), FILEMANAGER_WORKERS="many")

    assert "FILEMANAGER_ENV_FILE: line 2 is no NAME=VALUE" in told
    assert len(told) == 2
