"""The paths below the door."""

import re
from collections.abc import Collection

from werkzeug.routing import BaseConverter

from filemanager.api.http.converters import PublicPathConverter
from filemanager.domain.repositories.address import SEGMENT

API = "/api"
ONE = f"{API}/<repository:repository>"


class RepositoryConverter(BaseConverter):
    """The four segments of one repository: whatever else its address says stands behind them."""

    part_isolating = False
    regex = rf"{SEGMENT.pattern}(?:/{SEGMENT.pattern}){{3}}"


def path_converter(taken: Collection[str]) -> type[PublicPathConverter]:
    """Anything that begins with none of *taken*.

    What does is another door's, also where it has no such route: its 404 and 405 stay its own.
    """
    if not taken:
        return PublicPathConverter
    others = "|".join(map(re.escape, sorted(taken)))

    class RepositoryPathConverter(PublicPathConverter):
        regex = rf"(?!(?:{others})(?:/|$)){PublicPathConverter.regex}"

    return RepositoryPathConverter


def first_segment(path: str) -> str:
    return path.lstrip("/").partition("/")[0]


def tidied(path: str) -> str:
    """Without empty segments and dots, which people and programs write alike."""
    return "/".join(one for one in path.split("/") if one not in ("", "."))
