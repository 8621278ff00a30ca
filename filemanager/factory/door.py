"""What a door brings to the application; there is one function that makes it for each door."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint
from werkzeug.routing import BaseConverter

from filemanager.api.http.dialects import Dialect
from filemanager.jobs.schedule import Periodic
from filemanager.services.jobs import Handler
from filemanager.services.uploads.targets import Receivers


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """``stands_on`` is what its routes find by its type (``api.http.context.door_of``).

    ``prefix`` leads all paths of its blueprints, where a setting names it; ``converters`` say what
    may stand in them. Pages of other origins that the operator names may use what lies at
    ``cross_origin`` or below. ``receivers`` take uploads for its targets, ``handlers`` do its
    tasks, ``periodic`` is done by one process of all nodes, ``at_start`` by each that has workers.
    """

    stands_on: object = None
    blueprints: Sequence[Blueprint] = ()
    prefix: str | None = None
    converters: Mapping[str, type[BaseConverter]] = field(default_factory=dict)
    dialect: Dialect | None = None
    cross_origin: Sequence[str] = ()
    receivers: Receivers = field(default_factory=dict)
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    periodic: Sequence[Periodic] = ()
    at_start: Sequence[Callable[[], object]] = ()
