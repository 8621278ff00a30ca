"""The corpus of fastzip/malo, by its classes; ``ours`` in its index says where we judge otherwise.

Each iffy archive has a policy of ours; the tables in the readers' docstrings say why.
"""

import json
from pathlib import Path

import pytest

from filemanager.archives import unpacker
from filemanager.archives.faults import Fault
from filemanager.archives.streams import decompress
from filemanager.archives.tar import agreement as tar_agreement
from filemanager.archives.tar import pax, sparse, ustar
from filemanager.archives.tar import reader as tar_reader
from filemanager.archives.zip import end as zip_end
from filemanager.archives.zip import reader as zip_reader
from filemanager.domain.intake.unpacking import ArchiveRefused
from unit.archives.reading import files, unpack

READ = {
    "backslash_name.tar": {"dir\\file.txt"},
    "gnu_magic.tar": {"file.txt"},
    "no_magic.tar": {"file.txt"},
    "pax_path_nonzero_fixed.tar": {"override-from-pax.txt"},
    "unknown_A_zero.tar": set[str](),
    "crc_collision_two_nonempty.zip": {"short", "long"},
    "non_ascii_original_name.zip": {"é"},
}

REFUSED = {
    "pax_record_leading_zero_length.tar": Fault.BAD_RECORD,
    "pax_utf16_hdrcharset_UTF16.tar": Fault.UNSUPPORTED,
    "pax_utf16_name.tar": Fault.BAD_RECORD,
    "sparse_no_chunks_nonzero.tar": Fault.CONTRADICTION,
    "sparse_zero_chunk.tar": Fault.CONTRADICTION,
    "8bitcomment.zip": Fault.TRAILING_DATA,
    "data_descriptor": Fault.GAP,
    "prefix": Fault.AMBIGUOUS,
    "suffix_not_comment.zip": Fault.TRAILING_DATA,
    "comment_cdsize": Fault.CONTRADICTION,
    "store_cdsize": Fault.CONTRADICTION,
    "zip64_eocd_extensible_data.zip": Fault.CONTRADICTION,
    "zip64_extra_too_short.zip": Fault.CONTRADICTION,
}
"""By the beginning of the name: the policy that an iffy archive is refused by."""

ABSOLUTE = "absolute_path.tar"
"""Class malicious there; here its leading slash is dropped and told, as other readers do."""

HARD_LINK = "hardlink.tar"
"""Its link names an earlier file, so the member is taken as well."""

READERS = (decompress, pax, sparse, tar_agreement, tar_reader, unpacker, ustar, zip_end, zip_reader)


def read(path: Path) -> set[str]:
    return set(files(unpack(path.read_bytes())))


def of_class(corpus: Path, *classes: str) -> list[Path]:
    index = json.loads((corpus / "index.json").read_text())
    return [corpus / one["file"] for one in index if one.get("ours", one["class"]) in classes]


@pytest.fixture
def corpus(fixtures: Path) -> Path:
    return fixtures / "malo"


def test_no_malicious_or_broken_archive_yields_a_file(corpus: Path) -> None:
    for path in of_class(corpus, "malicious", "reject"):
        try:
            found = read(path)
        except ArchiveRefused:
            continue

        assert found == ({"etc/passwd"} if path.name == ABSOLUTE else set()), path.name


def test_every_good_archive_is_read_whole(corpus: Path) -> None:
    for path in of_class(corpus, "accept"):
        unpacked = unpack(path.read_bytes())

        assert unpacked is not None
        assert unpacked.members or unpacked.refused, path.name


def test_members_come_out_as_the_corpus_describes_them(corpus: Path) -> None:
    for described in (corpus / "tar" / "accept").glob("*.json"):
        expected = json.loads(described.read_text())["expected"]
        unpacked = unpack(described.with_suffix(".tar").read_bytes())

        assert unpacked is not None
        assert {
            member.path: member.content and member.content.digest for member in unpacked.members
        } == {
            one["member"].rstrip("/"): one.get("sha256")
            for one in expected
            if one["type"] != "symlink"
        }


def test_a_bad_member_alone_is_refused(corpus: Path) -> None:
    for path in of_class(corpus, "member"):
        unpacked = unpack(path.read_bytes())

        assert unpacked is not None
        assert unpacked.members, path.name
        assert unpacked.refused or path.name == HARD_LINK, path.name


def test_a_hard_link_to_an_earlier_file_is_its_content(corpus: Path) -> None:
    unpacked = unpack((corpus / "tar" / "malicious" / HARD_LINK).read_bytes())

    assert files(unpacked) == {"target.txt": b"hello", "hard.txt": b"hello"}


def test_iffy_archives_follow_our_policies(corpus: Path) -> None:
    for path in of_class(corpus, "iffy"):
        if path.name in READ:
            assert read(path) == READ[path.name], path.name
        else:
            with pytest.raises(ArchiveRefused) as refused:
                read(path)
            assert refused.value.reason == policy(path.name), path.name


def test_every_policy_is_told_by_a_reader() -> None:
    told = " ".join(reader.__doc__ or "" for reader in READERS)

    for fault in REFUSED.values():
        assert f"``{fault}``" in told


def policy(name: str) -> Fault:
    return next(fault for start, fault in REFUSED.items() if name.startswith(start))
