"""The service about itself."""

from filemanager.api.about.door import AboutDoor
from filemanager.api.about.routes import about
from filemanager.factory.core import Core
from filemanager.factory.door import Door


def about_door(core: Core) -> Door:
    return Door(stands_on=AboutDoor(health=core.health), blueprints=(about,))
