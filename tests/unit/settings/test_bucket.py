"""The settings of the bucket: units, patterns, digests, and all problems at once."""

import pytest

from filemanager.domain.bucket.access import Access
from filemanager.settings import reading as config
from filemanager.settings.reading import BadSettings


def test_the_originals_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ARCHIVE_URI": "https://files.test",
        "CHECKSUM_TYPE": "SHA1",
        "CHECKSUM_ALSO": "md5, sha256,sha1",
        "MAX_CONTENT_LENGTH": "2gb",
        "REPLICATE_0": "user/${USERNAME}",
        "REPLICATE_9": "${X-Build}/x",
        "BUCKET_ANONYMOUS": "write",
    }.items():
        monkeypatch.setenv(name, value)

    bucket = config.load().bucket

    assert bucket.archive_uri == "https://files.test"
    assert (bucket.checksum_type, bucket.algorithms_also) == ("sha1", ("md5",))
    assert bucket.max_content_length == 2 << 30
    assert [one.headers for one in bucket.patterns] == [("username",), ("x-build",)]
    assert bucket.bucket_anonymous is Access.WRITE


@pytest.mark.parametrize(
    ("text", "size_bytes"), [("10", 10), ("32mb", 32 << 20), ("1KB", 1024), ("1gb", 1 << 30)]
)
def test_sizes_have_units(monkeypatch: pytest.MonkeyPatch, text: str, size_bytes: int) -> None:
    monkeypatch.setenv("MAX_CONTENT_LENGTH", text)

    assert config.load().bucket.max_content_length == size_bytes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_CONTENT_LENGTH", "1xb"),
        ("MAX_CONTENT_LENGTH", "-1"),
        ("MAX_CONTENT_LENGTH", "0"),
        ("CHECKSUM_TYPE", "nothing"),
        ("CHECKSUM_TYPE", "shake_128"),
        ("CHECKSUM_ALSO", "md5,nothing"),
        ("REPLICATE_0", "fixed/only"),
        ("REPLICATE_0", "user/${U}"),
        ("REPLICATE_0", "../${USER}"),
        ("REPLICATE_0", "user//${USER}"),
        ("REPLICATE_0", "${USER}/"),
        ("BUCKET_ANONYMOUS", "everything"),
        ("BUCKET_PREFIX", "no-slash"),
        ("BUCKET_PREFIX", "/closing/"),
    ],
)
def test_what_makes_no_sense_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings, match=name):
        config.load()


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKSUM_TYPE", "nothing")
    monkeypatch.setenv("PORT", "many")

    with pytest.raises(BadSettings) as bad:
        config.load()

    assert "CHECKSUM_TYPE" in str(bad.value)
    assert "PORT" in str(bad.value)
