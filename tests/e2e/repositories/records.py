"""Records of rpms as they stand in yum's documents: ours, and what is to be compared of any."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from builders.in_memory import Bytes
from filemanager.archives.packages.rpm import read_rpm
from filemanager.domain.repositories.package import Checksums, Placed
from filemanager.indexes.yum.documents import YumDocument
from filemanager.indexes.yum.records import record


def elements_in(document: bytes) -> Mapping[str, str]:
    """The packages in canonical XML by their ids, without the blanks between elements."""
    found = {}
    for package in ET.fromstring(document):
        for element in package.iter():
            element.tail = None
            if len(element):
                element.text = None
        found[_id_of(package)] = ET.canonicalize(ET.tostring(package, encoding="unicode"))
    return found


def _id_of(package: ET.Element) -> str:
    told = package.get("pkgid") or package.findtext(
        "{http://linux.duke.edu/metadata/common}checksum"
    )
    assert told
    return told


def our_records(rpm: Path) -> Mapping[YumDocument, bytes]:
    data = rpm.read_bytes()
    sums = (hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256"))
    placed = Placed(f"Packages/{rpm.name}", len(data), Checksums(*sums))
    return dict(zip(YumDocument, record(read_rpm(rpm.name, Bytes(data)), placed), strict=True))
