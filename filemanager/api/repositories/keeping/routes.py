"""The routes below ``api`` as one blueprint, with one for each capability in it."""

from flask import Blueprint

from filemanager.api.repositories.keeping.packages import packages
from filemanager.api.repositories.keeping.publications import publications
from filemanager.api.repositories.keeping.repositories import repositories
from filemanager.api.repositories.keeping.snapshots import snapshots

keeping = Blueprint("keeping", __name__)
for _part in (repositories, packages, publications, snapshots):
    keeping.register_blueprint(_part)
