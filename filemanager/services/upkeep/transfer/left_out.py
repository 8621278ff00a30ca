"""What no export holds, told by name: whoever has a directory of files is to have no keys by it."""

from filemanager.domain.upkeep.ports import ExportFiles
from filemanager.services.upkeep.watching import Problem, Watcher

_SOURCES = "sources"
"""The table of sources. Of credentials nothing is written but that there are some."""


def tell_left_out(files: ExportFiles, watcher: Watcher) -> None:
    """Tell the sources whose credentials are missing; that is no damage, and not counted as one."""
    for row in files.read(_SOURCES):
        if row["sealed"] is not None:
            detail = "not in the export; in the new place give them by: filemanager sources"
            name = str(row["name"])
            watcher.problem(Problem("credentials_left_out", name, f"{detail} credentials {name}"))
