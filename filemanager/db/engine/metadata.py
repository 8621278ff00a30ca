"""What all tables share.

Times are milliseconds since 1970, UTC; lives are ``since <= revision < until``.
Whatever needs a blob refers to it by a foreign key that restricts: that alone keeps it from the
sweeper. What goes with a blob has one that cascades.
"""

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
