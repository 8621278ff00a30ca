"""``python -m filemanager``."""

from filemanager.cli import run

run()
