"""From the files of a push to packages: each is read, compared with its name, and placed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from filemanager.archives.packages.deb import read_deb
from filemanager.archives.packages.rpm import read_rpm
from filemanager.archives.packages.sources import read_dsc
from filemanager.domain.blobs.blob import Content, hashed
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.repositories.address import SEGMENT, Address
from filemanager.domain.repositories.errors import (
    ForeignFile,
    NothingSent,
    PackageRefused,
    ProductMissing,
)
from filemanager.domain.repositories.names import PackageFileKind, is_rpm_file_name, kind_of
from filemanager.domain.repositories.package import (
    SOURCE,
    Base,
    Checksums,
    Deb,
    DebSource,
    ListedFile,
    Placed,
    Rpm,
)
from filemanager.domain.repositories.places import package_paths, product_directory
from filemanager.domain.repositories.repository import NewPackage, PackageFile
from filemanager.indexes.apt import stanzas
from filemanager.indexes.yum import records

_LEFT_OUT = frozenset({PackageFileKind.DDEB})
"""What a build brings along and no repository takes."""

LEFT_OUT_OF_CHANGES = _LEFT_OUT | {PackageFileKind.UDEB, PackageFileKind.BUILDINFO}
"""What a ``.changes`` lists with it: it has to be as that says, and goes no further."""

OF_BASE = {
    Base.DEB: frozenset({PackageFileKind.DEB, PackageFileKind.DSC, PackageFileKind.SOURCE}),
    Base.RPM: frozenset({PackageFileKind.RPM}),
}
"""What the repositories of each family take."""

KeptFiles = Mapping[str, PackageFile]
"""What a repository holds already, by path."""


@dataclass(frozen=True, slots=True)
class SentPackage:
    """A file of a push, called as it was sent."""

    name: str
    content: Content


@dataclass(frozen=True, slots=True)
class ReadingTools:
    """What is used up while the files of a push are read."""

    budget: Budget
    scratch: Scratch


@dataclass(frozen=True, slots=True)
class _ReadFile:
    name: str
    content: Content
    checksums: Checksums
    package: Deb | DebSource | Rpm | None

    def placed(self, path: str) -> Placed:
        return Placed(path, self.content.size_bytes, self.checksums)

    def at(self, path: str) -> PackageFile:
        return PackageFile(
            path=path, digest=self.content.digest, size_bytes=self.content.size_bytes
        )


@dataclass(frozen=True, slots=True)
class Collection:
    """The files of a push, read once whatever number of repositories they are for."""

    base: Base
    product: str
    files: tuple[_ReadFile, ...]

    def contents(self) -> Iterator[Content]:
        return (file.content for file in self.files)

    def loose_paths(self, address: Address) -> Sequence[str]:
        """Where the repository may hold what a source of this push needs, or what names a file."""
        if self.base is not Base.DEB:
            return ()
        directory = product_directory(address.version, self.product)
        listed = {one.name for dsc in self._sources() for one in dsc[1].files}
        return sorted({f"{directory}/{name}" for name in listed | {f.name for f in self._parts()}})

    def packages(self, address: Address, kept: KeptFiles) -> Sequence[NewPackage]:
        """What *address* is to hold. Raises ``PackageRefused``."""
        made = [self._package(file, address, kept) for file in self.files if file.package]
        self._ensure_all_belong(address, kept)
        _ensure_distinct(made)
        return made

    def _package(self, file: _ReadFile, address: Address, kept: KeptFiles) -> NewPackage:
        where = partial(package_paths, self.base, address.version, self.product)
        match file.package:
            case Deb() as deb:
                (path,) = where(deb.arch, file.name)
                record = stanzas.binary(deb, file.placed(path))
                return _new(deb, self.product, record, [file.at(path)])
            case DebSource() as source:
                return self._source(file, source, address, kept)
            case Rpm() as rpm:
                placed = file.placed(f"Packages/{file.name}")
                files = [file.at(path) for path in where(rpm.arch, file.name)]
                return NewPackage(
                    name=rpm.name,
                    version=rpm.full_version,
                    arch=rpm.arch,
                    record=records.packed(*records.record(rpm, placed)),
                    files=tuple(files),
                    signed_by=rpm.signed_by,
                )
        raise AssertionError(file.name)

    def _source(
        self, file: _ReadFile, source: DebSource, address: Address, kept: KeptFiles
    ) -> NewPackage:
        directory = product_directory(address.version, self.product)
        path = f"{directory}/{file.name}"
        sent = {one.name: one for one in self._parts()}
        files = [file.at(path)]
        for listed in source.files:
            at = f"{directory}/{listed.name}"
            found = sent[listed.name].at(at) if listed.name in sent else kept.get(at)
            files.append(_agreeing(file.name, listed, found))
        record = stanzas.source(source, file.placed(path), directory)
        return NewPackage(
            name=source.name,
            version=source.version,
            arch=SOURCE,
            record=record,
            product=self.product,
            files=tuple(files),
        )

    def _ensure_all_belong(self, address: Address, kept: KeptFiles) -> None:
        directory = product_directory(address.version, self.product) if self.product else ""
        listed = {one.name for _, source in self._sources() for one in source.files}
        for part in self._parts():
            known = kept.get(f"{directory}/{part.name}")
            is_known = known is not None and known.digest == part.content.digest
            if part.name not in listed and not is_known:
                raise PackageRefused(
                    part.name, "no .dsc of this push or of the repository names it with these bytes"
                )

    def _parts(self) -> Sequence[_ReadFile]:
        return [file for file in self.files if file.package is None]

    def _sources(self) -> Sequence[tuple[_ReadFile, DebSource]]:
        return [(file, file.package) for file in self.files if isinstance(file.package, DebSource)]


def collected(
    base: Base, product: str | None, sent: Sequence[SentPackage], tools: ReadingTools
) -> Collection | None:
    """Read every file; None: there is nothing in the push that a repository takes.

    Raises ``NothingSent``, ``ProductMissing``, ``ForeignFile``, ``PackageRefused`` and
    ``OverBudget``.
    """
    if not sent:
        raise NothingSent
    for name, count in Counter(one.name for one in sent).items():
        ensure_of_base(base, name)
        if count > 1:
            raise PackageRefused(name, "it was sent twice in one push")
    kinds = {one.name: kind_of(one.name) for one in sent}
    taken = [one for one in sent if kinds[one.name] not in _LEFT_OUT]
    if not taken:
        return None
    product = product_for(base, product)
    with tools.budget.turn:
        files = tuple(_read(one, kinds[one.name], tools) for one in taken)
    return Collection(base, product, files)


def ensure_of_base(base: Base, name: str) -> None:
    """Raise ``ForeignFile`` for a file that a repository neither takes nor leaves out: by its name
    alone, so that an rpm of another architecture is one, as it was for RWS.
    """
    kind = kind_of(name)
    is_taken = kind is not PackageFileKind.RPM or is_rpm_file_name(name)
    if kind not in OF_BASE[base] | _LEFT_OUT or not is_taken:
        raise ForeignFile(name, base)


def product_for(base: Base, product: str | None) -> str:
    """What files lie under; nothing for rpms. Raises ``ProductMissing`` and ``PackageRefused``."""
    if base is Base.RPM:
        return ""
    if not product:
        raise ProductMissing
    if not SEGMENT.fullmatch(product):
        why = "a product is 1 to 64 of A-Z, a-z, 0-9, '.', '+', '~', '_', '-', no sign first"
        raise PackageRefused(f"The product '{product[:120]}'", why)
    return product


def _read(sent: SentPackage, kind: PackageFileKind | None, tools: ReadingTools) -> _ReadFile:
    tools.budget.take_time()
    checksums = Checksums(
        *(hashed(sent.content, algorithm).hex() for algorithm in ("md5", "sha1", "sha256"))
    )
    return _ReadFile(sent.name, sent.content, checksums, _package_in(sent, kind, tools))


def _package_in(
    sent: SentPackage, kind: PackageFileKind | None, tools: ReadingTools
) -> Deb | DebSource | Rpm | None:
    match kind:
        case PackageFileKind.DEB:
            return read_deb(sent.name, sent.content, tools.budget, tools.scratch)
        case PackageFileKind.DSC:
            return read_dsc(sent.name, sent.content)
        case PackageFileKind.RPM:
            return read_rpm(sent.name, sent.content)
    return None


def _new(deb: Deb, product: str, record: bytes, files: Sequence[PackageFile]) -> NewPackage:
    return NewPackage(
        name=deb.name,
        version=deb.version,
        arch=deb.arch,
        record=record,
        product=product,
        files=tuple(files),
    )


def _agreeing(dsc: str, listed: ListedFile, found: PackageFile | None) -> PackageFile:
    """The file that a source lists, if it is there with the bytes that it says."""
    if found is None:
        raise PackageRefused(dsc, f"it names {listed.name}, which was not sent and is not there")
    if (found.size_bytes, found.digest) != (listed.size_bytes, listed.sha256):
        raise PackageRefused(dsc, f"{listed.name} is not what it says: size or SHA-256 differ")
    return found


def _ensure_distinct(packages: Sequence[NewPackage]) -> None:
    counted = Counter((one.name, one.version, one.arch) for one in packages)
    for (name, version, arch), count in counted.items():
        if count > 1:
            raise PackageRefused(f"{name} {version} ({arch})", "it was sent twice in one push")
