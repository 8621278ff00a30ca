"""Copying the raw files of the rawstore door to another store, and reading each copy back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from filemanager.domain.blobs.named_objects import (
    NamedObject,
    NamedObjectMissing,
    NamedObjects,
    Written,
)
from filemanager.domain.ids import Plain
from filemanager.domain.rawstore.stored_file import Findability, Version
from filemanager.domain.upkeep.errors import NotAnExport
from filemanager.services.rawstore.authorizing import Publishing
from filemanager.services.upkeep.integrity import raw_md5
from filemanager.services.upkeep.watching import Problem, Watcher

Row = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class RawFiles:
    """Where the door keeps its files, and which of them anybody may read."""

    objects: NamedObjects
    publishing: Publishing


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """A raw file as it was copied; ``version`` is the name that the store it came from had for
    those bytes.
    """

    key: str
    size_bytes: int
    md5: str
    media_type: str
    findability: str
    version: str


@dataclass(slots=True)
class RawTransfer:
    """Under the same keys, in whatever bucket: rows name the one of the place they are in.

    Counts what it has copied and how many problems it has told, and remembers the versions of
    what it has brought.
    """

    source: NamedObjects
    target: NamedObjects
    watcher: Watcher
    files: int = field(default=0, init=False)
    problems: int = field(default=0, init=False)
    _versions: dict[str, tuple[str, str]] = field(default_factory=dict, init=False)

    def copied(self, rows: Iterable[Row]) -> Iterator[RawRecord]:
        """Copy the objects that rows of the registry name, as they are consumed.

        A row that awaits its first post names nothing yet. An object that was posted again since
        it was looked at is copied as it is; one that should be as its row says is compared. One at
        which several files lie is copied once, and beside it what was posted for one of them since.
        """
        shared: set[str] = set()
        for row in rows:
            for key in _keys(row):
                record = None if key in shared else self._copy(row, key)
                if record is not None:
                    self.files += 1
                    yield record
            if row["lies_at"] is not None:
                shared.add(str(row["lies_at"]))
            self.watcher.advance(1)

    def bring(self, records: Iterable[RawRecord], publishing: Publishing) -> None:
        """Bring what was copied; an object that is there and right is left as it is."""
        for record in records:
            there = self._whole(record)
            if there is None:
                is_public = publishing.shows(_version(record))
                self._write(record.key, record.media_type, is_public=is_public)
                there = self._whole(record)
            if there is None:
                self._tell("raw_file_damaged", record.key, "the copy has other bytes, or none")
            else:
                self._versions[record.key] = record.version, there.version
            self.files += 1
            self.watcher.advance(1)

    def moved(self, row: Row, bucket: str) -> Row:
        """A row of *bucket* as it is true in the new place, of which ``bring`` is over.

        What was settled stays so: the row names the copy's version where it named the original's.
        """
        if row["bucket"] != bucket:
            return row
        before, after = self._versions.get(str(row["object_name"]), ("", ""))
        version = after if after and row["held_version"] == before else row["held_version"]
        return {**row, "bucket": self.target.bucket, "held_version": version}

    def _copy(self, row: Row, key: str) -> RawRecord | None:
        if row["bucket"] != self.source.bucket:
            self._tell("raw_file_elsewhere", key, f"the bucket {row['bucket']} is not this door's")
            return None
        found = self.source.head(key)
        if found is None or (copy := self._write(key, found.media_type)) is None:
            if row["held_bytes"] is not None and key == _place(row):
                self._tell("raw_file_missing", key, "the store does not have it")
            return None
        record = RawRecord(
            key=key,
            size_bytes=copy.size_bytes,
            md5=raw_md5(self.target, key),
            media_type=found.media_type,
            findability=str(row["held_findability"] or row["findability"]),
            # Posted again while it was copied: nobody knows which of both it is.
            version=found.version if self.source.head(key) == found else "",
        )
        if key == _place(row):
            self._compare(row, record)
        return record

    def _write(self, key: str, media_type: str, *, is_public: bool = False) -> Written | None:
        """None: the source does not have it, or not any more."""
        try:
            chunks = self.source.read(key)
            return self.target.put(key, chunks, media_type, is_public=is_public)
        except NamedObjectMissing:
            return None

    def _compare(self, row: Row, record: RawRecord) -> None:
        is_as_seen = row["held_version"] == record.version or row["lies_at"] is not None
        if not is_as_seen and not row["is_final"]:
            return
        if (row["held_bytes"], row["held_md5"]) != (record.size_bytes, record.md5):
            self._tell("raw_file_damaged", record.key, "its bytes are not those of its row")

    def _whole(self, record: RawRecord) -> NamedObject | None:
        """The copy, if it has the right bytes."""
        found = self.target.head(record.key)
        if found is None or found.size_bytes != record.size_bytes:
            return None
        return found if raw_md5(self.target, record.key) == record.md5 else None

    def _tell(self, code: str, key: str, detail: str) -> None:
        self.problems += 1
        self.watcher.problem(Problem(code, key, detail))


def _place(row: Row) -> str:
    """The key of the object that holds the bytes."""
    return str(row["lies_at"] or row["object_name"])


def _keys(row: Row) -> Sequence[str]:
    """Where the bytes lie, and where the file is posted."""
    return tuple(dict.fromkeys((_place(row), str(row["object_name"]))))


def raw_record_written(record: RawRecord) -> Row:
    return asdict(record)


def raw_record(record: Row) -> RawRecord:
    """Raises ``NotAnExport``."""
    try:
        values: dict[str, Any] = dict(record)
        made = RawRecord(**values)
        Findability(made.findability)
    except (TypeError, ValueError) as error:
        raise NotAnExport("raw_files.jsonl is damaged") from error
    return made


def _version(record: RawRecord) -> Version:
    return Version(
        size_bytes=record.size_bytes,
        md5=record.md5,
        media_type=record.media_type,
        findability=Findability(record.findability),
    )
