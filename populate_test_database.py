"""Make three workspaces with files, through the services."""

import io
import tarfile

import click

from filemanager.db.engine.migrate import upgrade
from filemanager.domain.caller import Caller
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.factory.core import Core, core_of
from filemanager.factory.parts import parts_of
from filemanager.factory.workspaces.door import workspace_services
from filemanager.sanitize.inspection import Sent
from filemanager.services.workspaces.files import Received
from filemanager.settings import reading as config

PAPER = rb"""\documentclass{article}
\begin{document}
A paper for trying things out.
\end{document}
"""
PAGE = b"<html><head><title>A page</title></head><body>For trying things out.</body></html>\n"


def main() -> None:
    """Bring the tables up to date and add the workspaces of user 1."""
    settings = config.load()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    core = core_of(parts_of(settings))
    samples = {"main.tex": PAPER, "index.html": PAGE, "paper.tar.gz": _archive()}
    for name, data in samples.items():
        workspace = _add(core, name, data).workspace
        click.echo(f"workspace {workspace.id}: {name}, {workspace.readiness}")


def _add(core: Core, name: str, data: bytes) -> Received:
    owner = Caller(issuer=config.load().jwt_issuer, subject="1", name="developer")
    door = workspace_services(core)
    with core.intake.spool(len(data)) as spool:
        sent = Sent(Area.SOURCE, TreePath.parse(name), spool.receive(io.BytesIO(data)))
        return door.files.create(owner, door.workspaces.blank(owner), sent, spool)


def _archive() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, data in {"main.tex": PAPER, "anc/notes.txt": b"Notes.\n"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


if __name__ == "__main__":
    main()
