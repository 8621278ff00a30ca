"""What createrepo_c finds in rpms, and what we find, in the same words."""

import gzip
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from filemanager.domain.repositories.package import SOURCE, Rpm, RpmEntry

Found = dict[str, object]
"""By the names of ``Rpm``'s fields."""

_COMMON = "{http://linux.duke.edu/metadata/common}"
_RPM = "{http://linux.duke.edu/metadata/rpm}"
_FILELISTS = "{http://linux.duke.edu/metadata/filelists}"
_OTHER = "{http://linux.duke.edu/metadata/other}"

_TEXTS = ("name", "arch", "summary", "description", "packager", "url")
_RPM_TEXTS = {
    "license": "license",
    "vendor": "vendor",
    "group": "group",
    "buildhost": "build_host",
    "sourcerpm": "source_rpm",
}
_DEPENDENCIES = (
    "provides", "requires", "conflicts", "obsoletes",
    "recommends", "suggests", "supplements", "enhances",
)  # fmt: skip


def indexed(directory: Path) -> dict[str, Found]:
    """By the names of their files, the rpms of *directory* that createrepo_c takes."""
    command = ["createrepo_c", "--quiet", "--general-compress-type=gz", str(directory)]
    subprocess.run(command, check=True, capture_output=True)
    names, found = {}, {}
    for package in _metadata(directory, "primary"):
        name = str(_child(package, f"{_COMMON}location").get("href"))
        names[_text(package, f"{_COMMON}checksum")] = name
        found[name] = _primary(package)
    for package in _metadata(directory, "filelists"):
        found[names[str(package.get("pkgid"))]]["files"] = [
            (file.text, file.get("type", "file")) for file in package.iter(f"{_FILELISTS}file")
        ]
    for package in _metadata(directory, "other"):
        found[names[str(package.get("pkgid"))]]["changelog"] = [
            (change.get("author"), change.get("date"), change.text or "")
            for change in package.iter(f"{_OTHER}changelog")
        ]
    return found


def found_by_us(rpm: Rpm) -> Found:
    return {
        **{name: getattr(rpm, name) for name in (*_TEXTS, *_RPM_TEXTS.values())},
        "arch": "src" if rpm.arch == SOURCE else rpm.arch,
        "version": (rpm.epoch, rpm.version, rpm.release),
        "built_at": str(rpm.built_at),
        "sizes": (str(rpm.installed_bytes), str(rpm.archive_bytes)),
        "header": (str(rpm.header_start), str(rpm.header_end)),
        **{kind: [_attributes(entry) for entry in getattr(rpm, kind)] for kind in _DEPENDENCIES},
        "primary": [(file.path, file.kind.value) for file in rpm.files if file.is_primary],
        "files": [(file.path, file.kind.value) for file in rpm.files],
        "changelog": [(change.author, str(change.at), change.text) for change in rpm.changelog],
    }


def _metadata(directory: Path, kind: str) -> Iterable[Element]:
    (file,) = (directory / "repodata").glob(f"*-{kind}.xml.gz")
    return fromstring(gzip.decompress(file.read_bytes()))  # it is createrepo_c's


def _primary(package: Element) -> Found:
    version, size = _child(package, f"{_COMMON}version"), _child(package, f"{_COMMON}size")
    form = _child(package, f"{_COMMON}format")
    header = _child(form, f"{_RPM}header-range")
    return {
        **{name: _text(package, _COMMON + name) for name in _TEXTS},
        **{ours: _text(form, _RPM + theirs) for theirs, ours in _RPM_TEXTS.items()},
        "version": tuple(version.get(part) for part in ("epoch", "ver", "rel")),
        "built_at": _child(package, f"{_COMMON}time").get("build"),
        "sizes": (size.get("installed"), size.get("archive")),
        "header": (header.get("start"), header.get("end")),
        **{kind: list(_entries(form, kind)) for kind in _DEPENDENCIES},
        "primary": [(file.text, file.get("type", "file")) for file in form.iter(f"{_COMMON}file")],
    }


def _entries(form: Element, kind: str) -> Iterator[dict[str, str]]:
    for dependencies in form.iter(_RPM + kind):
        yield from (entry.attrib for entry in dependencies)


def _attributes(entry: RpmEntry) -> dict[str, str]:
    said = {
        "name": entry.name,
        "flags": entry.flags,
        "epoch": entry.epoch,
        "ver": entry.version,
        "rel": entry.release,
        "pre": "1" if entry.is_pre else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _child(element: Element, name: str) -> Element:
    child = element.find(name)
    assert child is not None, name
    return child


def _text(element: Element, name: str) -> str:
    return element.findtext(name) or ""
