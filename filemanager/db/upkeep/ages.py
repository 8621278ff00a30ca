"""How old the rows of a tree's history may get, by what the tree is for."""

from sqlalchemy import BigInteger, ColumnElement, Table, and_, case, literal, select

from filemanager.db.engine.columns import milliseconds
from filemanager.db.trees.tables import trees
from filemanager.domain.trees.history import EndedBefore


def has_ended(table: Table, ended: EndedBefore) -> ColumnElement[bool]:
    """Whether a row of *table* has ended long enough ago."""
    latest = max([ended.at, *ended.by_purpose.values()])
    # Asked for by name, since an unknown answer could not be negated.
    is_over = table.c.ended_at.is_not(None)
    # The index of times leads to these; of them alone the tree is asked.
    is_old = and_(is_over, table.c.ended_at < milliseconds(latest))
    if not ended.by_purpose:
        return is_old
    return and_(is_old, table.c.ended_at < _time_of_tree(table, ended))


def _time_of_tree(table: Table, ended: EndedBefore) -> ColumnElement[int]:
    times = {
        purpose: literal(milliseconds(time), BigInteger)
        for purpose, time in ended.by_purpose.items()
    }
    otherwise = literal(milliseconds(ended.at), BigInteger)
    time = case(times, value=trees.c.purpose, else_=otherwise)
    return select(time).where(trees.c.id == table.c.tree_id).scalar_subquery()
