"""What is kept of a tree's past: pins, and how old the rest may get."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from filemanager.domain.ids import Revision, TreeId

Purpose = NewType("Purpose", str)
"""What a tree is for, in a word of the door that makes it (20 ASCII characters): how long its
history is kept goes by it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Keeps a revision of a tree: nothing that it holds is pruned. A name is one pin's in its tree.

    ``id`` is given by the database.
    """

    id: int = 0
    tree_id: TreeId
    revision: Revision
    name: str | None = None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EndedBefore:
    """Which history is old: what ended before ``at`` or, in a tree of one of these purposes, before
    the time that is its own.
    """

    at: datetime
    by_purpose: Mapping[Purpose, datetime] = field(default_factory=dict)
