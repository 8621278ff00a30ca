"""How the operator runs the bucket."""

from dataclasses import dataclass
from datetime import timedelta

from filemanager.domain.bucket.replication import ReplicaPattern
from filemanager.domain.caller import Caller
from filemanager.domain.intake.budget import Limits

STRANGERS_FORM_DROPS = 1000
"""What comes at once from nobody in particular, whatever the setting allows to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """``algorithm`` is what files are known by, ``also`` what is worked out later; ``form_drops``
    says how many files may come at once, in a form or as a batch of uploads; ``owner_bytes`` what
    one owner may hold, here and elsewhere together; None: no limit. The rest is about uploads
    without a token: how many an address may make in a minute, how much all of them hold together,
    in how many files, and for how long.
    """

    algorithm: str
    limits: Limits
    also: tuple[str, ...] = ()
    patterns: tuple[ReplicaPattern, ...] = ()
    is_exported: bool = False
    form_drops: int = 20_000
    uploads_per_minute: int = 60
    anonymous_bytes: int = 1 << 30
    anonymous_drops: int = 100_000
    owner_bytes: int | None = None
    keep_anonymous: timedelta = timedelta(days=7)

    def drops_at_once(self, caller: Caller | None) -> int:
        return self.form_drops if caller else min(self.form_drops, STRANGERS_FORM_DROPS)
