"""The roots of a publication: what clients read first, and what signs all the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.repositories.address import RPM_ARCHES
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.places import suite_directory
from filemanager.domain.repositories.published import PublishedIndex
from filemanager.domain.repositories.signer import Signer
from filemanager.indexes.apt.release import Release, ReleaseFile, release
from filemanager.indexes.yum.repomd import IndexData, repomd


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a Release file says of who publishes; ``valid_for`` None: it never runs out."""

    origin: str
    label: str
    description: str
    valid_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One publication: what is published, and when."""

    base: Base
    version: str
    arches: Sequence[str]
    indexes: Sequence[PublishedIndex]
    at: datetime
    number: int


def root_names(base: Base, version: str) -> Sequence[str]:
    """The paths of everything that ``roots`` may make."""
    if base is Base.DEB:
        directory = suite_directory(version)
        return [f"{directory}/{name}" for name in ("Release", "Release.gpg", "InRelease")]
    return [f"{arch}/repodata/repomd.xml{ending}" for arch in RPM_ARCHES for ending in ("", ".asc")]


def roots(edition: Edition, signer: Signer, naming: Naming) -> Mapping[str, bytes]:
    """The bytes of each, by path; signatures are left out where nothing is signed.

    Raises ``SigningFailed``.
    """
    made = _apt(edition, signer, naming) if edition.base is Base.DEB else _yum(edition, signer)
    return {path: text for path, text in made if text is not None}


def _apt(edition: Edition, signer: Signer, naming: Naming) -> Iterator[tuple[str, bytes | None]]:
    directory = suite_directory(edition.version)
    text = release(
        Release(
            origin=naming.origin,
            label=naming.label,
            suite=edition.version,
            codename=edition.version,
            at=edition.at,
            valid_until=naming.valid_for and edition.at + naming.valid_for,
            architectures=tuple(edition.arches),
            components=("main",),
            description=naming.description,
            signed_by=tuple(key.fingerprint for key in signer.keys),
        ),
        [
            ReleaseFile(index.path.removeprefix(f"{directory}/"), index.sums)
            for index in edition.indexes
        ],
    )
    yield f"{directory}/Release", text
    yield f"{directory}/Release.gpg", signer.detached(text)
    yield f"{directory}/InRelease", signer.clearsigned(text)


def _yum(edition: Edition, signer: Signer) -> Iterator[tuple[str, bytes | None]]:
    for arch in RPM_ARCHES:
        directory = f"{arch}/repodata"
        mine = [index for index in edition.indexes if index.file.startswith(f"{directory}/")]
        text = repomd(edition.number, _data(mine, arch, edition.at))
        yield f"{directory}/repomd.xml", text
        yield f"{directory}/repomd.xml.asc", signer.detached(text)


def _data(indexes: Sequence[PublishedIndex], arch: str, at: datetime) -> Sequence[IndexData]:
    plain = {index.file: index.sums for index in indexes if not index.is_gzip}
    return [
        IndexData(
            kind=index.file.rpartition("/")[2].removesuffix(".xml"),
            href=index.path.removeprefix(f"{arch}/"),
            gzip=index.sums,
            plain=plain[index.file],
            at=at,
        )
        for index in indexes
        if index.is_gzip
    ]
