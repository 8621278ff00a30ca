"""Every setting, as the program reads it."""

from filemanager.settings.reading import described
from manual.reference.tables import table

_INTRODUCTION = """\
# Settings

Every setting is an environment variable. `NAME_FILE` may be set instead of `NAME`: the path of a
file with the value. `FILEMANAGER_ENV_FILE` names a file of `NAME=VALUE` lines, beneath what is
set. Sizes may end in kB, MB, GB (of 1024). A name that no setting has stops the start, with what
was meant.

`filemanager config` prints this table, `--check` reads the settings and tells every problem,
`--show` those in force with secrets masked, `--env` a file to begin with.
"""


def page() -> str:
    rows = [(_names(names), _value(default), text) for names, default, text in described()]
    return "\n".join([_INTRODUCTION, *table(("variable", "default", "meaning"), rows), ""])


def _names(names: str) -> str:
    return "<br>or ".join(f"`{name}`" for name in names.split(" or "))


def _value(default: str) -> str:
    return f"`{default}`" if default else ""
