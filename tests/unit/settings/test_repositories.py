"""The repositories door's settings: the environment, the file, and which of the two holds."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs
from werkzeug.security import generate_password_hash

from builders.keys import a_certifying_key, a_key, a_revoked_key, an_expired_key
from filemanager.commands.setup import prepare, tell_what_is_open
from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.settings.reading import BadSettings, load
from filemanager.settings.repositories import RepositoriesSettings

PROJECT = Path(__file__).parents[3]
HASH = generate_password_hash("secret", "pbkdf2:sha256:1")
MODEL: dict[str, Any] = {
    "supported_repos": {
        "repo_kind": ["live", "release"],
        "tarantool_series": ["2.8", "modules"],
        "enabled": ["2.8"],
        "distrs": {
            "ubuntu": {"base": "deb", "versions": ["focal"]},
            "el": {"base": "rpm", "versions": ["8", "9"]},
        },
    }
}
ANCHORS = {"everywhere": ["live/2.8/", "release/modules"]}


@pytest.fixture(autouse=True)
def _unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are the matter of a few tests alone."""
    monkeypatch.setenv("REPOSITORIES_UNSIGNED", "true")


def read(**variables: object) -> RepositoriesSettings:
    return RepositoriesSettings.model_validate({"REPOSITORIES_UNSIGNED": True, **variables})


def a_file(**model: object) -> dict[str, Any]:
    return {"model": {**MODEL, **model}, "anchors": ANCHORS}


def a_visible_file(visibility: object) -> dict[str, Any]:
    return a_file(supported_repos={**MODEL["supported_repos"], "visibility": visibility})


def refused(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """What is said of settings with which nothing starts."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as told:
        load()
    return str(told.value)


def refused_file(monkeypatch: pytest.MonkeyPatch, path: Path, said: object) -> str:
    path.write_text(json.dumps(said))
    return refused(monkeypatch, RWS_CFG=str(path))


def test_without_a_file_there_are_no_repositories() -> None:
    assert load().repositories.catalogue == Catalogue()
    assert load().repositories.repositories_prefix == "/repositories"


def test_the_file_says_which_repositories_there_are(tmp_path: Path) -> None:
    (tmp_path / "rws.json").write_text(json.dumps(a_file()))

    catalogue = read(RWS_CFG=str(tmp_path / "rws.json")).catalogue

    assert len(list(catalogue.addresses())) == 12
    assert [str(one) for one in catalogue.targets("everywhere/el/9")] == [
        "live/2.8/el/9",
        "release/modules/el/9",
    ]
    assert [str(one) for one in catalogue.targets("live/enabled/ubuntu/focal")] == [
        "live/2.8/ubuntu/focal"
    ]


def test_the_file_beside_the_program_is_the_originals() -> None:
    catalogue = read(RWS_CFG=str(PROJECT / "config.default")).catalogue

    assert len(list(catalogue.addresses())) == 1764
    assert len(catalogue.targets("tarantool-modules/ubuntu/jammy")) == 21


@pytest.mark.parametrize("variable", ["RWS_CFG", "FILEMANAGER_RWS_CFG"])
def test_a_file_that_is_not_there_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    told = refused(monkeypatch, **{variable: "/nowhere/rws.json"})

    assert told.startswith(f"{variable}: Configuration file does not exist. ")


def test_a_file_that_is_no_json_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rws.json").write_text("{")

    assert "it is no JSON" in refused(monkeypatch, RWS_CFG=str(tmp_path / "rws.json"))


@pytest.mark.parametrize(
    "name", ["api", "mirrorlist", "incoming", "static", "index", "KEY.asc", "@1", "a/b", "", ".."]
)
def test_kinds_and_anchors_leave_the_doors_own_names_free(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    kinds = {"supported_repos": {**MODEL["supported_repos"], "repo_kind": ["live", name]}}
    anchored = {"model": MODEL, "anchors": {name: ["live/2.8"]}}

    for said, place in ((a_file(**kinds), "repo_kind.1"), (anchored, "anchors")):
        told = refused_file(monkeypatch, tmp_path / "rws.json", said)
        assert place in told
        assert len(told.splitlines()) == 1


@pytest.mark.parametrize("version", ["dists", "pool"])
def test_versions_leave_the_directories_of_apt_free(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str
) -> None:
    distrs = {"debian": {"base": "deb", "versions": ["bookworm", version]}}
    said = {"model": {"supported_repos": {"distrs": distrs}}}

    told = refused_file(monkeypatch, tmp_path / "rws.json", said)

    assert "distrs.debian.versions.1" in told


@pytest.mark.parametrize(
    "said",
    [
        {"model": {"supported_repos": {"distrs": {"debian": {"base": "apk", "versions": []}}}}},
        {"model": {"supported_repos": {"distrs": {"debian": {"base": "deb"}}}}},
        {"model": {"supported_repos": {"repo_kind": "live"}}},
        {"anchors": {"a": "live/2.8"}},
        {"anchors": {"a": ["live/../x"]}},
        [],
    ],
)
def test_a_file_of_another_shape_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: object
) -> None:
    told = refused_file(monkeypatch, tmp_path / "rws.json", said)

    assert told.startswith("RWS_CFG")


@pytest.mark.parametrize("name", ["bucket", "uploads", "docs", "rawstore", "drop"])
def test_at_the_root_kinds_leave_the_names_of_other_doors_free(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("BUCKET_PREFIX", "/drop/box")
    path = tmp_path / "rws.json"
    path.write_text(json.dumps({"model": {"supported_repos": {"repo_kind": [name]}}}))
    monkeypatch.setenv("RWS_CFG", str(path))
    load()

    told = refused(monkeypatch, REPOSITORIES_PREFIX="")

    assert f"can begin with {name}" in told


@pytest.mark.parametrize("prefix", ["/uploads", "/rawstore/x", "/docs"])
def test_the_prefix_is_no_other_doors(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    first = prefix.split("/")[1]

    assert f"can begin with {first}" in refused(monkeypatch, REPOSITORIES_PREFIX=prefix)


def test_the_environment_overrides_the_file() -> None:
    told = a_file(
        endpoint_url="http://file", region="file", bucket_name="file", base_path="/file/",
        access_key_id="file", secret_access_key="file", public_read=True, force_sync=True,
    )  # fmt: skip

    of_file = read(RWS_CFG=told)
    both = read(
        RWS_CFG=told, S3_URL="http://env", S3_REGION="env", S3_BUCKET="env", S3_BASE_PATH="env",
        S3_ACCESS_KEY="env", S3_SECRET_KEY="env", S3_PUBLIC_READ="0", RWS_FORCE_SYNC="False",
    )  # fmt: skip

    for settings, word in ((of_file, "file"), (both, "env")):
        bucket = settings.public_bucket
        assert bucket is not None
        assert (bucket.name, bucket.endpoint) == (word, f"http://{word}")
        assert (bucket.region, bucket.base_path) == (word, word)
        assert {bucket.access_key, bucket.secret_key} == {SecretStr(word)}
        assert (bucket.sends_acl, settings.syncs_on_start) == (word == "file", word == "file")


def test_an_empty_variable_is_none() -> None:
    settings = read(
        RWS_CFG=a_file(bucket_name="file", force_sync=True), S3_BUCKET="", RWS_FORCE_SYNC="",
        RWS_CREDENTIALS="", GPG_SIGN_KEY_ARMORED="", REPOSITORIES_HISTORY_DAYS="",
        REPOSITORIES_ORIGIN="",
    )  # fmt: skip

    assert settings.public_bucket is not None
    assert settings.public_bucket.name == "file"
    assert settings.syncs_on_start
    assert settings.repositories_history_days == 30
    assert settings.repositories_origin == "filemanager"
    assert read(RWS_CFG="").catalogue == Catalogue()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0", False), ("False", False), ("FALSE", False), ("no", True), ("1", True), ("x", True)],
)
def test_whatever_is_not_false_is_true(text: str, wanted: bool) -> None:
    assert read(RWS_FORCE_SYNC=text).syncs_on_start is wanted


def test_without_a_bucket_clients_read_what_we_send() -> None:
    assert read().public_bucket is None
    assert read(REPOSITORIES_BUCKET="true").public_bucket is not None


def test_a_bucket_that_is_asked_for_and_is_nowhere_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "name it by S3_BUCKET" in refused(monkeypatch, REPOSITORIES_BUCKET="true")

    monkeypatch.setenv("FILEMANAGER_S3_BUCKET", "store")
    assert load().repositories.public_bucket is not None


def test_readers_are_sent_to_no_store_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refused(monkeypatch, REPOSITORIES_REDIRECT="true", S3_BUCKET="rws")

    assert "name one by FILEMANAGER_S3_BUCKET" in told

    monkeypatch.setenv("FILEMANAGER_S3_BUCKET", "store")
    assert load().repositories.repositories_redirect


def test_credentials_are_those_of_the_environment_or_of_the_file() -> None:
    of_file = {"common": {"credentials": {"rws": HASH}, "sync_on_start": True}}

    assert read(RWS_CFG=of_file).users.keys() == {"rws"}
    assert read(RWS_CFG=of_file).syncs_on_start
    both = read(RWS_CFG=of_file, RWS_CREDENTIALS=json.dumps({"ci": HASH}))
    assert both.users.keys() == {"ci"}
    assert both.users["ci"].password == SecretStr(HASH)


def test_passwords_are_enough_to_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load().has_key
    monkeypatch.setenv("RWS_CREDENTIALS", json.dumps({"rws": HASH}))

    assert load().has_key


@pytest.mark.parametrize(
    "said",
    ["{", "[]", '{"": "x"}', '{"a": ""}', '{"a:b": "x"}', '{"a": 1}', '{"a": "sha256$salt$00"}',
     '{"a": "pbkdf2:nothing:1$salt$00"}', '{"a": "$2b$12$abc"}'],
)  # fmt: skip
def test_credentials_that_nobody_could_use_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    told = refused(monkeypatch, RWS_CREDENTIALS=said)

    assert told.startswith("RWS_CREDENTIALS")
    assert "salt" not in told


def test_users_read_and_publish_everywhere_unless_a_rule_says_less() -> None:
    rules = {
        "ci": {"publish": ["live/", "release/2.8"], "read": [""]},
        "boss": {"admin": True},
        "nobody": {},
    }
    people = dict.fromkeys(("ci", "boss", "nobody", "rws"), HASH)

    users = read(RWS_CREDENTIALS=people, REPOSITORIES_USERS=json.dumps(rules)).users

    publish, everything = Scope.REPOSITORY_PUBLISH, GrantedScope(Scope.REPOSITORY_READ)
    assert users["ci"].granted == {
        GrantedScope(publish, "live"),
        GrantedScope(publish, "release/2.8"),
        everything,
    }
    assert users["boss"].granted == {GrantedScope(Scope.REPOSITORY_ADMIN)}
    assert users["nobody"].granted == frozenset()
    assert users["rws"].granted == {GrantedScope(publish), everything}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ('{"eve": {}}', "eve"),
        ('{"rws": {"write": [""]}}', "write"),
        ('{"rws": {"publish": ["../x"]}}', "publish"),
        ("nonsense", "JSON"),
    ],
)
def test_rules_that_make_no_sense_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, rules: str, words: str
) -> None:
    people = json.dumps({"rws": HASH})

    told = refused(monkeypatch, RWS_CREDENTIALS=people, REPOSITORIES_USERS=rules)

    assert words in told


@pytest.mark.parametrize(
    ("visibility", "count"),
    [
        ({}, 0),
        ({"live/2.8/": "private"}, 3),
        ({"/live/2.8/el/8": "private"}, 1),
        ({"release": "private", "live/modules": "private"}, 9),
        ({"": "private"}, 12),
        ({"": "private", "live": "public", "live/2.8": "private"}, 9),
        ({"live": "public"}, 0),
    ],
)
def test_the_longest_beginning_says_what_is_private(visibility: dict[str, str], count: int) -> None:
    catalogue = read(RWS_CFG=a_visible_file(visibility)).catalogue

    found = list(catalogue.private_addresses())

    assert len(found) == count
    assert all(catalogue.find(one.path).is_private for one in found)


@pytest.mark.parametrize(
    ("visibility", "words"),
    [
        ({"live/2.": "private"}, "no repository begins with 'live/2./'"),
        ({"live/2.8/ubuntu/focal/dists": "private"}, "no repository begins with"),
        ({"../x": "private"}, "a name is"),
        ({"live": "secret"}, "'public' or 'private'"),
        ("private", "supported_repos.visibility"),
    ],
)
def test_a_visibility_of_nothing_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, visibility: object, words: str
) -> None:
    told = refused_file(monkeypatch, tmp_path / "rws.json", a_visible_file(visibility))

    assert words in told


def test_a_password_itself_is_taken_and_told_and_refused_where_the_service_is_strict(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RWS_CREDENTIALS", '{"user": "password"}')
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path / "data"))

    prepare(load())
    with capture_logs() as told_now:
        tell_what_is_open(load())
    told = refused(monkeypatch, FILEMANAGER_STRICT="true")

    assert [one["event"] for one in told_now] == ["plain_password"]
    assert "RWS_CREDENTIALS has a password itself" in told
    assert "user" not in told


def test_keys_may_be_several_and_written_in_one_line() -> None:
    keys = str(a_key("old")), str(a_key("new"))

    settings = read(GPG_SIGN_KEY_ARMORED="\n".join(keys))
    in_one_line = read(GPG_SIGN_KEY_ARMORED="\n".join(keys).replace("\n", "\\n"))

    assert settings.signing_keys == tuple(key.strip() for key in keys)
    assert in_one_line.signing_keys == settings.signing_keys
    assert settings.modules_signing_keys == settings.signing_keys


def test_modules_may_have_a_key_of_their_own() -> None:
    settings = read(
        GPG_SIGN_KEY_ARMORED=str(a_key("all")), GPG_MODULES_SIGN_KEY_ARMORED=str(a_key("modules"))
    )

    assert settings.signing_keys == (str(a_key("all")).strip(),)
    assert settings.modules_signing_keys == (str(a_key("modules")).strip(),)


@pytest.mark.parametrize("variable", ["GPG_SIGN_KEY_ARMORED", "GPG_MODULES_SIGN_KEY_ARMORED"])
@pytest.mark.parametrize(
    ("armored", "why"),
    [
        ("a key", "no key as"),
        (str(a_key().extract_certificate()), "no key as"),
        (str(a_key()).replace("PUBLIC", "PRIVATE")[:300], "no key as"),
        (str(a_certifying_key()), "has no part that may sign"),
        (str(a_revoked_key()), "is revoked"),
        (str(an_expired_key()), "has expired on"),
        (str(a_key("first")) + str(a_revoked_key()), "is revoked"),
    ],
)
def test_a_key_that_cannot_sign_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, variable: str, armored: str, why: str
) -> None:
    told = refused(monkeypatch, **{variable: armored})

    assert told.startswith(variable)
    assert why in told
    assert "PRIVATE KEY BLOCK" not in told


def test_repositories_are_unsigned_only_where_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = a_file(gpg_sign_key="0123456789ABCDEF")
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "rws.json").write_text(json.dumps(said))
    monkeypatch.setenv("RWS_CFG", str(tmp_path / "rws.json"))

    prepare(load())
    with capture_logs() as told_now:
        tell_what_is_open(load())
    told = refused(monkeypatch, REPOSITORIES_UNSIGNED="no")

    assert [one["event"] for one in told_now] == ["unsigned_repositories"]
    assert "GPG_SIGN_KEY_ARMORED" in told
    assert "REPOSITORIES_UNSIGNED=true" in told
    assert "names a key, and does not hold it" in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPOSITORIES_PREFIX", "repositories"),
        ("REPOSITORIES_PREFIX", "/a/"),
        ("REPOSITORIES_MAX_PUSH_BYTES", "0"),
        ("REPOSITORIES_HISTORY_DAYS", "0"),
        ("REPOSITORIES_GRACE_HOURS", "0"),
        ("REPOSITORIES_VALID_DAYS", "0"),
        ("REPOSITORIES_ORIGIN", "a\nSuite: b"),
        ("REPOSITORIES_ARCHITECTURES", "amd64,arm64"),
    ],
)
def test_what_makes_no_sense_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert name in refused(monkeypatch, **{name: value})


def test_keys_of_changes_may_be_written_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    armored = str(a_key().extract_certificate())
    monkeypatch.setenv("REPOSITORIES_CHANGES_KEYS", armored.replace("\n", "\\n"))

    assert RepositoriesSettings().repositories_changes_keys == armored


@pytest.mark.parametrize("armored", ["nonsense", "-----BEGIN PGP PUBLIC KEY BLOCK-----"])
def test_what_is_no_key_of_changes_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, armored: str
) -> None:
    monkeypatch.setenv("REPOSITORIES_CHANGES_KEYS", armored)

    with pytest.raises(BadSettings, match="REPOSITORIES_CHANGES_KEYS"):
        load()
