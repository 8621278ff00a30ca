"""Moving everything: from any database and store to a directory, and from it to any others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import Any

from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Plain, parse_digest
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.upkeep.errors import DatabaseInUse, NotAnExport
from filemanager.domain.upkeep.ports import ExportFiles
from filemanager.domain.uploads.upload import Segment
from filemanager.services.upkeep.transfer.left_out import tell_left_out
from filemanager.services.upkeep.transfer.objects import Brought, ObjectTransfer
from filemanager.services.upkeep.transfer.raw_files import (
    RawFiles,
    RawTransfer,
    raw_record,
    raw_record_written,
)
from filemanager.services.upkeep.watching import Problem, Watcher

_MANIFEST = "manifest"
"""Written last: without it an export is not finished."""

_SEGMENTS = "segments"
"""The table of the bytes of uploads on their way."""

_RAW_ROWS = "stored_files"
"""The table of raw files."""

_RAW = "raw_files"
"""Those of them that were copied, in the order of their rows."""

_PLACE = "raw_place"
"""One record: the bucket that the rows of raw files name, which is another elsewhere."""

_BLOBS = "stored_blobs"
"""Where each blob lies, object by object; the order in which objects are copied and compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    rows: int
    blobs: int
    raw_files: int
    problems: int


@dataclass(frozen=True, slots=True)
class _TableRecord:
    """A table as the manifest has it. Equal columns are what makes two versions agree."""

    table: str
    columns: str
    rows: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Every problem is told and the work goes on, so that all of them are known at the end."""

    database: Database
    blobs: BlobStore
    raw: RawFiles
    files: ExportFiles
    watcher: Watcher

    def write_export(self) -> Transferred:
        """Write everything as it is at one moment, beside a running service.

        The rows are those of one transaction. Their objects are copied after it, since what rows
        named a while ago is not swept within the grace time; should the copying take longer, the
        reading back tells. Raises ``DirectoryInUse``.
        """
        self.files.begin()
        tables = self._write_rows()
        tell_left_out(self.files, self.watcher)
        brought = self._bring_objects(self.blobs, self.files.blobs, tables)
        raw = self._copy_raw_files()
        self.files.write(_MANIFEST, map(asdict, tables))
        rows = sum(table.rows for table in tables)
        problems = brought.damaged + raw.problems
        return Transferred(rows=rows, blobs=brought.blobs, raw_files=raw.files, problems=problems)

    def read_export(self) -> Transferred:
        """Bring everything into a database without rows, objects first and rows all or nothing.

        May be repeated where it was cut off. Raises ``NotAnExport`` and ``DatabaseInUse``.
        """
        tables = [_table_record(record) for record in self.files.read(_MANIFEST)]
        with self.database.read() as tx:
            _ensure_fits(tx, tables)
        brought = self._bring_objects(self.files.blobs, self.blobs, tables)
        raw = self._bring_raw_files()
        self.watcher.begin("rows", None)
        rows = self.database.write(lambda tx: self._add_rows(tx, tables, raw))
        tell_left_out(self.files, self.watcher)
        different = list(self._differences(tables))
        for problem in different:
            self.watcher.problem(problem)
        problems = brought.damaged + raw.problems + len(different)
        return Transferred(rows=rows, blobs=brought.blobs, raw_files=raw.files, problems=problems)

    def _write_rows(self) -> list[_TableRecord]:
        self.watcher.begin("rows", None)
        tables = []
        with self.database.read() as tx:
            for table, columns in tx.rows.tables().items():
                count = self.files.write(table, tx.rows.of(table))
                tables.append(_TableRecord(table, ",".join(columns), count))
                self.watcher.advance(count)
            self.files.write(_BLOBS, map(_blob_record, tx.blobs.by_object()))
        return tables

    def _bring_objects(
        self, from_blobs: BlobStore, to_blobs: BlobStore, tables: Sequence[_TableRecord]
    ) -> Brought:
        transfer = ObjectTransfer(from_blobs, to_blobs, self.watcher)
        objects = sum(table.rows for table in tables if table.table == "objects")
        self.watcher.begin("objects", objects)
        brought = transfer.bring(self._stored_blobs())
        missing = transfer.bring_segments(map(_segment, self.files.read(_SEGMENTS)))
        return replace(brought, damaged=brought.damaged + missing)

    def _copy_raw_files(self) -> RawTransfer:
        raw = RawTransfer(self.raw.objects, self.files.raw, self.watcher)
        self.watcher.begin("raw files", None)
        self.files.write(_PLACE, [{"bucket": self.raw.objects.bucket}])
        self.files.write(_RAW, map(raw_record_written, raw.copied(self.files.read(_RAW_ROWS))))
        return raw

    def _bring_raw_files(self) -> RawTransfer:
        raw = RawTransfer(self.files.raw, self.raw.objects, self.watcher)
        self.watcher.begin("raw files", None)
        raw.bring(map(raw_record, self.files.read(_RAW)), self.raw.publishing)
        return raw

    def _stored_blobs(self) -> Iterator[StoredBlob]:
        return map(_stored_blob, self.files.read(_BLOBS))

    def _add_rows(self, tx: Transaction, tables: Sequence[_TableRecord], raw: RawTransfer) -> int:
        _ensure_fits(tx, tables)
        bucket = self._raw_bucket()
        total = 0
        for table in tables:
            rows = self.files.read(table.table)
            if table.table == _RAW_ROWS:
                rows = (raw.moved(row, bucket) for row in rows)
            total += tx.rows.add(table.table, rows)
        return total

    def _raw_bucket(self) -> str:
        for record in self.files.read(_PLACE):
            if "bucket" in record:
                return str(record["bucket"])
        raise NotAnExport(f"{_PLACE}.jsonl is damaged")

    def _differences(self, tables: Sequence[_TableRecord]) -> Iterator[Problem]:
        """Ask the database itself what it holds now."""
        with self.database.read() as tx:
            for table in tables:
                found = tx.rows.count(table.table)
                if found != table.rows:
                    yield Problem("table_count", table.table, f"{found} rows of {table.rows}")
            for blob, row in zip_longest(self._stored_blobs(), tx.blobs.by_object()):
                known = row or blob
                if blob != row and known:
                    yield Problem("blob_row", known.digest, "its row is another")


def _ensure_fits(tx: Transaction, tables: Sequence[_TableRecord]) -> None:
    ours = {table: ",".join(columns) for table, columns in tx.rows.tables().items()}
    if {table.table: table.columns for table in tables} != ours:
        raise NotAnExport("it was written by a version with other tables; use that version")
    for table in ours:
        if tx.rows.count(table):
            raise DatabaseInUse(table)


def _table_record(record: Mapping[str, Plain]) -> _TableRecord:
    try:
        return _TableRecord(str(record["table"]), str(record["columns"]), int(record["rows"] or 0))
    except (KeyError, ValueError) as error:
        raise NotAnExport("its manifest is damaged") from error


def _segment(record: Mapping[str, Plain]) -> Segment:
    try:
        return Segment(**dict[str, Any](record))
    except TypeError as error:
        raise NotAnExport(f"{_SEGMENTS}.jsonl is damaged") from error


def _blob_record(blob: StoredBlob) -> Mapping[str, Plain]:
    return asdict(blob)


def _stored_blob(record: Mapping[str, Plain]) -> StoredBlob:
    try:
        values: dict[str, Any] = dict(record)
        values["digest"] = parse_digest(str(values["digest"]))
        values["encoding"] = Encoding(values["encoding"])
        return StoredBlob(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnExport(f"{_BLOBS}.jsonl is damaged") from error
