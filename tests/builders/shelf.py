"""A repository in a database, and what happens to it."""

from dataclasses import replace

from builders.rows import LATER, NOW, Steps, an_entry
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Revision, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.published import IndexForm, IndexPage, PublishedIndex, Sums
from filemanager.domain.repositories.repository import (
    NewPackage,
    Package,
    PackageFile,
    PackageQuery,
    Publication,
)
from filemanager.domain.trees.tree import TreeChange

ALICE = Owner("issuer:alice")
ADDRESS = Address("live", "1.0", "ubuntu", "focal", Base.DEB)
PATH = ADDRESS.path
FILE = "dists/focal/main/binary-amd64/Packages"


def a_package(name: str, version: str = "1", arch: str = "amd64", text: str = "text") -> NewPackage:
    file = PackageFile(
        path=f"pool/{name}_{version}_{arch}", digest=digest_of(text.encode()), size_bytes=4
    )
    return NewPackage(
        name=name,
        version=version,
        arch=arch,
        record=f"Package: {name} é\n\n".encode(),
        files=(file,),
    )


def an_index(
    path: str, body: bytes = b"plain", form: IndexForm = IndexForm.PLAIN
) -> PublishedIndex:
    digest = digest_of(body)
    sums = Sums(size_bytes=len(body), md5=digest[:32], sha1=digest[:40], sha256=digest)
    return PublishedIndex(path=path, file=FILE, form=form, sums=sums)


class Shelf:
    """One repository and what happens to it, each step a transaction."""

    def __init__(self, steps: Steps) -> None:
        steps.store("text", "other")
        self.database = steps.database
        self.repository = self.database.write(lambda tx: tx.repositories.hold(ADDRESS))
        self.tree = self.repository.tree.id

    def add(self, *packages: NewPackage) -> list[Package]:
        return list(
            self.database.write(
                lambda tx: tx.repositories.packages.add(self.tree, packages, ALICE, NOW)
            )
        )

    def remove(self, *packages: Package) -> None:
        ids = [one.id for one in packages]
        self.database.write(lambda tx: tx.repositories.packages.remove(self.tree, ids, LATER))

    def publish(
        self,
        *pages: IndexPage,
        ended: tuple[str, ...] = (),
        indexes: tuple[PublishedIndex, ...] = (),
    ) -> Revision:
        def work(tx: Transaction) -> Revision:
            repository = tx.repositories.lock(PATH)
            entry = replace(an_entry("pool/a"), packed_bytes=0)
            tree = tx.trees.apply(repository.tree, TreeChange(put=(entry,)), NOW)
            packages = tx.repositories.packages
            packages.take_up(packages.waiting(tree.id), tree.revision, NOW)
            published = tx.repositories.indexes
            published.replace_pages(tree.id, tree.revision, NOW, {FILE: (ended, pages)})
            published.replace_indexes(tree.id, tree.revision, NOW, indexes)
            publication = Publication(
                revision=tree.revision, published_at=NOW, published_through=tree.revision
            )
            tx.repositories.add_publication(tree.id, publication)
            return tree.revision

        return self.database.write(work)

    def names(self, **more: object) -> list[str]:
        query = replace(PackageQuery(), **more)  # type: ignore[arg-type]  # by name
        with self.database.read() as tx:
            return [one.name for one in tx.repositories.packages.page(self.tree, query)]
