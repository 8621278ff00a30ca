"""Metadata documents, and the file that lists them."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from filemanager.domain.repositories.published import Sums
from filemanager.indexes.yum.documents import YumDocument, head, tail
from filemanager.indexes.yum.repomd import location, repomd

AT = datetime(2026, 11, 27, 12, 0, 0, 999_999, tzinfo=UTC)
PLAIN = Sums(1000, "", "", "a" * 64)
GZIP = Sums(10, "", "", "b" * 64)


@pytest.mark.parametrize(
    ("document", "root"),
    [
        (YumDocument.PRIMARY, "{http://linux.duke.edu/metadata/common}metadata"),
        (YumDocument.FILELISTS, "{http://linux.duke.edu/metadata/filelists}filelists"),
        (YumDocument.OTHER, "{http://linux.duke.edu/metadata/other}otherdata"),
    ],
)
def test_a_document_tells_how_many_packages_it_has(document: YumDocument, root: str) -> None:
    parsed = ET.fromstring(head(document, 12) + tail(document))

    assert (parsed.tag, parsed.attrib) == (root, {"packages": "12"})


def test_repomd_lists_each_document_by_its_digests() -> None:
    listed = repomd(7, AT, dict.fromkeys(YumDocument, (PLAIN, GZIP))).decode()

    assert listed.startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<repomd xmlns="http://linux.duke.edu/metadata/repo"'
        ' xmlns:rpm="http://linux.duke.edu/metadata/rpm">\n'
        "<revision>7</revision>\n"
        '<data type="primary">\n'
        f'<checksum type="sha256">{"b" * 64}</checksum>\n'
        f'<open-checksum type="sha256">{"a" * 64}</open-checksum>\n'
        f'<location href="repodata/{"b" * 64}-primary.xml.gz"/>\n'
        "<timestamp>1795780800</timestamp>\n"
        "<size>10</size>\n"
        "<open-size>1000</open-size>\n"
        "</data>\n"
        '<data type="filelists">\n'
    )
    assert listed.endswith("</data>\n</repomd>\n")


def test_a_document_lies_under_its_digest() -> None:
    assert location(YumDocument.OTHER, GZIP) == f"repodata/{'b' * 64}-other.xml.gz"
