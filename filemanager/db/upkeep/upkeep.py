"""What looks at everything that is kept: pruned, forecast, audited, known."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from filemanager.db.blobs.blobs import object_ids
from filemanager.db.blobs.tables import objects
from filemanager.db.engine.columns import milliseconds, moment
from filemanager.db.upkeep import audit, forecast, history
from filemanager.db.uploads.uploads import known_segments
from filemanager.domain.blobs.upkeep import Forecast
from filemanager.domain.quotas import Unbalanced
from filemanager.domain.trees.history import EndedBefore

_FIRST_OBJECT = select(objects.c.created_at).order_by(objects.c.id).limit(1)


class SqlUpkeep:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def prune(self, ended: EndedBefore, limit: int) -> int:
        return history.prune(self._connection, ended, limit)

    def forecast(self, wanted_before: datetime, ended: EndedBefore, live_below: float) -> Forecast:
        wanted = milliseconds(wanted_before)
        return forecast.forecast(self._connection, wanted, ended, live_below)

    def unbalanced(self) -> Sequence[Unbalanced]:
        return audit.unbalanced(self._connection)

    def known_objects(self, keys: Collection[str]) -> Collection[str]:
        return frozenset(object_ids(self._connection, keys)) | known_segments(
            self._connection, keys
        )

    def first_object_at(self) -> datetime | None:
        found = self._connection.scalar(_FIRST_OBJECT)
        return None if found is None else moment(found)
