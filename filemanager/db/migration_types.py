"""The types that migrations are written with. Nothing here ever changes: they would with it."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
MARIADB_TABLE = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_nopad_bin",
}


def text(length: int) -> TypeEngine[str]:
    """Any characters, compared in byte order."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def word(length: int) -> TypeEngine[str]:
    """ASCII only."""
    ascii_only = mysql.VARCHAR(length, charset="ascii", collation="ascii_bin")
    return text(length).with_variant(ascii_only, "mysql")
