"""What is as long as a limit is taken; what is one longer is not."""

import json
from dataclasses import replace

import pytest

from builders.source_values import BUCKET
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import MAX_ID
from filemanager.domain.packages.errors import ReferenceRefused
from filemanager.domain.packages.references import (
    FILE_BYTES,
    LINE_BYTES,
    MOST,
    ReferencesTooLarge,
    references_of,
)
from filemanager.domain.shares.visit import visit_named
from filemanager.domain.sources.addresses import ListedHosts, endpoint_from
from filemanager.domain.sources.errors import EndpointRefused
from filemanager.domain.sources.places import bucket_place_from
from filemanager.domain.sources.source import MAX_READERS, readers_from
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import MAX_PATH_BYTES, MAX_PATH_CHARACTERS, TreePath
from filemanager.domain.workspaces.log import escaped

# No segment holds more characters of four bytes.
WIDE = "\U00020000" * 63


@pytest.mark.parametrize(
    "longest",
    [
        "/".join(["a" * 99] * 7) + "b",
        "/".join([WIDE] * 10) + "/" + "\U00020000" * 17 + "ab",
    ],
)
def test_a_path_has_so_many_characters_and_bytes(longest: str) -> None:
    lengths = (len(longest), len(longest.encode()))
    assert lengths[0] == MAX_PATH_CHARACTERS or lengths[1] == MAX_PATH_BYTES

    assert TreePath.parse(longest) == longest
    with pytest.raises(PathRefused):
        TreePath.parse(longest + "b")


@pytest.mark.parametrize("unseen", ["a\u200bb", "a\u00a0b", "\u200b"])
def test_a_path_may_hold_what_is_not_seen_but_controls_nothing(unseen: str) -> None:
    assert TreePath.parse(unseen) == unseen
    with pytest.raises(PathRefused, match="control"):
        TreePath.parse("\x01")


def test_a_name_that_can_be_shown_is_shown_as_it_is() -> None:
    assert escaped("Größe 1.tex") == "Größe 1.tex"


def test_a_reference_file_has_so_many_bytes_and_lines() -> None:
    line = b"a" * (LINE_BYTES - 1)
    full = line + b"\n" * (FILE_BYTES - len(line))

    with pytest.raises(ReferenceRefused):
        references_of(full)
    with pytest.raises(ReferencesTooLarge):
        references_of(full + b"\n")
    assert len(references_of(b"a\n" * MOST)) == MOST
    with pytest.raises(ReferencesTooLarge):
        references_of(b"a\n" * (MOST + 1))


def test_a_line_and_a_text_of_a_reference_have_so_many_bytes() -> None:
    longest = "https://x.test/" + "?" * (LINE_BYTES - 15)

    with pytest.raises(ReferenceRefused, match="longer than"):
        references_of(longest.encode())
    with pytest.raises(ReferencesTooLarge):
        references_of(f"{longest}?".encode())
    (told,) = references_of(json.dumps([{"name": "a", "url": longest}]).encode())
    assert told.where == longest
    with pytest.raises(ReferenceRefused, match="is no text"):
        references_of(json.dumps([{"name": "a", "url": f"{longest}?"}]).encode())


@pytest.mark.parametrize("size", [0, MAX_ID])
def test_a_size_is_what_a_database_can_hold(size: int) -> None:
    (told,) = references_of(json.dumps([{"url": "https://x.test/a", "size": size}]).encode())

    assert told.size_bytes == size


@pytest.mark.parametrize("size", [-1, MAX_ID + 1, True, "1"])
def test_anything_else_is_no_size(size: object) -> None:
    with pytest.raises(ReferenceRefused, match="not a number of bytes"):
        references_of(json.dumps([{"url": "https://x.test/a", "size": size}]).encode())


def test_a_visit_has_a_number_that_a_database_can_hold() -> None:
    assert visit_named(f"v{MAX_ID}.{'0' * 64}") == MAX_ID
    assert visit_named(f"v{MAX_ID + 1}.{'0' * 64}") is None


def test_a_source_has_so_many_readers() -> None:
    most = [f"issuer:{number}" for number in range(MAX_READERS)]

    assert len(readers_from(most)) == MAX_READERS
    with pytest.raises(Malformed):
        readers_from([*most, "issuer:more"])


def test_a_prefix_has_so_many_bytes() -> None:
    longest = replace(BUCKET, prefix="ü" * 512)

    assert bucket_place_from(longest, ListedHosts()).prefix == longest.prefix
    with pytest.raises(Malformed):
        bucket_place_from(replace(longest, prefix=longest.prefix + "p"), ListedHosts())


@pytest.mark.parametrize("port", [1, 65535])
def test_a_port_is_one_that_there_is(port: int) -> None:
    assert endpoint_from(f"https://store.test:{port}").port == port
    with pytest.raises(EndpointRefused):
        endpoint_from("https://store.test:0")
