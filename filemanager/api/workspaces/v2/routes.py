"""The routes of v2 as one blueprint, with one for each capability in it."""

from flask import Blueprint

from filemanager.api.workspaces.door import V2
from filemanager.api.workspaces.v2.checkpoints import checkpoints
from filemanager.api.workspaces.v2.files import files
from filemanager.api.workspaces.v2.findings import findings
from filemanager.api.workspaces.v2.logs import logs
from filemanager.api.workspaces.v2.receipt import receipt
from filemanager.api.workspaces.v2.workspaces import workspaces

v2 = Blueprint("v2", __name__, url_prefix=V2)
for _part in (workspaces, files, findings, checkpoints, logs, receipt):
    v2.register_blueprint(_part)
