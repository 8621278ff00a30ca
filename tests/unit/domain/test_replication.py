"""Replica patterns and names."""

from datetime import UTC, datetime

import pytest

from filemanager.domain.bucket.replication import ReplicaName, ReplicaPattern, safe_name

AT = datetime(2026, 11, 21, 1, 47, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "safe"),
    [
        ("a.txt", "a.txt"), ("../../x", "x"), ("a/b", "a_b"), ("a b\tc", "a_b_c"), ("é", "e"),
        ("..", ""), ("", ""), ("_x_", "x"), ("日本", ""), ("a\0b", "ab"), ("a\\b", "a_b"),
        (".hidden", "hidden"), ("${HOME}", "HOME"), ("a\nb", "a_b"),
    ],
)  # fmt: skip
def test_a_safe_name_is_one_segment_of_plain_characters(sent: str, safe: str) -> None:
    assert safe_name(sent) == safe


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("user/${Username}/${Topic}", ("username", "topic")),
        ("${X-BUILD}", ("x-build",)),
        ("a/b/c/${U1}", ("u1",)),
    ],
)
def test_a_pattern_names_its_headers(text: str, headers: tuple[str, ...]) -> None:
    assert ReplicaPattern.parse(text, is_upper=False).headers == headers


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a/b", "${}", "${U}", "${1a}", "../${User}", "a-b/${User}", "a/${User}x", "/${Us}",
        "u/${Cookie}", "u/${Authorization}",
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="segment"):
        ReplicaPattern.parse(text, is_upper=False)


def test_labels_fill_a_pattern_or_are_told_to_lack() -> None:
    pattern = ReplicaPattern.parse("user/${Username}/${Topic}", is_upper=True)

    assert pattern.lacking({"username": "bob", "topic": ".."}) == ("topic",)
    assert pattern.lacking({}) == ("username", "topic")
    assert pattern.directory({"username": "bob", "topic": "a/b"}) == "USER/bob/a_b"


@pytest.mark.parametrize(
    ("path", "is_directory", "numbered", "latest"),
    [
        ("a.txt", False, "t/a.20261121.0147.0.txt", "t/a.latest.txt"),
        ("a", False, "t/a.20261121.0147.0", "t/a.latest"),
        ("d.tgz", True, "t/d.20261121.0147.0", "t/d.tgz.latest"),
        ("d.tar.gz", True, "t/d.tar.20261121.0147.0", "t/d.tar.gz.latest"),
        ("x/../y/a b.txt", False, "t/x/y/a_b.20261121.0147.0.txt", "t/x/y/a_b.latest.txt"),
        ("日本", False, "t/file.20261121.0147.0", "t/file.latest"),
    ],
)
def test_names_are_the_originals(path: str, is_directory: bool, numbered: str, latest: str) -> None:
    name = ReplicaName.of("t", path, is_directory=is_directory)

    assert (name.numbered(AT, 0), name.latest) == (numbered, latest)
