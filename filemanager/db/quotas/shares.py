"""What rows say of a subject, in one shape: counted, promised, kept. A door adds what it keeps."""

from sqlalchemy import BigInteger, ColumnElement, Select, literal, select

from filemanager.db.quotas.tables import quotas, reservations
from filemanager.domain.caller import Owner
from filemanager.domain.quotas import owner_subject

_OWNER = str(owner_subject(Owner("")))
_NOTHING = literal(0, BigInteger)
ONE = literal(1, BigInteger)

Share = Select[str, int, int, int, int]


def subject_of(owner: ColumnElement[str]) -> ColumnElement[str]:
    return literal(_OWNER) + owner


def share(
    subject: ColumnElement[str],
    *,
    used: ColumnElement[int] = _NOTHING,
    reserved: ColumnElement[int] = _NOTHING,
    kept: ColumnElement[int] = _NOTHING,
    promised: ColumnElement[int] = _NOTHING,
) -> Share:
    return select(
        subject.label("subject"),
        used.label("used"),
        reserved.label("reserved"),
        kept.label("kept"),
        promised.label("promised"),
    )


Holder = Select[int, str]


def holder(tree_id: ColumnElement[int], subject: ColumnElement[str]) -> Holder:
    """Trees with a subject that their bytes are counted for."""
    return select(tree_id.label("tree_id"), subject.label("subject"))


COUNTED = share(quotas.c.subject, used=quotas.c.used_bytes, reserved=quotas.c.reserved_bytes)
PROMISED = share(reservations.c.subject, promised=reservations.c.size_bytes)
