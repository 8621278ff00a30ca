"""Column types that mean the same on SQLite, PostgreSQL and MariaDB, and the times in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Row, String, Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT, VARCHAR
from sqlalchemy.types import TypeDecorator, TypeEngine

UNTIL_FOREVER = 2**63 - 1
"""The revision that a living row ends at: one sentinel, so that a unique key works everywhere."""

# SQLite numbers rows by itself only where the key is called INTEGER.
NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")

LONG_TEXT: TypeEngine[str] = Text().with_variant(MEDIUMTEXT, "mysql")

MARIADB_TABLE: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    # Byte order, and trailing blanks count; the usual collations know neither.
    "mysql_collate": "utf8mb4_nopad_bin",
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def storable(given: str) -> str:
    """PostgreSQL takes no NUL, nothing takes half a surrogate pair; names as sent may hold both."""
    if given.isascii() and "\0" not in given:
        return given
    return given.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class FreeText(TypeDecorator[str]):
    """What people and archives say, made storable; never searched or compared."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  # SQLAlchemy gives it to every such method
    ) -> str | None:
        return None if value is None else storable(value)


def text(length: int) -> TypeEngine[str]:
    """Any characters, compared in byte order; MariaDB takes the order from the table."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def word(length: int) -> TypeEngine[str]:
    """ASCII only: a quarter of the room in MariaDB's index keys, which end at 3,072 bytes."""
    ascii_only = VARCHAR(length, charset="ascii", collation="ascii_bin")
    return text(length).with_variant(ascii_only, "mysql")


def milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def moment(count: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=count)


def optional_milliseconds(value: datetime | None) -> int | None:
    return None if value is None else milliseconds(value)


def optional_moment(count: int | None) -> datetime | None:
    return None if count is None else moment(count)


AnyRow = Row[*tuple[Any, ...]]
