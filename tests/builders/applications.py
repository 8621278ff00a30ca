"""Applications for tests: what settings decide is made once for equal ones, the rest for each."""

from collections import OrderedDict
from typing import Any

from flask import Flask

from filemanager.factory import application as factory
from filemanager.factory.core import Core, core_of
from filemanager.factory.parts import parts_of
from filemanager.settings.service import Settings

_MOST = 8
_kept: OrderedDict[str, tuple[Flask, dict[str, Any]]] = OrderedDict()


def an_application(settings: Settings) -> Flask:
    """On parts of its own; see ``application_on``."""
    return application_on(core_of(parts_of(settings)))


def application_on(core: Core) -> Flask:
    """The application on *core*, until the next is made of equal settings.

    Six hundred routes are most of what an application costs, and another data directory changes
    none of them, wherever settings name it. Who adds to the routes asks ``factory`` for an
    application that nobody shares.
    """
    key = repr(core.settings.model_dump()).replace(str(core.settings.data_dir), "")
    if key in _kept:
        app, config = _kept.pop(key)
        app.config.clear()
        app.config.update(config)
        factory.stand(app, core, factory.doors_of(core))
    else:
        app = factory.app_of(core)
        config = dict(app.config)
    _kept[key] = app, config
    while len(_kept) > _MOST:
        _kept.popitem(last=False)
    return app
