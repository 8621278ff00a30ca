"""The roots of a publication: what clients read first, and what signs all the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.repositories.address import RPM_ARCHES
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.places import COMPONENT, suite_directory
from filemanager.domain.repositories.published import IndexForm, PublishedIndex
from filemanager.domain.repositories.signer import Signer
from filemanager.indexes.apt.release import Release, release
from filemanager.indexes.yum.documents import YumDocument
from filemanager.indexes.yum.repomd import repomd


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a Release file says of who publishes; ``valid_for`` None: it never runs out."""

    origin: str
    label: str
    description: str
    valid_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
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


def roots(edition: Published, signer: Signer, imprint: Imprint) -> Mapping[str, bytes]:
    """The bytes of each, by path; signatures are left out where nothing is signed.

    Raises ``SigningFailed``.
    """
    made = _apt(edition, signer, imprint) if edition.base is Base.DEB else _yum(edition, signer)
    return {path: text for path, text in made if text is not None}


def _apt(
    edition: Published, signer: Signer, imprint: Imprint
) -> Iterator[tuple[str, bytes | None]]:
    directory = suite_directory(edition.version)
    valid_until = edition.at + imprint.valid_for if imprint.valid_for else None
    about = Release(
        origin=imprint.origin,
        label=imprint.label,
        suite=edition.version,
        codename=edition.version,
        description=imprint.description,
        architectures=edition.arches,
        components=(COMPONENT,),
        dated=edition.at,
        valid_until=valid_until,
        # Only with an end, since clients take no other keys until they have seen the next.
        signed_by=[key.fingerprint for key in signer.keys] if valid_until else (),
    )
    indexes = {index.path.removeprefix(f"{directory}/"): index.sums for index in edition.indexes}
    text = release(about, indexes)
    yield f"{directory}/Release", text
    yield f"{directory}/Release.gpg", signer.detached(text)
    yield f"{directory}/InRelease", signer.clearsigned(text)


def _yum(edition: Published, signer: Signer) -> Iterator[tuple[str, bytes | None]]:
    sums = {(index.file, index.form): index.sums for index in edition.indexes}
    for arch in RPM_ARCHES:
        documents = {}
        for document in YumDocument:
            file = f"{arch}/repodata/{document}.xml"
            documents[document] = sums[file, IndexForm.PLAIN], sums[file, IndexForm.GZIP]
        text = repomd(edition.number, edition.at, documents)
        yield f"{arch}/repodata/repomd.xml", text
        yield f"{arch}/repodata/repomd.xml.asc", signer.detached(text)
