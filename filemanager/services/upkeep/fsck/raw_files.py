"""Raw files: those that are settled, against the objects in which their bytes lie."""

from collections.abc import Iterator

from filemanager.domain.blobs.named_objects import NamedObjectMissing, NamedObjects
from filemanager.domain.ports import Database
from filemanager.domain.rawstore.stored_file import StoredFile, StoredFileState
from filemanager.services.upkeep.integrity import raw_md5
from filemanager.services.upkeep.watching import Problem


def raw_file_problems(
    database: Database, objects: NamedObjects, file: StoredFile, *, deep: bool
) -> Iterator[Problem]:
    """*deep* compares the MD5 of what lies there. What was changed meanwhile is no problem."""
    if file.state is not StoredFileState.SETTLED or file.bucket != objects.bucket:
        return
    problem = _problem(objects, file, deep=deep)
    if problem is not None and _is_as_it_was(database, file):
        yield problem


def _problem(objects: NamedObjects, file: StoredFile, *, deep: bool) -> Problem | None:
    there, held = objects.head(file.place), file.held or file.wanted
    if there is None:
        return Problem("raw_file_missing", file.key, f"the store does not have {file.place}")
    if there.size_bytes != held.size_bytes:
        detail = f"{there.size_bytes} bytes in the store, {held.size_bytes} in the database"
        return Problem("raw_file_damaged", file.key, detail)
    if deep and not _has_md5(objects, file.place, held.md5):
        return Problem("raw_file_damaged", file.key, "its bytes do not have its MD5")
    return None


def _has_md5(objects: NamedObjects, key: str, md5: str) -> bool:
    try:
        return raw_md5(objects, key) == md5
    except NamedObjectMissing:
        return False


def _is_as_it_was(database: Database, file: StoredFile) -> bool:
    with database.read() as tx:
        now = tx.stored_files.at_key(file.bucket, file.key)
    return now is not None and now.revision == file.revision
