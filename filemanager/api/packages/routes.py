"""The routes of data packages as one blueprint, with one for each capability in it."""

from flask import Blueprint

from filemanager.api.packages.items import items
from filemanager.api.packages.keeping import keeping
from filemanager.api.packages.versions import versions

packages = Blueprint("packages", __name__)
for _part in (keeping, items, versions):
    packages.register_blueprint(_part)
