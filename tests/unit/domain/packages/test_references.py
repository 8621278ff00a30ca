"""Reference files: what is read of them, and what refuses one."""

import json

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.packages.errors import ReferenceRefused
from filemanager.domain.packages.references import (
    FILE_BYTES,
    LINE_BYTES,
    MOST,
    Reference,
    ReferencesTooLarge,
    references_of,
)

SHA256, MD5 = digest_of(b"x"), "9dd4e461268c8034f5c8564e155c67a6"


def of_json(*objects: object) -> list[Reference]:
    return references_of(json.dumps(objects).encode())


def test_each_line_is_a_path_or_a_url() -> None:
    found = references_of("\ufeffa/b ü.tif\r\n\n  https://x.test/c.tif \n".encode())

    assert [(one.line, one.path, one.where, one.is_url) for one in found] == [
        (1, "a/b ü.tif", "a/b ü.tif", False),
        (3, "x.test/c.tif", "https://x.test/c.tif", True),
    ]


@pytest.mark.parametrize("name", ["name", "filename"])
@pytest.mark.parametrize("url", ["url", "download_url", "link", "href"])
def test_the_words_of_the_original_are_understood(name: str, url: str) -> None:
    (found,) = of_json({name: "a", url: "https://x.test/b", "size": 3, "other": {}})

    assert (found.path, found.where, found.size_bytes) == ("a", "https://x.test/b", 3)


@pytest.mark.parametrize(
    ("told", "sha256", "md5"),
    [
        ({"sha256": SHA256.upper()}, SHA256, None),
        ({"checksum": f"sha256:{SHA256}"}, SHA256, None),
        ({"hash": SHA256, "md5": MD5}, SHA256, MD5),
        ({"checksum": MD5}, None, MD5),
        ({"computed_md5": MD5}, None, MD5),
        ({"hash": "sha1:0123"}, None, None),
        ({"checksum": "z" * 64}, None, None),
    ],
)
def test_a_digest_is_told_by_its_length(
    told: dict[str, object], sha256: str | None, md5: str | None
) -> None:
    (found,) = of_json({"url": "https://x.test/a", **told})

    assert (found.sha256, found.md5) == (sha256, md5)


def test_without_a_name_the_text_behind_the_scheme_is_one() -> None:
    (found,) = of_json({"url": "https://x.test/a"})

    assert found.path == "x.test/a"


@pytest.mark.parametrize(
    "second",
    [
        {"url": "https://x.test/a", "name": "../a"},
        {"url": "https://x.test/a", "name": "/a"},
        {"url": "https://x.test/a", "name": "a\u0000"},
        {"url": "https://x.test/a", "name": 7},
        {"url": "a\ud800", "name": "a"},
        {"url": "a\u0000", "name": "a"},
        {"url": "https://x.test/a", "name": "a\udfff"},
        {"url": "https://x.test/a", "size": -1},
        {"url": "https://x.test/a", "size": True},
        {"url": "https://x.test/a", "size": "3"},
        {"url": "https://x.test/a", "size": 2**63},
        {"url": "https://x.test/a", "md5": []},
        {"url": "https://x.test/../a"},
        {"url": ["https://x.test/a"]},
        {"name": "a"},
        "https://x.test/a",
        None,
    ],
)
def test_what_does_not_fit_is_told_by_its_number(second: object) -> None:
    with pytest.raises(ReferenceRefused) as refused:
        of_json({"url": "https://x.test/first"}, second)

    assert refused.value.line == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"a\n../b", 2),
        (b"a\nb\n/etc/passwd", 3),
        (b"a\nb\x07c", 2),
        (b"a\nb\xff", 2),
        (b"[\n{]", 2),
        (b"[" * 100_000, 1),
        (b"[7]", 1),
    ],
)
def test_a_line_that_is_none_refuses_the_file(text: bytes, line: int) -> None:
    with pytest.raises(ReferenceRefused) as refused:
        references_of(text)

    assert refused.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        b" " * (FILE_BYTES + 1),
        b"a" * (LINE_BYTES + 1),
        b"a\n" * (MOST + 1),
        b"[" + b"{}," * (4 * MOST) + b"{}]",
    ],
)
def test_sizes_have_an_end(text: bytes) -> None:
    with pytest.raises(ReferencesTooLarge):
        references_of(text)


def test_a_text_of_json_has_an_end_too() -> None:
    with pytest.raises(ReferenceRefused):
        of_json({"url": "https://x.test/" + "a" * LINE_BYTES})
