"""Checksums of contents: as the decision writes them, and what they follow from."""

import base64
import hashlib

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.trees.checksums import (
    BUCKETS,
    Buckets,
    ChecksumForm,
    bucket_of,
    checksum_of,
)

PATHS = ["main.tex", "anc/data.csv", "b", "a", "é/ﬀ.tex", *(f"f{n}" for n in range(600))]
NAMES = [(path, digest_of(path.encode())) for path in PATHS]


def as_written_down(names: dict[str, bytes]) -> str:
    """Decision 0018, said again in another way."""
    lines: list[list[bytes]] = [[] for _ in range(256)]
    for path in sorted(names, key=str.encode):
        line = b"%b  %b\n" % (hashlib.sha256(names[path]).hexdigest().encode(), path.encode())
        lines[int(hashlib.sha256(path.encode()).hexdigest()[:2], 16)].append(line)
    digests = b"".join(hashlib.sha256(b"".join(of)).digest() for of in lines)
    return base64.urlsafe_b64encode(hashlib.sha256(digests).digest()[:16]).decode()


@pytest.mark.parametrize("paths", [[], ["a"], PATHS], ids=["none", "one", "many"])
def test_a_checksum_is_what_the_decision_says(paths: list[str]) -> None:
    names = [(path, digest_of(path.encode())) for path in paths]

    checksum = checksum_of(names, ChecksumForm.BUCKETS)

    assert checksum == as_written_down({path: path.encode() for path in paths})
    assert len(checksum) == 24


def test_the_order_of_the_names_does_not_matter() -> None:
    assert Buckets.of(reversed(NAMES)) == Buckets.of(NAMES)


def test_the_form_before_is_known() -> None:
    listing = b"".join(
        b"%b  %b\n" % (digest.encode(), path.encode())
        for path, digest in sorted(NAMES, key=lambda name: name[0].encode())
    )
    md5 = hashlib.md5(listing, usedforsecurity=False).digest()

    assert checksum_of(NAMES, ChecksumForm.LINES) == base64.urlsafe_b64encode(md5).decode()


@pytest.mark.parametrize("path", ["main.tex", "anc/data.csv", "f7"])
def test_a_change_makes_its_own_bucket_anew(path: str) -> None:
    number = bucket_of(path)
    changed = [(name, digest_of(b"new") if name == path else digest) for name, digest in NAMES]
    theirs = [(name, digest) for name, digest in changed if bucket_of(name) == number]

    assert Buckets.of(NAMES).renewed({number: theirs}) == Buckets.of(changed)


def test_a_bucket_that_lost_its_last_path_is_as_if_it_never_had_one() -> None:
    path, _ = NAMES[0]

    assert Buckets.of(NAMES[:1]).renewed({bucket_of(path): []}) == Buckets.of([])


def test_every_path_has_one_of_256_buckets() -> None:
    assert {bucket_of(path) for path in PATHS} <= set(range(BUCKETS))
