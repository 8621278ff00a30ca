"""The doors, joined to an application and to the work that runs beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Flask

from filemanager.api.about import metrics
from filemanager.api.about.counts import Pages
from filemanager.api.about.openapi import operations
from filemanager.api.about.traces import traced
from filemanager.api.http import dialects, errors, surround
from filemanager.api.http.context import EXTENSION, Services
from filemanager.api.http.converters import IdConverter, PublicPathConverter
from filemanager.api.http.front import cors, hosts, references, shortcuts, static_files
from filemanager.api.http.front.proxies import Proxies
from filemanager.api.http.front.rule_clashes import ensure_distinct
from filemanager.api.pages import texts
from filemanager.domain.uploads.targets import Target
from filemanager.factory.about import about_door, figures
from filemanager.factory.bucket import bucket_door
from filemanager.factory.core import Core, core_of
from filemanager.factory.door import Door
from filemanager.factory.hosts import hosts_of
from filemanager.factory.jobs import crew, jobs_door
from filemanager.factory.packages.door import packages_door
from filemanager.factory.packages.shares import shares_door
from filemanager.factory.packages.sources import sources_door
from filemanager.factory.parts import Parts, clock, parts_of
from filemanager.factory.rawstore import rawstore_door
from filemanager.factory.repositories.door import repositories_door
from filemanager.factory.upkeep import upkeep
from filemanager.factory.uploads import uploads_door
from filemanager.factory.web import content_door, web_door
from filemanager.factory.workspaces.door import workspaces_door
from filemanager.factory.workspaces.invitations import invitations_door
from filemanager.jobs.background import Background
from filemanager.jobs.schedule import Scheduler
from filemanager.services.jobs import Handler
from filemanager.services.uploads.targets import Receiver
from filemanager.settings.service import Settings

_DOORS = (
    content_door, workspaces_door, jobs_door, rawstore_door, bucket_door, repositories_door,
    sources_door, packages_door, shares_door, invitations_door, upkeep,
)  # fmt: skip
"""In this order routes are added, none before that of another by it, and asked who words a refusal:
on the content origin none but its own.
"""


def doors_of(core: Core) -> Sequence[Door]:
    """Every door, and behind them the ways in that hand uploads to them, and what tells of all."""
    made = [make(core) for make in _DOORS]
    receivers: dict[type[Target], Receiver] = {}
    for door in made:
        receivers.update(door.receivers)
    doors = [*made, uploads_door(core, receivers)]
    periods = {one.name: one.every for door in doors for one in door.periodic}
    # Pages last: what no other door words a refusal for is theirs.
    return [*doors, about_door(core, periods), web_door(core, periods)]


def handlers_of(doors: Sequence[Door]) -> Mapping[str, Handler]:
    """What does the tasks of each kind."""
    return {kind: handler for door in doors for kind, handler in door.handlers.items()}


def background(parts: Parts) -> Background:
    """The workers and the schedule of a process; nothing has begun."""
    doors = doors_of(core_of(parts))
    periodic = [work for door in doors for work in door.periodic]
    at_start = [work for door in doors for work in door.at_start]
    workers = crew(parts, handlers_of(doors))
    return Background(workers, Scheduler(parts.database, periodic, clock, at_start))


def create_app(settings: Settings) -> Flask:
    """The application, with adapters of its own."""
    return app_on(parts_of(settings))


def app_on(parts: Parts, pages: Pages | None = None) -> Flask:
    """The application, counting in *pages*. A route without ``@operation`` stops the start."""
    return app_of(core_of(parts), pages)


def app_of(core: Core, pages: Pages | None = None) -> Flask:
    """``app_on`` use cases that stand already."""
    doors = doors_of(core)
    app = _routed(core.settings, doors)
    stand(app, core, doors, pages)
    return app


def stand(app: Flask, core: Core, doors: Sequence[Door], pages: Pages | None = None) -> None:
    """Put the application on *core*; where it stood before is left. Counts begin anew."""
    app.extensions[EXTENSION] = services_of(core, doors)
    metrics.begin(app, figures(core.parts), pages)


def _routed(settings: Settings, doors: Sequence[Door]) -> Flask:
    """Every route and what surrounds it, which settings alone decide."""
    app = _without_doors(settings)
    for door in doors:
        app.url_map.converters.update(door.converters)
        for blueprint in door.blueprints:
            app.register_blueprint(blueprint, **_mounted(door))
    ensure_distinct(app)
    dialects.install(app, [door.dialect for door in doors if door.dialect])
    errors.install(app)
    known_hosts = hosts_of(settings)
    hosts.install(app, known_hosts)
    references.install(app)
    texts.install(app)
    static_files.install(app)
    places = [place for door in doors for place in door.cross_origin]
    cors.install(app, settings.rawstore.origins, places)
    for _ in operations(app):
        pass
    count, endpoint = metrics.counting(app), settings.otlp_endpoint
    surround.install(app, traced(count, endpoint) if endpoint else count)
    proxies = Proxies(settings.proxies, known_hosts)
    app.wsgi_app = proxies.before(app.wsgi_app)  # type: ignore[method-assign,assignment]  # as Flask asks
    return app


def _without_doors(settings: Settings) -> Flask:
    app = Flask(
        "filemanager", template_folder=_beside("templates"), static_folder=_beside("static")
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    app.url_map.merge_slashes = False
    shortcuts.install(app)
    app.url_map.converters.update(id=IdConverter, public_path=PublicPathConverter)
    return app


def services_of(core: Core, doors: Sequence[Door]) -> Services:
    return Services(
        clock=clock,
        verifier=core.verifier,
        intake=core.intake,
        idempotency=core.idempotency,
        doors={type(door.stands_on): door.stands_on for door in doors if door.stands_on},
        public_url=core.settings.public_url,
    )


def _mounted(door: Door) -> Mapping[str, str]:
    return {} if door.prefix is None else {"url_prefix": door.prefix}


def _beside(name: str) -> str:
    return str(Path(__file__).parents[1] / "api" / name)
