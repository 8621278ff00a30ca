"""What differs between two publications: the rows whose lives have a border in between."""

from sqlalchemy import Connection, select

from filemanager.db.repositories.indexes import INDEX_COLUMNS, index_of
from filemanager.db.repositories.rows import file_of
from filemanager.db.repositories.tables import indexes
from filemanager.db.trees.lives import begun_between, ended_between
from filemanager.db.trees.tables import entries
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.repositories.mirror import Changes
from filemanager.domain.trees.areas import Area

_IS_FILE = entries.c.area == Area.SOURCE.value
_FILES = (
    select(entries.c.path, entries.c.digest, entries.c.size_bytes)
    .where(_IS_FILE)
    .order_by(entries.c.path)
)
_PATHS = select(entries.c.path).where(_IS_FILE).order_by(entries.c.path)
_INDEXES = select(*INDEX_COLUMNS).order_by(indexes.c.path)


def changes(connection: Connection, tree_id: TreeId, old: Revision, new: Revision) -> Changes:
    begun = _FILES.where(begun_between(entries, tree_id, old, new))
    ended = _PATHS.where(ended_between(entries, tree_id, old, new))
    files = [file_of(*row) for row in connection.execute(begun)]
    came = {file.path for file in files}
    begun_indexes = _INDEXES.where(begun_between(indexes, tree_id, old, new))
    ended_indexes = _INDEXES.where(ended_between(indexes, tree_id, old, new))
    return Changes(
        files=tuple(files),
        gone_files=tuple(path for path in connection.scalars(ended) if path not in came),
        indexes=tuple(map(index_of, connection.execute(begun_indexes))),
        gone_indexes=tuple(map(index_of, connection.execute(ended_indexes))),
    )
