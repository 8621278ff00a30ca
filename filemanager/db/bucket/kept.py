"""What drops keep, for the audit of quotas."""

from sqlalchemy import func, literal

from filemanager.db.bucket.tables import drops
from filemanager.db.quotas.shares import ONE, share, subject_of
from filemanager.domain.bucket.drop import ANONYMOUS, ANONYMOUS_DROPS

COUNTED = share(literal(str(ANONYMOUS_DROPS)), kept=ONE).where(drops.c.owner.is_(None))
KEPT = share(
    func.coalesce(subject_of(drops.c.owner), literal(str(ANONYMOUS))), kept=drops.c.kept_bytes
)
