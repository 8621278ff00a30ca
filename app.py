"""The application for ``flask --app app run`` in development."""

from flask import Flask

from filemanager.db.engine.migrate import upgrade
from filemanager.factory import application as factory
from filemanager.serving.log_events import configure
from filemanager.settings import reading as config


def create_app() -> Flask:
    """Build the application from the environment, with the tables brought up to date."""
    settings = config.load()
    configure(settings.log_level)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    return factory.create_app(settings)
