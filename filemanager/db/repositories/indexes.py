"""Published indexes and the pages that they are put together from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from filemanager.db.engine.columns import milliseconds, moment
from filemanager.db.engine.statements import chunks, insert_rows
from filemanager.db.repositories.tables import indexes, pages, publications
from filemanager.db.trees.lives import Step, living
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.repositories.published import (
    FoundIndex,
    IndexDigest,
    IndexForm,
    IndexPage,
    PublishedIndex,
    Sums,
)

_PAGE_COLUMNS = (pages.c.first_key, pages.c.size_bytes, pages.c.crc32, pages.c.body)
INDEX_COLUMNS = (
    indexes.c.path,
    indexes.c.file,
    indexes.c.form,
    indexes.c.size_bytes,
    indexes.c.md5,
    indexes.c.sha1,
    indexes.c.sha256,
)
_ALIVE_INDEX = and_(
    indexes.c.tree_id == bindparam("tree"),
    indexes.c.since <= bindparam("revision"),
    indexes.c.until > bindparam("revision"),
)
_LISTING = select(*INDEX_COLUMNS).where(_ALIVE_INDEX).order_by(indexes.c.path)
_WITH_TIME = select(indexes.c.since, publications.c.published_at, *INDEX_COLUMNS).join(
    publications,
    and_(publications.c.tree_id == indexes.c.tree_id, publications.c.revision == indexes.c.since),
)
_AT = _WITH_TIME.where(_ALIVE_INDEX, indexes.c.path == bindparam("path"))
_NEWEST = (
    _WITH_TIME.where(
        indexes.c.tree_id == bindparam("tree"),
        or_(indexes.c.ended_at.is_(None), indexes.c.ended_at > bindparam("ended_after")),
    )
    .order_by(indexes.c.since.desc(), indexes.c.id.desc())
    .limit(1)
)
_BY_PATH = _NEWEST.where(indexes.c.path == bindparam("path"))
_PAGES_AT = (
    select(*_PAGE_COLUMNS)
    .where(
        pages.c.tree_id == bindparam("tree"),
        pages.c.file == bindparam("file"),
        pages.c.since <= bindparam("revision"),
        pages.c.until > bindparam("revision"),
    )
    .order_by(pages.c.first_key)
)
_PAGE_IDS = (
    select(pages.c.file, pages.c.id)
    .where(
        pages.c.tree_id == bindparam("tree"),
        pages.c.since <= bindparam("revision"),
        pages.c.until > bindparam("revision"),
    )
    .order_by(pages.c.file, pages.c.first_key)
)


class SqlPublishedIndexes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pages(self, tree_id: TreeId, files: Collection[str]) -> Mapping[str, Sequence[IndexPage]]:
        statement = (
            select(pages.c.file, *_PAGE_COLUMNS)
            .where(living(pages, tree_id), pages.c.file.in_(sorted(files)))
            .order_by(pages.c.file, pages.c.first_key)
        )
        found: dict[str, list[IndexPage]] = defaultdict(list)
        for file, *page in self._connection.execute(statement):
            found[file].append(IndexPage(*page))
        return found

    def replace_pages(
        self,
        tree_id: TreeId,
        revision: Revision,
        at: datetime,
        changes: Mapping[str, tuple[Collection[str], Sequence[IndexPage]]],
    ) -> None:
        step = Step(self._connection, tree_id, revision, milliseconds(at))
        for file, (ended, begun) in changes.items():
            for chunk in chunks(ended):
                step.end(pages, pages.c.file == file, pages.c.first_key.in_(chunk))
            rows = (step.life() | _page_values(file, page) for page in begun)
            insert_rows(self._connection, pages, rows)

    def replace_indexes(
        self, tree_id: TreeId, revision: Revision, at: datetime, given: Sequence[PublishedIndex]
    ) -> None:
        step = Step(self._connection, tree_id, revision, milliseconds(at))
        statement = select(indexes.c.id, *INDEX_COLUMNS).where(living(indexes, tree_id))
        before = {index_of(row[1:]): row[0] for row in self._connection.execute(statement)}
        step.end_by_id(indexes, [before[one] for one in before.keys() - set(given)])
        begun = (one for one in given if one not in before)
        insert_rows(self._connection, indexes, (step.life() | _index_values(one) for one in begun))

    def find(self, tree_id: TreeId, path: str, revision: Revision) -> FoundIndex | None:
        return self._one(_AT, tree_id, path=path, revision=revision)

    def find_by_sum(
        self, tree_id: TreeId, directory: str, digest: IndexDigest, ended_after: datetime
    ) -> FoundIndex | None:
        within = and_(
            indexes.c.path >= f"{directory}/",
            indexes.c.path < f"{directory}0",
            indexes.c[digest.algorithm] == digest.value,
        )
        return self._one(_NEWEST.where(within), tree_id, ended_after=milliseconds(ended_after))

    def find_kept(self, tree_id: TreeId, path: str, ended_after: datetime) -> FoundIndex | None:
        return self._one(_BY_PATH, tree_id, path=path, ended_after=milliseconds(ended_after))

    def page_ids(self, tree_id: TreeId, revision: Revision) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        alive = {"tree": tree_id, "revision": revision}
        for file, page_id in self._connection.execute(_PAGE_IDS, alive):
            found[file].append(page_id)
        return found

    def listing(self, tree_id: TreeId, revision: Revision) -> Sequence[PublishedIndex]:
        rows = self._connection.execute(_LISTING, {"tree": tree_id, "revision": revision})
        return [index_of(row) for row in rows]

    def _one(self, statement: Any, tree_id: TreeId, **values: object) -> FoundIndex | None:
        row = self._connection.execute(statement, {"tree": tree_id, **values}).one_or_none()
        if row is None:
            return None
        revision, published_at, *columns = row
        index = index_of(columns)
        alive = {"tree": tree_id, "file": index.file, "revision": revision}
        return FoundIndex(
            index=index,
            pages=[IndexPage(*page) for page in self._connection.execute(_PAGES_AT, alive)],
            published_at=moment(published_at),
        )


def index_of(row: Sequence[Any]) -> PublishedIndex:
    path, file, form, *sums = row
    return PublishedIndex(path=path, file=file, form=IndexForm(form), sums=Sums(*sums))


def _index_values(index: PublishedIndex) -> dict[str, object]:
    return {
        "path": index.path,
        "file": index.file,
        "form": index.form.value,
        "size_bytes": index.sums.size_bytes,
        "md5": index.sums.md5,
        "sha1": index.sums.sha1,
        "sha256": index.sums.sha256,
    }


def _page_values(file: str, page: IndexPage) -> dict[str, object]:
    return {
        "file": file,
        "first_key": page.first_key,
        "size_bytes": page.size_bytes,
        "crc32": page.crc32,
        "body": page.body,
    }
